"""Invitations in and out as CSV: e-mails to invite, and links for a mail merge."""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from joining.invitation_links import link_of
from joining.models import Invitation
from lib.spreadsheets import csv_lines
from lib.tables import BadFile, Reject, Row
from lib.tables.delimited import csv_rows
from lib.tables.lines import lines

LONGEST_EMAIL = 254
#: As many as one upload may bring; they are read into memory.
MOST = 20_000


class Invitee(NamedTuple):
    row: int
    email: str


def read(data: bytes) -> tuple[list[Invitee], list[Reject]]:
    """Whom a CSV with a column `email` names, and the rows that can't be used.

    The column may be written E-mail, too; other columns don't matter. Raises BadFile.
    """
    if not data.strip():
        raise BadFile("The file is empty.")
    columns, rows = csv_rows(lines([_text_of(data).encode()]))
    column = next((name for name in columns if _plain(name) == "email"), None)
    if column is None:
        raise BadFile(
            f"The file has no column 'email'; it has: {', '.join(columns)}. "
            "Please name the column with the addresses 'email' in the first line."
        )
    return _sorted_out(rows, column)


def write(invitations: Iterable[Invitation], site: str) -> str:
    """One line for each invitation: email, link, expires_at."""
    rows = (
        [each.email, link_of(site, each), each.expires_at.isoformat(timespec="minutes")]
        for each in invitations
    )
    return "".join(csv_lines(["email", "link", "expires_at"], rows))


def _sorted_out(rows: Iterator[Row | Reject], column: str) -> tuple[list[Invitee], list[Reject]]:
    invitees, rejects = [], []
    for row in rows:
        if isinstance(row, Reject):
            rejects.append(row)
            continue
        email = row.values[column].strip()
        fault = _fault(email)
        if fault:
            rejects.append(Reject(row.number, "email", fault, email[:100]))
        else:
            invitees.append(Invitee(row.number, email.lower()))
        if len(invitees) > MOST:
            raise BadFile(f"The file has more than {MOST:,} addresses. Please split it.")
    return invitees, rejects


def _fault(email: str) -> str:
    if not email:
        return "is missing"
    if len(email) > LONGEST_EMAIL:
        return f"has {len(email)} characters; an e-mail address may have {LONGEST_EMAIL}"
    try:
        validate_email(email)
    except ValidationError:
        return "is no e-mail address"
    return ""


def _text_of(data: bytes) -> str:
    """Spreadsheet programs write UTF-8, UTF-16 or the encoding of their country. Addresses are the
    same in all of those, so names beside them need not be read right."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())
