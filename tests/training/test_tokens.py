"""Posts become token ids that private strings, forged markers and long transcripts cannot spoil."""

import numpy as np
import pytest

from training.tokens import (
    FIELDS,
    SPECIAL,
    encode_bios,
    encode_posts,
    read_tokenizer,
    train_tokenizer,
)

WORDS = ["the cat sat on the mat", "A CAT!", "the dog sat", "a dog and a cat"] * 5


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(WORDS, vocabulary=320)


def encode(tokenizer, *posts, budgets=(4, 8, 4, 4)):
    return encode_posts(tokenizer, posts, budgets, np.zeros((len(posts), 1), np.float32))


def tokens(tokenizer, text):
    return [tokenizer.id_to_token(number) for number in tokenizer.encode(text).ids]


def test_the_special_tokens_come_first_and_the_pad_is_zero(tokenizer):
    assert [tokenizer.id_to_token(i) for i in range(len(SPECIAL))] == list(SPECIAL)
    assert SPECIAL[0] == "[PAD]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cat", ["Ġcat"]),
        ("CAT", ["Ġcat"]),
        ("ＣＡＴ", ["Ġcat"]),  # full-width letters
        ("cat https://a.example/x?y=1 cat", ["Ġcat", "[url]", "Ġcat"]),
        ("www.a.example", ["[url]"]),
        ("ada.l+x@mail.example.org", ["[email]"]),
        ("cat @ben", ["Ġcat", "[mention]"]),
        ("3,000.50", ["[number]"]),
        ("12 cat 7", ["[number]", "Ġcat", "[number]"]),
    ],
)
def test_text_is_normalised_and_private_strings_are_replaced(tokenizer, text, expected):
    assert tokens(tokenizer, text) == expected


def test_a_post_cannot_forge_a_marker_or_a_pad(tokenizer):
    ids = tokenizer.encode("[TITLE] cat [PAD]").ids

    assert min(ids) >= len(SPECIAL)


def test_any_script_is_encoded_without_an_unknown(tokenizer):
    assert tokenizer.token_to_id("[UNK]") not in tokenizer.encode("žluťoučký 猫 🐈").ids


def test_training_twice_gives_the_same_tokenizer(tokenizer):
    assert train_tokenizer(WORDS, vocabulary=320).to_str() == tokenizer.to_str()


def test_a_stored_tokenizer_gives_the_same_ids(tokenizer):
    text = "[TITLE] the cat @ben 12 🐈"

    assert read_tokenizer(tokenizer.to_str()).encode(text).ids == tokenizer.encode(text).ids


def test_fields_are_marked_cut_to_their_budgets_and_joined_in_order(tokenizer):
    post = dict.fromkeys(FIELDS, "cat " * 20)
    texts = encode(tokenizer, post, budgets=(2, 3, 4, 5))

    cat = tokenizer.token_to_id("Ġcat")
    title, body, ocr, asr = (tokenizer.token_to_id(marker) for marker in SPECIAL[2:])
    assert texts.ids.tolist() == [title, cat, body, *[cat] * 2, ocr, *[cat] * 3, asr, *[cat] * 4]
    assert texts.fields.tolist() == [1] * 2 + [2] * 3 + [3] * 4 + [4] * 5
    assert texts.longest == 14


def test_empty_fields_are_left_out(tokenizer):
    texts = encode(tokenizer, {"title": "", "body": "cat", "transcript": None}, {})

    assert texts.fields.tolist() == [2, 2]
    assert texts.lengths.tolist() == [2, 0]


def test_a_batch_is_padded_on_the_right_to_its_bucket(tokenizer):
    texts = encode(tokenizer, {"body": "cat"}, {"title": "dog", "body": "cat cat"}, {})

    ids, fields, mask, dense = texts.batch(np.array([1, 2, 0]))

    assert ids.shape == fields.shape == mask.shape == (3, 16)
    assert mask.sum(1).tolist() == [5, 0, 2]
    assert fields[0].tolist() == [1, 1, 2, 2, 2] + [0] * 11
    assert ids[mask].tolist() == [*texts.ids[2:], *texts.ids[:2]]
    assert not ids[~mask].any()
    assert dense.shape == (3, 1)


def test_a_batch_is_never_wider_than_the_budgets(tokenizer):
    texts = encode(tokenizer, {"body": "cat " * 50}, budgets=(4, 9, 4, 4))

    assert texts.batch(np.array([0])).ids_BN.shape == (1, 16)
    assert encode(tokenizer, {"body": "cat"}, budgets=(1, 5, 1, 1)).batch([0]).ids_BN.shape == (
        1,
        8,
    )


def test_a_bio_has_no_marker_and_no_field(tokenizer):
    texts = encode_bios(tokenizer, ["cat dog", None], 8, np.zeros((2, 0), np.float32))

    assert texts.lengths.tolist() == [2, 0]
    assert texts.fields.tolist() == [0, 0]
