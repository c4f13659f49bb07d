from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from annotation import access
from lib.commands import PathosCommand
from snapshots import plans, snapshots


class Command(PathosCommand):
    help = "Writes a campaign's posts, judgements and labels to a folder: frozen and hashed."
    prints_figures = True

    def add_arguments(self, parser) -> None:
        parser.add_argument("--campaign", required=True, metavar="SLUG")
        parser.add_argument(
            "--rule",
            action="append",
            default=[],
            metavar="RULE",
            help='consensus rule, such as "votes>=3" (the default) or soft; may be given again, '
            "the first one is the primary rule",
        )
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
        parser.add_argument("--name", help="of the snapshot; pseudonyms depend on it (SLUG)")
        parser.add_argument(
            "--format",
            default="parquet",
            metavar="LIST",
            help=f"comma-separated, of {', '.join(plans.FORMATS)}; Parquet is always written",
        )
        parser.add_argument(
            "--withdrawn", action="store_true", help="include posts that were withdrawn"
        )
        parser.add_argument(
            "--seed", type=int, default=plans.DEFAULT_SEED, help="draws among too many fans"
        )

    def handle(self, *, campaign, rule, out, name, format, withdrawn, seed, **options) -> None:
        plan = plans.make(
            name=name or campaign,
            rules=rule,
            formats=format.split(","),
            withdrawn=withdrawn,
            seed=seed,
        )
        with self.share_bar() as report:
            manifest = snapshots.write(
                campaign=access.get_campaign(campaign), plan=plan, folder=out, report=report
            )
        self.print_figures(manifest, describe(manifest, out), as_json=options["json"])

    @contextmanager
    def share_bar(self) -> Iterator[Callable[[float], None]]:
        """Moves a progress bar to the share it hears."""
        with tqdm(total=100, unit=" %", file=self.stderr, disable=None) as bar:
            yield lambda share: bar.update(round(share * 100) - bar.n)


def describe(manifest: dict, out: Path) -> list[str]:
    counts = manifest["counts"]
    return [
        f"{counts['posts']} posts, {counts['judgements']} judgements by {counts['raters']} raters "
        f"and {counts['labels']} labels are in {out}.",
        *(f"  {name:24} {facts['bytes']:>12,} bytes" for name, facts in manifest["files"].items()),
        f"sha256 {manifest['sha256']}",
    ]
