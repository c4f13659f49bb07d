from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from tqdm import tqdm

from lib.commands import PathosCommand
from modelling import figures, versions
from modelling.errors import TrainingFailed
from modelling.models import ModelVersion


class Command(PathosCommand):
    help = "Trains a two-tower model on a snapshot folder and registers it."
    prints_figures = True

    def add_arguments(self, parser) -> None:
        parser.add_argument("--snapshot", type=Path, required=True, metavar="DIR")
        parser.add_argument("--recipe", default="small", metavar="NAME")
        parser.add_argument(
            "--out", type=Path, metavar="DIR", help="where checkpoint and bundle go; kept"
        )
        parser.add_argument(
            "--champion", action="store_true", help="make the new version the champion"
        )

    def handle(self, *, snapshot, recipe, out, champion, **options) -> None:
        version = self.train(snapshot, recipe, out or new_folder(recipe))
        if champion:
            versions.crown(version=version)
        self.print_figures(
            {"name": version.name, "version": version.version, "metrics": version.metrics},
            lines(version),
            as_json=options["json"],
        )

    def train(self, snapshot: Path, recipe: str, out: Path) -> ModelVersion:
        from training.errors import TrainingError

        with tqdm(total=100, unit=" %", file=self.stderr, disable=None) as bar:

            def report(progress) -> None:
                bar.set_description(progress.stage)
                bar.update(round(100 * progress.step / max(1, progress.steps)) - bar.n)

            try:
                trained = versions.train(snapshot=snapshot, recipe=recipe, out=out, report=report)
            except TrainingError as error:
                raise TrainingFailed(str(error)) from error
        return versions.publish(trained=trained)


def new_folder(recipe: str) -> Path:
    return Path(settings.MODELS_DIR) / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{recipe}"


def lines(version: ModelVersion) -> list[str]:
    """The table of figures: the model beside the linear baseline, affect by affect."""
    told = [f"{version} is registered{' and is the champion' if version.champion else ''}."]
    for kind in figures.by_task(version.metrics):
        told += ["", f"{kind['name']:<24}{'n+':>6}{'n-':>8}   AUC  linear    AP  linear   chance"]
        told += [line(row) for row in kind["rows"]]
    return told


def line(row: dict) -> str:
    model, linear = row["model"], row["linear"]
    return (
        f"{row['task']:<24}{row['positives']:>6}{row['negatives']:>8}"
        f"{_number(model['roc_auc']):>6}{_number(linear.get('roc_auc')):>8}"
        f"{_number(model['average_precision']):>6}{_number(linear.get('average_precision')):>8}"
        f"{_number(row['prevalence']):>9}"
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".lstrip("0")
