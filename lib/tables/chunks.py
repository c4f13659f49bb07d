"""A file's or a request's bytes, piece by piece: unzipped, in UTF-8, without a byte-order mark."""

import codecs
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from lib.tables.rows import BadFile, BrokenOff

CHUNK_BYTES = 256 * 1024
GZIP_MAGIC = b"\x1f\x8b"


def of_file(path: Path, encoding: str = "utf-8") -> Iterator[bytes]:
    """The text of a file, zipped by gzip or not. Raises BadFile if there is nothing to read."""
    check_encoding(encoding)
    try:
        file = path.open("rb")
    except IsADirectoryError:
        raise BadFile(f"{path} is a folder; name a file in it.") from None
    except OSError as error:
        raise BadFile(f"{path} can't be read: {error.strerror}.") from error
    first, raw = peek(_reading(file))
    if not first:
        raise BadFile(f"{path} is empty.")
    plain = gunzipped(raw) if first.startswith(GZIP_MAGIC) else raw
    return as_utf8(plain, encoding)


def _reading(file: BinaryIO) -> Iterator[bytes]:
    with file:
        yield from read_all(file.read)


def check_encoding(encoding: str) -> None:
    """Raises BadFile for a name that is no text encoding."""
    try:
        b"-".decode(encoding, "replace")  # of nothing at all, every encoding is known
    except LookupError:
        raise BadFile(
            f"There is no text encoding '{encoding}'. Usual ones: utf-8, utf-16, cp1252, latin-1."
        ) from None


def read_all(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """What `read` gives until it gives nothing."""
    while True:
        try:
            chunk = read(CHUNK_BYTES)
        except OSError as error:
            raise BrokenOff(f"Reading stopped here: {error}.") from error
        if not chunk:
            return
        yield chunk


def peek(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first chunk (empty if there is none), and all of them."""
    first = next(chunks, b"")
    return first, chain([first] if first else [], chunks)


def gunzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Unzips, however many gzip members follow each other. Raises BrokenOff at damage."""
    member = None
    for zipped in chunks:
        while zipped:
            member = member or zlib.decompressobj(wbits=31)
            try:
                plain = member.decompress(zipped, CHUNK_BYTES)
            except zlib.error as error:
                raise BrokenOff(f"The gzip data is damaged from here on ({error}).") from error
            if plain:
                yield plain
            zipped = member.unconsumed_tail
            if member.eof:
                # Some tapes and tools fill up with zeros.
                zipped, member = member.unused_data.lstrip(b"\0"), None
    if member:
        raise BrokenOff("The gzip data is cut off here.")


def as_utf8(chunks: Iterator[bytes], encoding: str = "utf-8") -> Iterator[bytes]:
    """The same text in UTF-8. Bytes that are no text in `encoding` stay what they are, for the
    line that holds them to be rejected."""
    if codecs.lookup(encoding).name not in ("utf-8", "utf-8-sig"):
        return _recoded(chunks, encoding)
    first, chunks = peek(chunks)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadFile("This looks like UTF-16, not UTF-8; say so (--encoding utf-16).")
    next(chunks, b"")
    return chain([first.removeprefix(codecs.BOM_UTF8)], chunks)


def _recoded(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode("utf-8", "surrogateescape")
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogateescape")
    except UnicodeError as error:
        raise BrokenOff(f"This is not {encoding} any more ({error}).") from error
