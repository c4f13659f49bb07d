"""Rows from a request's body, read as they arrive: 1 GB of them takes no more memory than one."""

from collections.abc import Iterator

from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from lib.errors import Unprocessable
from lib.rejects import as_errors
from lib.tables import Reject, Row
from lib.tables.chunks import gunzipped, read_all
from lib.tables.files import rows_of_stream

NDJSON = "application/x-ndjson"
MEDIA_TYPES = (NDJSON, "application/ndjson", "application/jsonl", "application/json")
#: As many rejects as an answer lists; they are counted to the end.
MAX_LISTED = 1000


class Rejects:
    """Keeps the first rejects and counts all of them."""

    def __init__(self):
        self.listed: list[Reject] = []
        self.total = 0

    def add(self, reject: Reject) -> None:
        self.total += 1
        if len(self.listed) < MAX_LISTED:
            self.listed.append(reject)


def rows_of(request: Request) -> Iterator[Row | Reject]:
    """JSON lines or a JSON array, maybe with `Content-Encoding: gzip`.

    Raises DRF's UnsupportedMediaType for anything else, and BadFile for an empty body.
    """
    if request.content_type.partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise UnsupportedMediaType(request.content_type)
    return rows_of_stream(chunks_of(request))


def chunks_of(request: Request) -> Iterator[bytes]:
    """The body as it arrives, whatever it is, unzipped if it says `Content-Encoding: gzip`."""
    chunks = read_all(_body(request).read)
    is_zipped = request.headers.get("Content-Encoding", "").lower() == "gzip"
    return gunzipped(chunks) if is_zipped else chunks


def _body(request: Request):
    """Django bounds the body by its Content-Length; one sent in chunks has none, but an end."""
    if request.META.get("wsgi.input_terminated") and not request.META.get("CONTENT_LENGTH"):
        return request.META["wsgi.input"]
    return request


def answer(counts: dict[str, int], rejects: Rejects) -> Response:
    """200 when every row was used, 207 when some were; a problem when none was."""
    if not any(counts.values()):
        _refuse(rejects)
    body = {
        **counts,
        "rejected": [reject._asdict() for reject in rejects.listed],
        "rejected_total": rejects.total,
    }
    return Response(body, status=207 if rejects.total else 200)


def _refuse(rejects: Rejects) -> None:
    if not rejects.total:
        raise Unprocessable("The body holds no rows.")
    raise Unprocessable(
        f"None of the {rejects.total:,} rows can be used; see 'errors'.",
        errors=as_errors(rejects.listed),
    )
