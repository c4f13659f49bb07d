"""Files over HTTP: whole, in ranges (RFC 9110, section 14), or not again when they are known."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

PIECE_BYTES = 1 << 18
CONTENT_TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".jsonl": "application/x-ndjson",
}


def send_file(request: HttpRequest, path: Path, sha256: str) -> HttpResponseBase:
    """The file, or the range of it that is asked for."""
    etag = f'"{sha256}"'
    size = path.stat().st_size
    span = find_range(request.headers, etag, size)
    if span and span[0] >= span[1]:
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    start, end = span or (0, size)
    response = StreamingHttpResponse(
        pieces(path.open("rb"), start, end),
        status=206 if span else 200,
        content_type=CONTENT_TYPES.get(path.suffix, "application/octet-stream"),
    )
    response["Content-Length"] = end - start
    response["Accept-Ranges"] = "bytes"
    if span:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return named(request, response, path.name, etag)


def send_pieces(
    request: HttpRequest, found: Iterator[bytes], *, name: str, content_type: str, tag: str
) -> HttpResponseBase:
    """Bytes that are made while they are sent, under a name."""
    return named(request, StreamingHttpResponse(found, content_type=content_type), name, f'"{tag}"')


def named(request: HttpRequest, response: HttpResponseBase, name: str, etag: str):
    """The response with its headers; 304 if the client has these bytes already."""
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return get_conditional_response(request, etag=etag, response=response)


def find_range(headers, etag: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last; None where the whole file is meant.

    A range that nothing of the file lies in comes back as an empty one.

    >>> find_range({"Range": "bytes=2-3"}, "", 10), find_range({"Range": "bytes=-3"}, "", 10)
    ((2, 4), (7, 10))
    >>> find_range({"Range": "bytes=10-"}, "", 10), find_range({}, "", 10)
    ((10, 10), None)
    """
    asked = re.fullmatch(r"bytes=(\d*)-(\d*)", headers.get("Range", "").strip())
    if not asked or not any(asked.groups()) or headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size


def pieces(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while start < end and (piece := file.read(min(PIECE_BYTES, end - start))):
            start += len(piece)
            yield piece
