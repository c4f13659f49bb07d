"""Turns token ids into one vector per text, without a pad ever changing that vector.

Every slot of a Linformer mixes all positions, so a mask on the score matrix comes too late: pads
have to be zeroed before the compression.

Axes: B texts, N positions, D width, H heads, d width of a head, S memory slots.
"""

from dataclasses import dataclass
from itertools import cycle

import torch
from torch import Tensor, nn
from torch.nn import functional

KINDS = ("linformer", "full")
SHARINGS = ("head", "kv", "layer")


@dataclass(frozen=True)
class EncoderShape:
    """The sizes that rebuild a text encoder; saved beside its weights."""

    #: number of token ids, and of field types
    vocabulary: int
    fields: int
    #: the most positions a text can have (n_max)
    longest: int
    width: int
    depth: int
    heads: int
    #: memory slots that the positions are compressed to (k); unused by `full`
    slots: int
    #: `linformer`, or `full`: attention to every position
    kind: str = "linformer"
    #: what shares a compression: the heads of a layer, also its keys and values, or every layer
    sharing: str = "kv"
    #: keep slots as large for short texts as for long ones
    rescale: bool = True
    #: on the residual branches only: Bernoulli draws on wider tensors cost a fifth of the step
    dropout: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.sharing not in SHARINGS:
            raise ValueError(
                f"An encoder is of kind {' or '.join(KINDS)} and shares by {', '.join(SHARINGS)}, "
                f"not {self.kind!r} by {self.sharing!r}."
            )


class Compression(nn.Module):
    """Linformer's memory: N positions become S slots, before they become keys and values.

    Compressing first is the same map as compressing keys and values (they have no bias), over S
    rows instead of N. Wang et al. 2020, "Linformer: Self-Attention with Linear Complexity".
    """

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.rescale = shape.rescale
        size = (shape.longest, shape.slots)
        self.for_keys = nn.Parameter(torch.empty(size))
        self.for_values = nn.Parameter(torch.empty(size)) if shape.sharing == "head" else None

    def forward(self, h_BND: Tensor, mask_BN: Tensor) -> tuple[Tensor, Tensor, None]:
        """What keys and values are made of, each (B, S, D). `h_BND` must be 0 at the pads."""
        keys_BSD = self._compress(self.for_keys, h_BND, mask_BN)
        if self.for_values is None:
            return keys_BSD, keys_BSD, None
        return keys_BSD, self._compress(self.for_values, h_BND, mask_BN), None

    def _compress(self, weights_NS: Tensor, h_BND: Tensor, mask_BN: Tensor) -> Tensor:
        used_NS = weights_NS[: h_BND.shape[1]]
        slots_BSD = used_NS.T @ h_BND
        if not self.rescale:
            return slots_BSD
        return slots_BSD * length_scale(weights_NS, mask_BN).unsqueeze(-1)


def length_scale(weights_NS: Tensor, mask_BN: Tensor) -> Tensor:
    """How much of each slot's norm the valid positions carry, inverted: (B, S), 1 for a full text.

    Without it a short text has small keys, and its length acts as a softmax temperature. The clamp
    keeps a text without any position finite.
    """
    squares_NS = weights_NS.square()
    valid_BS = mask_BN.to(squares_NS) @ squares_NS[: mask_BN.shape[1]]
    return (squares_NS.sum(0) / valid_BS.clamp_min(1e-6)).sqrt()


class EveryPosition(nn.Module):
    """Plain attention's memory: all positions, the pads masked out."""

    def forward(self, h_BND: Tensor, mask_BN: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The positions themselves as keys and values, and which of them may be looked at."""
        # A softmax over nothing is NaN: an empty text looks at its first pad, which is zero.
        first_N = torch.arange(mask_BN.shape[1], device=mask_BN.device) == 0
        return h_BND, h_BND, (mask_BN | first_N)[:, None, None, :]


class Attention(nn.Module):
    """Multi-head attention of N positions to S memory slots."""

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query, self.key, self.value, self.out = (
            nn.Linear(shape.width, shape.width, bias=False) for _ in range(4)
        )

    def forward(
        self, h_BND: Tensor, keys_BSD: Tensor, values_BSD: Tensor, allowed: Tensor | None
    ) -> Tensor:
        """(B, N, D); `allowed` broadcasts to (B, H, N, S), None allows everything."""
        mixed_BHNd = functional.scaled_dot_product_attention(
            self._split(self.query(h_BND)),
            self._split(self.key(keys_BSD)),
            self._split(self.value(values_BSD)),
            attn_mask=allowed,
        )
        return self.out(mixed_BHNd.transpose(1, 2).flatten(2))

    def _split(self, x_BND: Tensor) -> Tensor:
        return x_BND.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class Block(nn.Module):
    """Pre-norm residual block: attention to a memory, then a four times wider GELU layer."""

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        width = shape.width
        self.attention_norm, self.wide_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(shape)
        self.wide = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, x_BND: Tensor, mask_BN: Tensor, memory: nn.Module) -> Tensor:
        """(B, N, D) to (B, N, D); what stands at the pads is unspecified but finite."""
        h_BND = zero_pads(self.attention_norm(x_BND), mask_BN)
        x_BND = x_BND + self.dropout(self.attention(h_BND, *memory(h_BND, mask_BN)))
        return x_BND + self.dropout(self.wide(self.wide_norm(x_BND)))


class TextEncoder(nn.Module):
    """Token ids to the mean of the last layer's valid positions."""

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.tokens = nn.Embedding(shape.vocabulary, shape.width, padding_idx=0)
        self.fields = nn.Embedding(shape.fields, shape.width)
        self.positions = nn.Embedding(shape.longest, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.depth))
        self.memories = nn.ModuleList(memories(shape))
        self.norm = nn.LayerNorm(shape.width)

    def forward(self, ids_BN: Tensor, fields_BN: Tensor, mask_BN: Tensor) -> Tensor:
        """Pooled texts (B, D); a text of pads alone gives zeros."""
        require_right_padding(mask_BN)
        positions_ND = self.positions.weight[: ids_BN.shape[1]]
        x_BND = zero_pads(self.tokens(ids_BN) + self.fields(fields_BN) + positions_ND, mask_BN)
        for block, memory in zip(self.blocks, cycle(self.memories)):
            x_BND = block(x_BND, mask_BN, memory)
        return mean_of_valid(self.norm(x_BND), mask_BN)


def memories(shape: EncoderShape) -> list[nn.Module]:
    """One memory per layer, or a single one that all layers share (registered once)."""
    if shape.kind == "full":
        return [EveryPosition()]
    return [Compression(shape) for _ in range(1 if shape.sharing == "layer" else shape.depth)]


def zero_pads(x_BND: Tensor, mask_BN: Tensor) -> Tensor:
    """`where`, not a product: 0 * NaN is NaN."""
    return torch.where(mask_BN.unsqueeze(-1), x_BND, 0.0)


def mean_of_valid(x_BND: Tensor, mask_BN: Tensor) -> Tensor:
    """Mean over the valid positions, (B, D); 0 where there are none."""
    counts_B1 = mask_BN.sum(1, keepdim=True).clamp_min(1)
    return zero_pads(x_BND, mask_BN).sum(1) / counts_B1


def require_right_padding(mask_BN: Tensor) -> None:
    """A compression knows positions by their number, so a pad may never stand before a token."""
    if (mask_BN[:, 1:] > mask_BN[:, :-1]).any():
        raise ValueError("Texts are padded on the right only, and a mask has a pad before a token.")
