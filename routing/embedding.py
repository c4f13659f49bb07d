"""The champion's embedding, as routing sees it. The settings name who can make one, for routing
imports nothing from the room that keeps the models."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from django.conf import settings
from django.utils.module_loading import import_string

from annotation.models import Campaign


class Embedder(Protocol):
    """One model version."""

    #: its name and number, such as "pathos-demo v3"
    name: str

    def embed(self, posts: Sequence[Mapping]) -> np.ndarray:
        """float[P, D] of posts with key, title, body, ocr_text, transcript, image, sensitive."""

    def unseen(self, posts: Sequence[Mapping]) -> np.ndarray:
        """bool[P]: which of these posts it can't have learnt from, whoever judged them since."""


def find(campaign: Campaign, name: str = "") -> Embedder | None:
    """The campaign's champion, or the version `name`. None: there is none.

    Raises PathosError where the model can't be loaded.
    """
    return import_string(settings.ROUTING_EMBEDDER)(campaign, name)
