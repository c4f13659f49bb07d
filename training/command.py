"""`python -m training.train`: train from a shell, and print the figures beside the baselines'."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from training.errors import TrainingError
from training.loop import Progress, Report
from training.model_card import all_tables
from training.recipes import RECIPES, Recipe, find_recipe
from training.train import TrainingResult, train

EXPERIMENT = "pathos"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 1 after a sentence on standard error that says what is wrong."""
    options = parse(arguments)
    try:
        run(options)
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options, checked as far as they can be without looking at files."""
    parser = argparse.ArgumentParser(
        prog="python -m training.train", description="Train a two-tower model on a snapshot folder."
    )
    parser.add_argument("snapshot", type=Path, help="the snapshot folder")
    parser.add_argument("--recipe", default="small", help=f"one of {', '.join(RECIPES)}")
    parser.add_argument("--out", type=Path, default=Path("var/training"), help="where it works")
    parser.add_argument("--register", metavar="NAME", help="add a version to this MLflow model")
    parser.add_argument("--champion", action="store_true", help="and make that version champion")
    parser.add_argument("--tracking-uri", help="the MLflow store, sqlite:///… or http://…")
    options = parser.parse_args(arguments)
    if options.register and not options.tracking_uri:
        parser.error("--register needs --tracking-uri: the store that keeps the model.")
    if options.champion and not options.register:
        parser.error("--champion needs --register: only a registered version can be champion.")
    return options


def run(options: argparse.Namespace) -> None:
    """Train, register where that was asked for, and print."""
    recipe, version = find_recipe(options.recipe), None
    with ProgressBar() as bar:
        if options.tracking_uri:
            result, version = train_and_log(options, recipe, bar)
        else:
            result = train(options.snapshot, recipe=recipe, out=options.out, progress=bar)
    print(all_tables(result.metrics))
    print(f"\nThe bundle is {result.bundle}.")
    if version is not None:
        print(f"It is version {version} of {options.register}.")


def train_and_log(
    options: argparse.Namespace, recipe: Recipe, bar: Report
) -> tuple[TrainingResult, int | None]:
    """Train with every figure in MLflow; the version is None unless one was asked for."""
    from training.register import RunLog, register_version, set_champion

    store = options.tracking_uri
    with RunLog(options.out, recipe=recipe, experiment=EXPERIMENT, tracking_uri=store) as log:

        def progress(report: Progress) -> None:
            bar(report)
            log(report)

        result = train(options.snapshot, recipe=recipe, out=options.out, progress=progress)
        log.finish(result)
    if not options.register:
        return result, None
    version = register_version(options.register, run_id=log.run_id, tracking_uri=store)
    if options.champion:
        set_champion(options.register, version, tracking_uri=store)
    return result, version


class ProgressBar:
    """Steps on standard error, with the last loss and validation figure."""

    def __init__(self) -> None:
        self.bar = tqdm(unit="step", file=sys.stderr)
        self.facts: dict[str, str] = {}

    def __call__(self, report: Progress) -> None:
        if report.loss is not None:
            self.facts["loss"] = f"{report.loss:.4f}"
        if report.validation is not None:
            self.facts["validation"] = f"{report.validation:.4f}"
        self.bar.set_description(report.stage)
        self.bar.set_postfix(self.facts)
        self.bar.total, self.bar.n = report.steps, report.step
        self.bar.refresh()

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(self, *error: object) -> None:
        self.bar.close()
