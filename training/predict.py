"""Embeddings and probabilities from a model that is done learning."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from training.batches import batches, in_order
from training.bundle import Bundle
from training.errors import TrainingError
from training.features import content_features, person_features
from training.rows import NOBODY, Rows, empty_cells
from training.tokens import Texts, encode_bios, encode_posts
from training.two_tower import TwoTower

BATCH = 512


def embed(bundle: Bundle, posts: Sequence[Mapping]) -> np.ndarray:
    """The content tower's numbers for each post, float16 (N, 32). They know nothing of any person.

    A post is a mapping with `title`, `body`, `ocr_text`, `transcript`, `image`, `sensitive`; any
    may be missing or None. Embeddings of two model versions cannot be compared.
    """
    texts = encode(bundle, posts)
    rows = empty_cells(np.arange(len(posts)), np.full(len(posts), NOBODY), 0)
    found_NC = np.empty((len(posts), bundle.model.nobody.shape[1]), np.float16)
    with torch.inference_mode():
        for chosen in in_order(rows, texts, size=BATCH):
            found_NC[chosen] = bundle.model.content(texts.batch(chosen)).numpy()
    return found_NC


def score(
    bundle: Bundle, posts: Sequence[Mapping], people: Sequence[Mapping | None] | None = None
) -> np.ndarray:
    """Probability of every task for every post, float32 (N, T), in the order of `bundle.tasks`.

    `people`: who sees post i, with `bio` and `features` as in the snapshot, or None for nobody in
    particular. Raises TrainingError if people are given to a bundle that never met any.
    """
    people = people or [None] * len(posts)
    known = [person for person in people if person is not None]
    if known and bundle.scale is None:
        raise TrainingError("This bundle was trained without people: score the posts alone.")
    place = np.cumsum([person is not None for person in people]) - 1
    person_R = np.where([person is None for person in people], NOBODY, place)
    rows = empty_cells(np.arange(len(posts)), person_R.astype(np.int64), len(bundle.tasks))
    bios = encode_people(bundle, known) if known else None
    return chances(bundle.model, rows, encode(bundle, posts), bios, bundle.prior_shift_T)


def encode(bundle: Bundle, posts: Sequence[Mapping]) -> Texts:
    """Posts as the bundle's own tokenizer and budgets have them."""
    budgets = bundle.config["recipe"]["budgets"]
    return encode_posts(bundle.tokenizer, posts, budgets, content_features(posts))


def encode_people(bundle: Bundle, people: Sequence[Mapping]) -> Texts:
    """People's bios, and their features on the scale of the train split."""
    features = person_features(people)
    expected = len(bundle.scale.mean)
    if features.shape[1] not in (0, expected):
        raise TrainingError(
            f"People have {features.shape[1]} features here, and {expected} in the snapshot that "
            "the bundle was trained on."
        )
    if not features.shape[1]:
        features = np.full((len(people), expected), np.nan)
    bios = [person.get("bio") for person in people]
    budget = bundle.config["recipe"]["bio_budget"]
    return encode_bios(bundle.tokenizer, bios, budget, bundle.scale.apply(features))


def chances(
    model: TwoTower, rows: Rows, posts: Texts, people: Texts | None, prior_shift_T: np.ndarray
) -> np.ndarray:
    """Probabilities (R, T) of the rows. The shift undoes a balanced draw: z - logit + logit."""
    device = model.nobody.device
    found_RT = np.empty((len(rows), len(prior_shift_T)), np.float32)
    order = in_order(rows, posts, size=BATCH)
    model.eval()
    with torch.inference_mode():
        for chosen, batch in zip(order, batches(rows, order, posts, people), strict=True):
            logits_RT = model(batch.to(device)).float().cpu() + torch.from_numpy(prior_shift_T)
            found_RT[chosen] = logits_RT.sigmoid().numpy()
    return found_RT
