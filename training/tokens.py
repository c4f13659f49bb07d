"""Text to token ids: byte-level BPE with marked fields, each cut to its own budget.

Links, mentions, addresses and numbers become placeholders inside the tokenizer itself, so that
`tokenizer.json` alone gives the same ids anywhere, and no such string reaches the vocabulary.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
import torch
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

FIELDS = ("title", "body", "ocr_text", "transcript")
MARKERS = ("[TITLE]", "[BODY]", "[OCR]", "[ASR]")
SPECIAL = ("[PAD]", "[UNK]", *MARKERS)
#: in this order: an address holds what looks like a mention, a link what looks like either
PLACEHOLDERS = {
    "[url]": r"(?:https?://|www\.)\S+",
    "[email]": r"[\w.+-]+@[\w-]+\.[\w.-]+",
    "[mention]": r"(?<!\w)@\w+",
    "[number]": r"\d+(?:[.,:]\d+)*",
}
#: lengths are rounded up to this, so that a run meets few distinct shapes
BUCKET = 16


def train_tokenizer(texts: Iterable[str], *, vocabulary: int) -> Tokenizer:
    """Byte-level BPE of at most `vocabulary` ids, learnt from `texts` (the train split's alone)."""
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase()]
        + [normalizers.Replace(Regex(pattern), name) for name, pattern in PLACEHOLDERS.items()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - len(PLACEHOLDERS),
        min_frequency=2,
        special_tokens=list(SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens([AddedToken(name, lstrip=True, normalized=True) for name in PLACEHOLDERS])
    return read_tokenizer(tokenizer.to_str())


def read_tokenizer(text: str) -> Tokenizer:
    """The tokenizer of a `tokenizer.json`. A post that spells "[TITLE]" gets no marker from it."""
    tokenizer = Tokenizer.from_str(text)
    tokenizer.encode_special_tokens = True
    return tokenizer


class TextBatch(NamedTuple):
    """Right-padded texts and their dense features, as a tower takes them."""

    ids_BN: torch.Tensor
    fields_BN: torch.Tensor
    mask_BN: torch.Tensor
    dense_BF: torch.Tensor

    def to(self, device: torch.device) -> "TextBatch":
        """The same batch on another device."""
        return TextBatch(*(tensor.to(device, non_blocking=True) for tensor in self))


@dataclass(frozen=True)
class Texts:
    """All texts end to end, with their dense features: text i is `ids[offsets[i]:offsets[i+1]]`."""

    ids: np.ndarray
    fields: np.ndarray
    offsets: np.ndarray
    longest: int
    dense_PF: np.ndarray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> np.ndarray:
        """Tokens per text, markers included."""
        return np.diff(self.offsets)

    def batch(self, rows: np.ndarray) -> TextBatch:
        """The texts `rows`, padded to the bucket of the longest one."""
        lengths_B1 = self.lengths[rows, None]
        width = min(-(-max(lengths_B1.max(), 1) // BUCKET) * BUCKET, self.longest)
        mask_BN = np.arange(width) < lengths_B1
        where = (self.offsets[rows, None] + np.arange(width))[mask_BN]
        ids_BN, fields_BN = np.zeros((2, *mask_BN.shape), dtype=np.int64)
        ids_BN[mask_BN], fields_BN[mask_BN] = self.ids[where], self.fields[where]
        return TextBatch(*map(torch.from_numpy, (ids_BN, fields_BN, mask_BN, self.dense_PF[rows])))


def encode_posts(
    tokenizer: Tokenizer, posts: Sequence[Mapping], budgets: Sequence[int], dense_PF: np.ndarray
) -> Texts:
    """Posts as `[TITLE] t [BODY] b [OCR] o [ASR] v`, empty fields left out.

    A budget counts its marker, and cuts before the fields are joined: a long transcript cannot
    push out a title.
    """
    columns = [
        encode_field(tokenizer, [post.get(field) for post in posts], marker, budget)
        for field, marker, budget in zip(FIELDS, MARKERS, budgets, strict=True)
    ]
    return join(columns, dense_PF, first_field=1, longest=sum(budgets))


def encode_bios(
    tokenizer: Tokenizer, bios: Sequence[str | None], budget: int, dense_PF: np.ndarray
) -> Texts:
    """People's bios: one field, without a marker."""
    column = encode_field(tokenizer, bios, None, budget)
    return join([column], dense_PF, first_field=0, longest=budget)


def encode_field(
    tokenizer: Tokenizer, texts: Sequence[str | None], marker: str | None, budget: int
) -> list[list[int]]:
    """Token ids of one field of every post; [] where it is empty."""
    lead = [] if marker is None else [tokenizer.token_to_id(marker)]
    encoded = tokenizer.encode_batch_fast([text or "" for text in texts])
    return [(lead + encoding.ids)[:budget] if encoding.ids else [] for encoding in encoded]


def join(
    columns: list[list[list[int]]], dense_PF: np.ndarray, *, first_field: int, longest: int
) -> Texts:
    """Fields side by side become texts end to end; ids fit 16 bits (at most 65,535 of them)."""
    pieces = list(chain.from_iterable(zip(*columns, strict=True)))
    lengths = np.array([len(piece) for piece in pieces], dtype=np.int64)
    kinds = np.arange(first_field, first_field + len(columns), dtype=np.uint8)
    per_text = lengths.reshape(-1, len(columns)).sum(1)
    return Texts(
        ids=np.fromiter(chain.from_iterable(pieces), dtype=np.uint16, count=lengths.sum()),
        fields=np.repeat(np.tile(kinds, len(per_text)), lengths),
        offsets=np.concatenate([[0], per_text.cumsum()]),
        longest=longest,
        dense_PF=dense_PF,
    )
