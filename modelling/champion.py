"""A model version as routing uses it: posts in, an embedding out.

Torch and MLflow are loaded inside the functions: only workers and commands come here.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings

from annotation.models import Campaign
from modelling.errors import ModelUnavailable
from modelling.models import ModelVersion
from modelling.queries import versions_of
from snapshots.splits import group_of, split_of

TEXTS = ("title", "body", "ocr_text", "transcript")


@dataclass(frozen=True, eq=False)
class Champion:
    """A loaded model version with a name, such as "pathos-demo v3"."""

    name: str
    bundle: object

    def embed(self, posts: Sequence[Mapping]) -> np.ndarray:
        """float16[P, 32]: what the content tower makes of the posts."""
        from training.predict import embed

        return embed(self.bundle, posts)

    def unseen(self, posts: Sequence[Mapping]) -> np.ndarray:
        """bool[P]: those of the test split, which is fixed per post. Training never looks at them."""
        return np.array([_split(post) == "test" for post in posts], bool)


def embedder(campaign: Campaign, name: str = "") -> Champion | None:
    """The campaign's champion, or the version of this name. None: there is none.

    Raises ModelUnavailable where the registry or the bundle is out of reach.
    """
    versions = versions_of(ModelVersion.objects.all(), campaign)
    wanted = [each for each in versions if (str(each) == name if name else each.champion)]
    return Champion(str(wanted[0]), _bundle(wanted[0].mlflow_run_id)) if wanted else None


def _split(post: Mapping) -> str:
    return split_of(group_of(post["key"], post["image"], *(post[name] for name in TEXTS)))


@lru_cache(maxsize=1)
def _bundle(run_id: str):
    from training.bundle import load_bundle
    from training.errors import TrainingError
    from training.register import fetch_bundle

    with tempfile.TemporaryDirectory(prefix="pathos-bundle-") as folder:
        try:
            found = fetch_bundle(
                run_id, into=Path(folder), tracking_uri=settings.MLFLOW_TRACKING_URI
            )
            return load_bundle(found)
        except (TrainingError, OSError) as error:
            raise ModelUnavailable(f"The model could not be loaded: {error}") from error
