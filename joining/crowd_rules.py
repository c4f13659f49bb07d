"""What the links of crowd platforms say, and what we answer: pure decisions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from urllib.parse import quote, urlencode

from joining.crowd_errors import IdMissing, IdUnusable

#: Per kind of entrance: how the link names participant, study and session. (An MTurk worker's part
#: in a HIT is an "assignment" there; here that word means something else, so it is the session.)
PARAMETERS = {
    "prolific": ("PROLIFIC_PID", "STUDY_ID", "SESSION_ID"),
    "mturk": ("workerId", "hitId", "assignmentId"),
    "open": ("participant", "study", "session"),
}
PLATFORMS = {"prolific": "Prolific", "mturk": "Mechanical Turk"}
#: MTurk shows a HIT to people who have not accepted it yet, with this in place of an id.
PREVIEW = "ASSIGNMENT_ID_NOT_AVAILABLE"
#: Real ids have 12 to 40 characters; a lab's own may be e-mail addresses.
LONGEST_ID = 100
#: Begins with a letter or digit, so that no id can be a formula in a spreadsheet.
USABLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:+-]*", re.ASCII)
PLACEHOLDER = re.compile(r"\{(\w*)\}")
PLACEHOLDERS = ("participant", "study", "session", "assignment")
PROLIFIC_COMPLETE = "https://app.prolific.com/submissions/complete?"
#: Taken for a judgement's time until the campaign has judgements to learn it from.
USUAL_SECONDS = 15.0


@dataclass(frozen=True)
class Ids:
    """Who somebody is on the platform that sent them, and which of its sessions this is."""

    participant: str
    study: str = ""
    session: str = ""


def read_ids(kind: str, sent: Mapping[str, str]) -> Ids:
    """The ids in a link's query. Raises IdMissing, IdUnusable.

    Crowd platforms always send all three; on a link of one's own study and session may be missing.
    """
    names = PARAMETERS[kind]
    found = {name: sent.get(name, "").strip() for name in names}
    for name, value in found.items():
        if not value and kind in PLATFORMS:
            raise IdMissing(PLATFORMS[kind], name)
        if value and not (len(value) <= LONGEST_ID and USABLE_ID.fullmatch(value)):
            raise IdUnusable(name, LONGEST_ID)
    return Ids(*found.values())


def is_preview(kind: str, sent: Mapping[str, str]) -> bool:
    """Whether somebody only looks at the HIT and has not accepted it yet."""
    return kind == "mturk" and sent.get("assignmentId") == PREVIEW


def link_to_paste(kind: str, address: str) -> str:
    """The entrance's address as the platform wants it pasted.

    >>> link_to_paste("prolific", "https://host/enter/x/")
    'https://host/enter/x/?PROLIFIC_PID={{%PROLIFIC_PID%}}&STUDY_ID={{%STUDY_ID%}}&SESSION_ID={{%SESSION_ID%}}'
    >>> link_to_paste("mturk", "https://host/enter/x/")  # MTurk adds its parameters by itself
    'https://host/enter/x/'
    """
    if kind != "prolific":
        return address
    return f"{address}?" + "&".join(f"{name}={{{{%{name}%}}}}" for name in PARAMETERS[kind])


def completion_link(kind: str, url: str, code: str, ids: Ids) -> str:
    """Where to go when done: the admin's URL, or Prolific's own for the code; "" if neither.

    >>> completion_link("prolific", "", "C0DE", Ids("p1"))
    'https://app.prolific.com/submissions/complete?cc=C0DE'
    """
    if not url and code and kind == "prolific":
        return PROLIFIC_COMPLETE + urlencode({"cc": code})
    return fill(url, ids)


def fill(url: str, ids: Ids) -> str:
    """The URL with its placeholders filled, each value quoted.

    >>> fill("https://example.org/done?id={participant}&a={assignment}", Ids("a+b", session="s"))
    'https://example.org/done?id=a%2Bb&a=s'
    """
    values = {**vars(ids), "assignment": ids.session}
    return PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=""), url)


def fault_of_url(url: str) -> str:
    """What keeps people from being sent there, as a sentence; "" for nothing.

    >>> fault_of_url("https://example.org/done?id={participant}"), fault_of_url("")
    ('', '')
    >>> fault_of_url("https://example.org/{name}")
    'Nothing is known to put in for {name}; there are {participant}, {study}, {session}, {assignment}.'
    """
    if url and not url.lower().startswith(("https://", "http://")):
        return "Please give an address that begins with https:// or http://."
    unknown = [f"{{{name}}}" for name in PLACEHOLDER.findall(url) if name not in PLACEHOLDERS]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        return f"Nothing is known to put in for {', '.join(unknown)}; there are {known}."
    return ""


def minutes_for(judgements: int, seconds_each: float) -> int:
    """A fair guess of the time it takes: whole minutes, from 10 on in steps of five.

    >>> [minutes_for(count, 15.0) for count in (1, 20, 41, 100)]
    [1, 5, 15, 25]
    """
    minutes = max(1, ceil(judgements * seconds_each / 60))
    return minutes if minutes <= 10 else 5 * ceil(minutes / 5)
