"""One training run, from top to bottom: read, prepare, learn, measure, save.

`python -m training.train SNAPSHOT --recipe NAME` does it from a shell.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from training import baselines
from training.bundle import save_bundle
from training.data import Data, prepare
from training.encoder import EncoderShape
from training.evaluate import measure
from training.loop import Progress, Report, Run
from training.predict import chances
from training.recipes import Recipe, Sizes
from training.rows import log_odds
from training.snapshot import read_snapshot
from training.tokens import FIELDS, Texts
from training.two_tower import TowerShape, TwoTower, TwoTowerShape, initialise


@dataclass(frozen=True)
class TrainingResult:
    """What a run leaves behind."""

    bundle: Path
    #: of the bundle's checksums: equal for equal bundles
    sha256: str
    #: as in the bundle's `metrics.json`
    metrics: dict
    recipe: Recipe
    steps: int


def train(
    snapshot: Path, *, recipe: Recipe, out: Path, progress: Report | None = None
) -> TrainingResult:
    """Train on the snapshot folder; the bundle lands in `out/bundle`.

    A run that was cut short goes on from `out/checkpoint.pt` and ends, on a CPU, with the very
    bytes it would have had. Raises TrainingError if the snapshot is damaged or says too little, or
    if the checkpoint is of another run.
    """
    report = progress or (lambda _: None)
    out.mkdir(parents=True, exist_ok=True)
    with repeatable(recipe.seed):
        report(Progress("preparing", 0, 1))
        source = read_snapshot(snapshot)
        data = prepare(source, recipe)

        shape = model_shape(data, recipe)
        model = TwoTower(shape)
        initialise(model, torch.from_numpy(log_odds(data.train)), torch.default_generator)
        model.to("cuda" if torch.cuda.is_available() else "cpu")

        identity = {"snapshot": source.sha256, "recipe": repr(recipe)}
        run = Run(model, data, recipe, out / "checkpoint.pt", identity, report)
        run.learn()

        report(Progress("measuring", run.steps, run.steps))
        metrics = {"test": compare(model, data), "validation_by_epoch": run.curve}
        sha256 = save_bundle(
            out / "bundle",
            model=model.cpu(),
            shape=shape,
            data=data,
            recipe=recipe,
            snapshot=source,
            metrics=metrics,
        )
    run.checkpoint.unlink()
    report(Progress("done", run.steps, run.steps))
    return TrainingResult(out / "bundle", sha256, metrics, recipe, run.steps)


def compare(model: TwoTower, data: Data) -> dict[str, dict]:
    """Test figures per kind of row: the model's beside both baselines'."""
    keys = [task.key for task in data.tasks]
    predictors = {
        "two_tower": lambda _, rows: chances(
            model, rows, data.posts, data.people, data.prior_shift_T
        ),
        "linear": baselines.linear(data.truth["train"], data.plain_texts),
        "prevalence": baselines.prevalence(data.truth["train"]),
    }
    tables = {name: measure(predict, data.truth, keys) for name, predict in predictors.items()}
    return {
        kind: {name: table[kind] for name, table in tables.items()} for kind in tables["two_tower"]
    }


def model_shape(data: Data, recipe: Recipe) -> TwoTowerShape:
    """The sizes that follow from a recipe once tokens, tasks and people are known."""

    def tower(sizes: Sizes, texts: Texts) -> TowerShape:
        text = EncoderShape(
            vocabulary=data.tokenizer.get_vocab_size(),
            fields=1 + len(FIELDS),
            longest=texts.longest,
            **asdict(sizes),
        )
        return TowerShape(text, dense=texts.dense_PF.shape[1], embedding=recipe.embedding)

    return TwoTowerShape(
        content=tower(recipe.content, data.posts),
        person=tower(recipe.person, data.people) if data.people else None,
        fusion=recipe.fusion,
        tasks=len(data.tasks),
    )


@contextmanager
def repeatable(seed: int) -> Iterator[None]:
    """Seed torch and forbid operations whose result changes from run to run."""
    # without it, matrix products on a GPU are not repeatable
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    before = torch.are_deterministic_algorithms_enabled()
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)


if __name__ == "__main__":
    from training.command import main

    raise SystemExit(main())
