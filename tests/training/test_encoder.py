"""A text's vector depends on the text alone: not on its pads, nor on the texts beside it."""

from dataclasses import replace

import pytest
import torch
from torch.nn import functional

from training.encoder import Attention, Block, Compression, EncoderShape, EveryPosition, TextEncoder

SHAPE = EncoderShape(vocabulary=50, fields=5, longest=512, width=32, depth=2, heads=4, slots=16)
VARIANTS = [
    replace(SHAPE, sharing="head"),
    replace(SHAPE, sharing="kv"),
    replace(SHAPE, sharing="layer"),
    replace(SHAPE, rescale=False),
    replace(SHAPE, kind="full"),
]


@pytest.fixture(params=VARIANTS, ids=lambda s: f"{s.kind}-{s.sharing}-rescale={s.rescale}")
def encoder(request):
    return filled(TextEncoder(request.param))


def filled(module, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=0.2, generator=generator)
    return module.eval()


def texts(*lengths, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randint(1, SHAPE.vocabulary, (n,), generator=generator) for n in lengths]


def batch(rows, length):
    ids = torch.stack([functional.pad(row, (0, length - len(row))) for row in rows])
    return ids, (ids > 0).long(), ids > 0


@pytest.mark.parametrize("length", [41, 64, 128, 512])
def test_pads_do_not_move_a_text(encoder, length):
    rows = texts(40)

    padded, bare = encoder(*batch(rows, length)), encoder(*batch(rows, 40))

    assert bare.abs().mean() > 0.05
    torch.testing.assert_close(padded, bare, atol=1e-5, rtol=0)


@pytest.mark.parametrize("length", [41, 512])
def test_pads_do_not_move_the_gradients(encoder, length):
    def gradients(width):
        encoder.zero_grad()
        encoder(*batch(texts(40), width)).square().sum().backward()
        return [parameter.grad.clone() for parameter in encoder.parameters()]

    for padded, bare in zip(gradients(length), gradients(40), strict=True):
        torch.testing.assert_close(padded, bare, atol=1e-4, rtol=1e-4)


def test_the_other_texts_of_a_batch_do_not_move_a_text(encoder):
    rows = texts(7, 40, 23, 1)

    together = encoder(*batch(rows, 40))

    alone = torch.cat([encoder(*batch([row], len(row))) for row in rows])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=0)


def test_a_nan_at_a_pad_reaches_neither_output_nor_gradient(encoder):
    rows = texts(5, 9)
    expected = encoder(*batch(rows, 16))
    with torch.no_grad():
        encoder.tokens.weight[0] = torch.nan

    actual = encoder(*batch(rows, 16))
    actual.sum().backward()

    torch.testing.assert_close(actual, expected)
    assert all(parameter.grad.isfinite().all() for parameter in encoder.parameters())


def test_a_block_keeps_a_nan_at_a_pad_to_that_pad():
    block, memory = filled(Block(SHAPE)), filled(Compression(SHAPE))
    mask = torch.tensor([[True, True, False]])
    clean = torch.randn(1, 3, SHAPE.width, generator=torch.Generator().manual_seed(2))
    dirty = torch.where(mask[..., None], clean, torch.nan)

    torch.testing.assert_close(block(dirty, mask, memory)[:, :2], block(clean, mask, memory)[:, :2])


def test_an_empty_text_has_a_finite_vector_and_finite_gradients(encoder):
    pooled = encoder(*batch([torch.tensor([], dtype=torch.long), *texts(3)], 8))
    pooled.square().sum().backward()

    assert pooled[0].eq(0).all()
    assert all(parameter.grad.isfinite().all() for parameter in encoder.parameters())


def test_a_pad_before_a_token_is_refused(encoder):
    ids = torch.tensor([[0, 4, 5]])

    with pytest.raises(ValueError, match="padded on the right only"):
        encoder(ids, ids * 0, ids > 0)


@pytest.mark.parametrize("sharing", ["head", "kv"])
def test_an_identity_compression_is_plain_attention(sharing):
    shape = replace(SHAPE, longest=12, slots=12, sharing=sharing)
    attention, compression = filled(Attention(shape)), Compression(shape)
    for weights in compression.parameters():
        torch.nn.init.eye_(weights)
    h = torch.randn(3, 12, SHAPE.width, generator=torch.Generator().manual_seed(3))
    mask = torch.ones(3, 12, dtype=torch.bool)

    compressed = attention(h, *compression(h, mask))

    torch.testing.assert_close(compressed, attention(h, *EveryPosition()(h, mask)))


def test_plain_attention_is_the_textbook_formula():
    attention = filled(Attention(replace(SHAPE, heads=1)))
    h = torch.randn(1, 6, SHAPE.width, generator=torch.Generator().manual_seed(4))
    mask = torch.tensor([[True, True, True, True, False, False]])

    scores = attention.query(h) @ attention.key(h[:, :4]).mT / SHAPE.width**0.5
    expected = attention.out(scores.softmax(-1) @ attention.value(h[:, :4]))

    torch.testing.assert_close(attention(h, *EveryPosition()(h, mask)), expected)


def test_a_short_text_has_slots_as_large_as_a_long_one():
    compression = filled(Compression(SHAPE))
    h = torch.randn(2, 512, 32, generator=torch.Generator().manual_seed(5))
    mask = torch.arange(512) < torch.tensor([[16], [512]])

    slots, _, _ = compression(torch.where(mask[..., None], h, 0.0), mask)

    short, long = slots.norm(dim=(1, 2)).tolist()
    assert short / long == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(("sharing", "matrices"), [("head", 4), ("kv", 2), ("layer", 1)])
def test_sharing_decides_how_many_matrices_there_are(sharing, matrices):
    names = dict(TextEncoder(replace(SHAPE, sharing=sharing)).named_parameters())

    assert sum(name.startswith("memories") for name in names) == matrices


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="'sparse' by 'kv'"):
        replace(SHAPE, kind="sparse")


def test_full_attention_always_has_a_position_to_look_at():
    _, _, allowed = EveryPosition()(torch.zeros(2, 3, 32), torch.tensor([[True] * 3, [False] * 3]))

    assert allowed.flatten(1).tolist() == [[True, True, True], [True, False, False]]
