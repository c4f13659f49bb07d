from config import demo
from lib.commands import PathosCommand


class Command(PathosCommand):
    help = "Loads the demo campaign. Run again, it adds only what is missing."

    def handle(self, **options) -> None:
        for line in demo.load().lines():
            self.stdout.write(line)
