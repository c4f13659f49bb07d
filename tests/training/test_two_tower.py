"""Two towers, one loss: a cell that is not known changes nothing."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from training.batches import Batch, make_batch
from training.encoder import EncoderShape
from training.rows import NOBODY, Rows
from training.tokens import Texts
from training.two_tower import TowerShape, TwoTower, TwoTowerShape, initialise, masked_loss

TEXT = EncoderShape(vocabulary=40, fields=5, longest=32, width=16, depth=2, heads=2, slots=4)
TOWER = TowerShape(text=TEXT, dense=3, embedding=8)
SHAPE = TwoTowerShape(content=TOWER, person=TOWER, fusion=16, tasks=2)
LOG_ODDS = torch.tensor([-2.0, 0.5])


def make_model(shape=SHAPE):
    model = TwoTower(shape).eval()
    initialise(model, LOG_ODDS, torch.Generator().manual_seed(0))
    return model


@pytest.fixture
def model():
    """A model some steps away from its beginning, where all logits are alike."""
    model = make_model()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.1 * torch.randn(
                parameter.shape, generator=torch.Generator().manual_seed(1)
            )
    return model


def make_texts(seed):
    rng = np.random.default_rng(seed)
    offsets = np.array([0, 5, 12, 30])
    ids = rng.integers(1, 40, 30).astype(np.uint16)
    dense = rng.normal(size=(3, 3)).astype(np.float32)
    return Texts(ids, np.ones(30, np.uint8), offsets, 32, dense)


POSTS, PEOPLE = make_texts(2), make_texts(3)
PAIRS = [(0, NOBODY), (1, 2), (0, 2), (2, 0), (1, NOBODY), (1, 2)]


def batch_of(pairs):
    post, person = np.array(pairs).T
    cells = np.ones((len(pairs), 2), np.float32)
    return make_batch(Rows(post, person, cells > 0, cells, cells), POSTS, PEOPLE)


def loss_batch(known, target, weight):
    cells = [torch.tensor(cell) for cell in (known, target, weight)]
    return Batch(None, None, None, None, *cells)


def test_the_loss_is_the_weighted_mean_over_known_cells():
    logits = torch.tensor([[0.0, 2.0], [-1.0, 3.0]])
    batch = loss_batch(
        [[True, True], [True, False]], [[1.0, 0.0], [0.25, 1.0]], [[1.0, 3.0], [2.0, 9.0]]
    )

    # -log sigmoid(0); -log(1 - sigmoid(2)); a soft target of a quarter at -1
    expected = (0.6931472 + 3 * 2.1269280 + 2 * (0.25 * 1.3132617 + 0.75 * 0.3132617)) / 6
    assert masked_loss(logits, batch).item() == pytest.approx(expected, abs=1e-6)


def test_an_unknown_cell_has_no_gradient_even_if_its_target_is_nan():
    logits = torch.randn(3, 2, requires_grad=True)
    known = [[True, False], [False, True], [False, False]]
    target = [[1.0, float("nan")], [0.0, 0.0], [float("nan"), 1.0]]

    masked_loss(logits, loss_batch(known, target, [[1.0, 1.0]] * 3)).backward()

    assert logits.grad[~torch.tensor(known)].tolist() == [0.0] * 4
    assert logits.grad[torch.tensor(known)].ne(0).all()


def test_a_batch_that_knows_nothing_has_a_loss_of_zero():
    batch = loss_batch([[False, False]], [[1.0, 1.0]], [[1.0, 1.0]])

    assert masked_loss(torch.ones(1, 2), batch).item() == 0


def test_encoding_a_post_once_gives_what_encoding_it_per_row_gives(model):
    together = model(batch_of(PAIRS))

    one_by_one = torch.cat([model(batch_of([pair])) for pair in PAIRS])
    torch.testing.assert_close(together, one_by_one, atol=1e-5, rtol=1e-5)


def test_who_sees_a_post_matters(model):
    nobody, second, first = model(batch_of([(0, NOBODY), (0, 1), (0, 0)])).unbind()

    assert not torch.allclose(nobody, second, atol=1e-3)
    assert not torch.allclose(second, first, atol=1e-3)


def test_a_new_model_predicts_roughly_the_prevalence():
    logits = make_model()(batch_of(PAIRS))

    torch.testing.assert_close(logits, LOG_ODDS.expand(len(PAIRS), 2), atol=1.0, rtol=0)


def test_every_weight_gets_its_first_value():
    model = TwoTower(SHAPE)
    for parameter in model.parameters():
        torch.nn.init.constant_(parameter, torch.nan)

    initialise(model, LOG_ODDS, torch.Generator().manual_seed(0))

    assert all(parameter.isfinite().all() for parameter in model.parameters())


def test_the_same_seed_gives_the_same_model():
    first, second = make_model(), make_model()

    assert all(map(torch.equal, first.parameters(), second.parameters()))


def test_every_weight_learns(model):
    targets = torch.tensor([[1.0, 0.0], [0.0, 1.0]] * 3)
    batch = replace(batch_of(PAIRS), target_RT=targets)

    masked_loss(model(batch), batch).backward()

    assert all(parameter.grad.abs().sum() > 0 for parameter in model.parameters())


def test_a_model_without_people_takes_every_row_as_nobodys():
    model = make_model(replace(SHAPE, person=None))
    post = np.array([0, 1])
    cells = np.ones((2, 2), np.float32)

    logits = model(make_batch(Rows(post, post, cells > 0, cells, cells), POSTS, None))

    assert logits.shape == (2, 2)
