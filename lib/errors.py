"""The one root of everything that a user of Pathos can get wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike

from django.utils.translation import gettext_lazy as _


class PathosError(Exception):
    """Something in the request can't be done as asked."""

    #: HTTP status for the REST door; commands exit with 1.
    status = 400
    #: A short word that a program can match on.
    code = "bad_request"
    #: Heads the page that says it.
    heading = _("That did not work")
    #: Said in the reader's language where raters may read it; else the docstring is, in English.
    sentence = ""

    def __init__(self, message: str | None = None, *, errors: list[dict] | None = None):
        self.message = str(message or self.sentence or " ".join(type(self).__doc__.split()))
        #: Where it went wrong, one dict of `where` and `what` for each place.
        self.errors = errors or []
        super().__init__(self.message)


@contextmanager
def told_as(path: str | PathLike, name: str) -> Iterator[None]:
    """Errors raised within say `name` for `path`: who sent a file knows it by its own name, and
    where a server keeps it is nobody's business."""
    try:
        yield
    except PathosError as error:
        error.message = error.message.replace(str(path), name)
        error.args = (error.message,)
        raise


class NotFound(PathosError):
    """Nothing is there, or nothing that this user may see."""

    status = 404
    code = "not_found"
    heading = _("Not found")
    sentence = _("There is nothing at this address that you may see.")


class Conflict(PathosError):
    """The request doesn't fit what is already stored."""

    status = 409
    code = "conflict"


class Gone(PathosError):
    """What the request refers to has ended."""

    status = 410
    code = "gone"
    heading = _("This has ended")


class Unprocessable(PathosError):
    """The request is well-formed, but what it says isn't allowed here."""

    status = 422
    code = "unprocessable"
