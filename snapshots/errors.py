"""What can go wrong for an engineer at the doors of this room."""

from lib.errors import Conflict, NotFound, PathosError


class BadPlan(PathosError):
    """A snapshot can't be made as asked."""

    code = "bad_snapshot"


class FolderNotEmpty(Conflict):
    """The folder holds something already."""

    code = "folder_not_empty"

    def __init__(self, folder):
        super().__init__(
            f"{folder} is not an empty folder. A snapshot never writes over anything: "
            "name a new folder, or remove this one first."
        )


class UnknownSnapshot(NotFound):
    """There is no such snapshot."""

    code = "unknown_snapshot"


class NotReady(Conflict):
    """The snapshot has no files yet."""

    code = "not_ready"


class UnknownFile(NotFound):
    """The snapshot has no such file."""

    code = "unknown_file"


class Interrupted(PathosError):
    """The build was stopped before its end, so nothing was kept. Create the snapshot again."""

    code = "interrupted"
