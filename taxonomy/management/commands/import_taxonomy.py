from pathlib import Path

from lib.commands import PathosCommand
from taxonomy import files, taxonomies


class Command(PathosCommand):
    help = "Loads a taxonomy from a JSON file. The same file twice changes nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, help="taxonomy as JSON")

    def handle(self, *, file: Path, **options) -> None:
        taxonomy, changed = taxonomies.load(file=files.read(file))
        state = "is loaded" if changed else "was already here, unchanged"
        self.stdout.write(f"{taxonomy} with {len(taxonomy.keys)} affects {state}.")
