"""Mails go out once each, to a real SMTP server that may have a bad day."""

import socket
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from joining import invitations, queries
from joining.models import Invitation
from joining.tasks import send_invitations

SITE = "https://pathos.example.org/"


class Server:
    """Takes mails; answers what `answers` says for an address instead."""

    def __init__(self):
        self.mails, self.answers = [], {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    @property
    def receivers(self) -> list[str]:
        return [mail["To"] for mail in self.mails]


@pytest.fixture
def server(settings):
    server = Server()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.DEFAULT_FROM_EMAIL = "Pathos <study@example.org>"
    yield server
    controller.stop()


@pytest.fixture
def invited(campaign):
    emails = ["eve@example.org", "fay@example.org", "gus@example.org"]
    invitations.make_many(campaign=campaign, emails=emails, by=None)
    return campaign


def send(campaign) -> None:
    send_invitations.apply(args=[campaign.id, SITE], throw=True)


def test_each_mail_says_what_it_is_and_carries_the_link(server, invited):
    send(invited)

    mail = server.mails[0]
    assert (mail["Subject"], mail["From"], mail["To"]) == (
        "Invitation: Feelings", "Pathos <study@example.org>", "eve@example.org",
    )  # fmt: skip
    assert mail.get_content_type() == "text/plain"
    text = mail.get_content()
    link = next(line for line in text.splitlines() if line.startswith(SITE))
    token = link.removeprefix(f"{SITE}join/").removesuffix("/")
    assert token.partition(".")[0] == str(Invitation.objects.get(email="eve@example.org").id)
    assert "expires on" in text


def test_nobody_gets_two_mails(server, invited):
    send(invited)
    send(invited)

    assert server.receivers == ["eve@example.org", "fay@example.org", "gus@example.org"]
    assert not Invitation.objects.filter(sent_at=None).exists()


def test_links_that_let_nobody_in_are_not_sent(server, invited):
    eve, fay = Invitation.objects.filter(email__in=["eve@example.org", "fay@example.org"])
    invitations.withdraw(invitation=eve)
    invitations.make(campaign=invited, by=None)  # a link without an address

    send(invited)

    assert sorted(server.receivers) == sorted([fay.email, "gus@example.org"])


def test_an_address_that_is_refused_for_good_is_noted_and_the_others_are_sent(server, invited):
    server.answers["fay@example.org"] = "550 no such user"

    send(invited)

    fay = Invitation.objects.get(email="fay@example.org")
    assert (fay.sent_at, fay.failure) == (None, "550 no such user")
    assert server.receivers == ["eve@example.org", "gus@example.org"]
    assert not queries.unsent(invited).exists()


def test_a_server_that_says_later_is_asked_later(server, invited):
    server.answers["eve@example.org"] = "451 try again later"

    result = send_invitations.apply(args=[invited.id, SITE], retries=7)

    # The eight tries of one run end with the reason; a server that answers then gets the rest.
    assert "451" in str(result.result)
    assert server.receivers == ["fay@example.org", "gus@example.org"]
    server.answers.clear()
    send(invited)
    assert server.receivers[2:] == ["eve@example.org"]


def test_a_server_that_is_away_costs_no_mail(server, invited, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

    result = send_invitations.apply(args=[invited.id, SITE], retries=8)

    assert isinstance(result.result, OSError)
    assert queries.unsent(invited).count() == 3
    settings.EMAIL_PORT = port
    send(invited)
    assert len(server.mails) == 3


def test_a_name_with_a_line_break_makes_no_second_header(server, invited):
    invited.name = "Feelings\nBcc: everybody@example.org"
    invited.save()

    send(invited)

    assert server.mails[0]["Subject"] == "Invitation: Feelings Bcc: everybody@example.org"
    assert server.mails[0]["Bcc"] is None


def test_a_campaign_that_is_gone_is_no_error(server, db):
    send_invitations.apply(args=[4711, SITE], throw=True)

    assert server.mails == []
