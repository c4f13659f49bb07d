"""E-mails to invite, from whatever CSV people have; links out again."""

import csv

import pytest

from joining import invitation_csv, invitations
from lib.tables import BadFile


def emails(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    return [invitee.email for invitee in invitation_csv.read(data)[0]]


def rejects(text: str) -> list[tuple]:
    return [reject[:3] for reject in invitation_csv.read(text.encode())[1]]


@pytest.mark.parametrize(
    "text",
    [
        "email\neve@x.org\nfay@x.org\n",
        "name,email,team\nEve,eve@x.org,1\nFay,fay@x.org,2\n",
        "name;E-Mail\nEve;eve@x.org\nFay;Fay@X.org",
        "E-mail \r\n eve@x.org \r\nfay@x.org\r\n",
        "\ufeffemail\n\neve@x.org\n\nfay@x.org\n",
        "name\temail\nMüller\teve@x.org\nŻak\tfay@x.org\n".encode("utf-16"),
        "name,email\nMüller,eve@x.org\nGroß,fay@x.org\n".encode("cp1252"),
    ],
)
def test_addresses_are_found_in_what_spreadsheets_write(text):
    assert emails(text) == ["eve@x.org", "fay@x.org"]


def test_good_rows_land_and_bad_ones_say_why():
    text = (
        'name,email\nEve,eve@x.org\nFay,\nGus,gus at x.org\nHal,hal@x.org,more\nIda,"ida@x.org"\n'
    )

    assert emails(text) == ["eve@x.org", "ida@x.org"]
    assert rejects(text) == [
        (2, "email", "is missing"),
        (3, "email", "is no e-mail address"),
        (4, "", "has 3 cells; the header has 2"),
    ]


def test_an_address_longer_than_any_is_left_out():
    (reject,) = rejects(f"email\n{'x' * 60}@{'y' * 60}.{'z' * 60}.{'w' * 60}.{'v' * 60}.org\n")

    assert reject == (1, "email", "has 308 characters; an e-mail address may have 254")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"name,mail\nEve,eve@x.org\n", "The file has no column 'email'; it has: name, mail. "),
        (b"eve@x.org\nfay@x.org\n", "The file has no column 'email'; it has: eve@x.org. "),
        (b"email,email\na@x.org,b@x.org\n", "The header names 'email' more than once."),
    ],
)
def test_a_file_that_names_nobody_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(BadFile) as refused:
        invitation_csv.read(text)

    assert refused.value.message.startswith(sentence)


def test_a_file_of_a_picture_is_no_list():
    with pytest.raises(BadFile):
        invitation_csv.read(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")


def test_more_addresses_than_an_upload_may_bring_are_refused(monkeypatch):
    monkeypatch.setattr(invitation_csv, "MOST", 2)

    with pytest.raises(BadFile, match="more than 2 addresses"):
        invitation_csv.read(b"email\na@x.org\nb@x.org\nc@x.org\n")


def test_links_come_out_for_a_mail_merge(campaign):
    invitations.make(campaign=campaign, by=None, email="eve@x.org")
    risky = invitations.make(campaign=campaign, by=None, email="=1+1@x.org")

    header, eve, formula = csv.reader(
        invitation_csv.write(campaign.invitations.order_by("id"), "https://x.org/").splitlines()
    )

    assert header == ["email", "link", "expires_at"]
    assert (eve[0], eve[1].startswith("https://x.org/join/")) == ("eve@x.org", True)
    assert (risky.email, formula[0]) == ("=1+1@x.org", "'=1+1@x.org")
