"""A trained model as a folder that anyone can check and load: no pickle, every file hashed."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import tokenizers
import torch
from safetensors.torch import load_model, save_model
from tokenizers import Tokenizer

from training.data import Data
from training.encoder import EncoderShape
from training.errors import BundleError
from training.features import PersonScale
from training.model_card import write_card
from training.recipes import Recipe
from training.snapshot import Snapshot, file_sha256
from training.tasks import Task, read_tasks
from training.tokens import read_tokenizer
from training.two_tower import TowerShape, TwoTower, TwoTowerShape

FORMAT_VERSION = 1
SUMS = "SHA256SUMS"
FILES = (
    "MODEL_CARD.md",
    "classes.json",
    "config.json",
    "metrics.json",
    "model.safetensors",
    "tokenizer.json",
)


@dataclass(frozen=True)
class Bundle:
    """A loaded bundle: the model and all that a prediction needs beside it."""

    model: TwoTower
    tokenizer: Tokenizer
    #: the model's outputs, in order
    tasks: tuple[Task, ...]
    prior_shift_T: np.ndarray
    #: None: the model was trained without people
    scale: PersonScale | None
    config: dict
    metrics: dict


def save_bundle(
    folder: Path,
    *,
    model: TwoTower,
    shape: TwoTowerShape,
    data: Data,
    recipe: Recipe,
    snapshot: Snapshot,
    metrics: Mapping,
) -> str:
    """Write the bundle to `folder`, in place of what was there; returns the sha256 of its sums.

    The same run gives the same bytes. A half-written bundle never has its name.
    """
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    config = describe(shape, data, recipe, snapshot)
    classes = describe_classes(data)
    write_json(partial / "config.json", config)
    write_json(partial / "classes.json", classes)
    write_json(partial / "metrics.json", metrics)
    (partial / "tokenizer.json").write_text(data.tokenizer.to_str(), encoding="utf-8")
    (partial / "MODEL_CARD.md").write_text(write_card(config, classes, metrics), encoding="utf-8")
    save_model(model, str(partial / "model.safetensors"))
    sums = "".join(f"{file_sha256(partial / name)}  {name}\n" for name in FILES)
    (partial / SUMS).write_text(sums)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return file_sha256(folder / SUMS)


def load_bundle(folder: Path) -> Bundle:
    """Verify every file, then load. Raises BundleError with the name of the file that is off."""
    verify_bundle(folder)
    config, classes, metrics = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("config", "classes", "metrics")
    )
    if config["format_version"] != FORMAT_VERSION:
        raise BundleError(
            f"{folder.name} has format {config['format_version']}, and this version of the "
            f"training reads format {FORMAT_VERSION}: train the model again."
        )
    model = TwoTower(read_shape(config["shape"]))
    load_model(model, str(folder / "model.safetensors"))
    learnt = [entry for entry in classes if entry["enabled"]]
    scale = config["person_scale"]
    return Bundle(
        model=model.eval(),
        tokenizer=read_tokenizer((folder / "tokenizer.json").read_text(encoding="utf-8")),
        tasks=read_tasks(entry["task"] for entry in learnt),
        prior_shift_T=np.array([entry["prior_shift"] for entry in learnt], np.float32),
        scale=PersonScale(tuple(scale["mean"]), tuple(scale["spread"])) if scale else None,
        config=config,
        metrics=metrics,
    )


def verify_bundle(folder: Path) -> None:
    """Compare every file with the folder's checksums; `sha256sum -c` would do the same."""
    path = folder / SUMS
    if not path.is_file():
        raise BundleError(f"{folder} is not a bundle: it has no {SUMS}.")
    sums = {name: sha256 for sha256, name in map(str.split, path.read_text().splitlines())}
    for name in FILES:
        if not (folder / name).is_file():
            raise BundleError(f"The bundle lacks {name}.")
        if file_sha256(folder / name) != sums.get(name):
            raise BundleError(f"{name} is not the file that was saved: its sha256 differs.")


def describe(shape: TwoTowerShape, data: Data, recipe: Recipe, snapshot: Snapshot) -> dict:
    """`config.json`: how to rebuild the model, and where it comes from."""
    return {
        "format_version": FORMAT_VERSION,
        "shape": asdict(shape),
        "recipe": asdict(recipe),
        "person_scale": asdict(data.scale) if data.scale else None,
        "snapshot": {
            **{key: snapshot.manifest[key] for key in ("name", "campaign", "primary_rule")},
            "sha256": snapshot.sha256,
        },
        "taxonomy": {key: snapshot.taxonomy[key] for key in ("key", "version")},
        "code": {
            "snapshot_code_version": snapshot.manifest["code_version"],
            "torch": torch.__version__,
            "tokenizers": tokenizers.__version__,
            "device": "cuda" if torch.cuda.is_available() else "cpu",
            "threads": torch.get_num_threads(),
        },
    }


def describe_classes(data: Data) -> list[dict]:
    """`classes.json`: every task of the run, the ones left out too, with its train cells."""
    shifts = iter(data.prior_shift_T.tolist())
    return [
        {**asdict(count), "prior_shift": next(shifts) if count.enabled else None}
        for count in data.counts
    ]


def read_shape(shape: Mapping) -> TwoTowerShape:
    """The dataclasses that `asdict` took apart."""
    towers = {
        name: TowerShape(**{**shape[name], "text": EncoderShape(**shape[name]["text"])})
        for name in ("content", "person")
        if shape[name]
    }
    return TwoTowerShape(**{**shape, **towers})


def write_json(path: Path, content: object) -> None:
    """Indented and with a fixed order of keys: diffs stay readable, hashes stay the same."""
    path.write_text(
        json.dumps(content, indent=1, sort_keys=True, allow_nan=False) + "\n", encoding="utf-8"
    )
