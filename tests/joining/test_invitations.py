"""The verbs on invitations: one link, one person, for a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from annotation.models import Membership
from joining import consents, invitations
from joining.errors import (
    InvitationClosed,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    InvitationWithdrawn,
)
from joining.invitation_links import SIGNER, invitation_by, path_of
from joining.models import Invitation


@pytest.fixture
def invitation(campaign, ben):
    return invitations.make(campaign=campaign, by=ben)


def expire(invitation: Invitation) -> None:
    invitation.expires_at = timezone.now() - timedelta(seconds=1)
    invitation.save()


def invite(campaign, *emails: str) -> dict[str, str]:
    return invitations.make_many(campaign=campaign, emails=emails, by=None)


def test_a_link_is_for_one_person_and_for_two_weeks(invitation, ben):
    assert (invitation.state, invitation.email, invitation.made_by) == ("open", "", ben)
    assert invitation.expires_at - invitation.made_at > timedelta(days=13, hours=23)


def test_the_address_leads_to_the_invitation(invitation):
    token = path_of(invitation).removeprefix("/join/").removesuffix("/")

    assert invitation_by(token) == invitation


@pytest.mark.parametrize("change", ["number", "signature", "shorter", "none", "text"])
def test_a_forged_address_leads_nowhere(invitation, change):
    number, _, signature = SIGNER.sign(invitation.id).partition(".")
    forged = {
        "number": f"{int(number) + 1}.{signature}",
        "signature": f"{number}.{signature[::-1]}",
        "shorter": f"{number}.{signature[:-1]}",
        "none": number,
        "text": SIGNER.sign("one"),
    }

    with pytest.raises(InvitationUnknown):
        invitation_by(forged[change])


def test_an_invitation_that_is_gone_leads_nowhere(invitation):
    token = SIGNER.sign(invitation.id)
    invitation.delete()

    with pytest.raises(InvitationUnknown):
        invitation_by(token)


def test_signing_up_makes_an_account_a_rater_and_a_member(campaign):
    invitation = invitations.make(campaign=campaign, by=None, email="Eve@Example.org")

    membership = invitations.sign_up(invitation=invitation, username="eve", password="s3cret-eve")

    user = membership.rater.user
    assert (user.username, user.email, user.check_password("s3cret-eve")) == (
        "eve", "eve@example.org", True,
    )  # fmt: skip
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert (membership.campaign, membership.rater.key) == (campaign, "eve")
    invitation.refresh_from_db()
    assert (invitation.state, invitation.used_by) == ("used", membership.rater)


def test_who_joins_a_campaign_with_steps_is_not_admitted_yet(invitation, campaign, cleo):
    consents.publish(campaign=campaign, text="We store what you judge.")

    assert not invitations.accept(invitation=invitation, user=cleo.user).admitted


def test_a_link_works_once(invitation, cleo, people):
    invitations.accept(invitation=invitation, user=cleo.user)

    with pytest.raises(InvitationUsed):
        invitations.accept(invitation=invitation, user=people("Eve"))


def test_who_has_a_part_already_leaves_the_invitation_unspent(invitation, ada):
    membership = invitations.accept(invitation=invitation, user=ada.user)

    assert membership.rater == ada
    invitation.refresh_from_db()
    assert invitation.state == "open"


def test_an_expired_link_works_again_when_it_is_renewed(invitation, cleo):
    expire(invitation)
    with pytest.raises(InvitationExpired):
        invitations.accept(invitation=invitation, user=cleo.user)

    invitations.renew(invitation=invitation, days=1)

    assert invitations.accept(invitation=invitation, user=cleo.user).rater == cleo


def test_renewing_has_the_mail_sent_again(campaign):
    invitation = invitations.make(campaign=campaign, by=None, email="eve@example.org")
    Invitation.objects.update(sent_at=timezone.now(), failure="550 no such user")

    invitations.renew(invitation=invitation)

    invitation.refresh_from_db()
    assert (invitation.sent_at, invitation.failure) == (None, "")


def test_a_withdrawn_link_lets_nobody_in_and_stays_withdrawn(invitation, cleo):
    invitations.withdraw(invitation=invitation)

    with pytest.raises(InvitationWithdrawn):
        invitations.accept(invitation=invitation, user=cleo.user)
    with pytest.raises(InvitationClosed):
        invitations.renew(invitation=invitation)


def test_a_used_link_can_neither_be_withdrawn_nor_renewed(invitation, cleo):
    invitations.accept(invitation=invitation, user=cleo.user)

    for change in (invitations.withdraw, invitations.renew):
        with pytest.raises(InvitationClosed):
            change(invitation=invitation)


def test_the_same_address_twice_is_one_invitation(campaign):
    assert invite(campaign, "eve@example.org", "EVE@example.org") == {"eve@example.org": "made"}
    assert invite(campaign, "eve@example.org") == {"eve@example.org": "known"}

    assert Invitation.objects.count() == 1


def test_who_was_invited_before_is_treated_by_where_that_stands(campaign, people):
    invite(campaign, "old@x.org", "gone@x.org", "in@x.org")
    old, gone, in_already = (
        Invitation.objects.get(email=email) for email in ("old@x.org", "gone@x.org", "in@x.org")
    )
    expire(old)
    invitations.withdraw(invitation=gone)
    invitations.accept(invitation=in_already, user=people("Eve"))

    assert invite(campaign, "old@x.org", "gone@x.org", "in@x.org") == {
        "old@x.org": "renewed", "gone@x.org": "made", "in@x.org": "joined",
    }  # fmt: skip
    old.refresh_from_db()
    assert old.state == "open"


def test_the_same_address_may_be_invited_to_two_campaigns(campaign, taxonomy):
    from annotation import campaigns

    other = campaigns.create(slug="other", taxonomy=taxonomy)

    assert invite(campaign, "eve@x.org") == invite(other, "eve@x.org") == {"eve@x.org": "made"}


def race(*calls) -> list:
    """Runs the calls at once; what each returns, or the class of what it raises."""

    def run(call):
        try:
            return call()
        except Exception as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_of_two_people_with_the_same_link_one_wins(invitation, people):
    users = [people(name) for name in ("Eve", "Fay", "Gus", "Hal")]

    ends = race(
        *(lambda user=user: invitations.accept(invitation=invitation, user=user) for user in users)
    )

    assert ends.count(InvitationUsed) == 3
    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_sign_ups_with_the_same_link_one_makes_an_account(
    invitation, django_user_model, ben
):
    def sign_up(name: str):
        return invitations.sign_up(invitation=invitation, username=name, password="s3cret-x")

    ends = race(lambda: sign_up("eve"), lambda: sign_up("fay"))

    assert ends.count(InvitationUsed) == 1
    assert django_user_model.objects.exclude(id=ben.id).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_admins_with_the_same_list_invite_each_address_once(campaign):
    emails = [f"rater{number}@example.org" for number in range(50)]

    first, second = race(lambda: invite(campaign, *emails), lambda: invite(campaign, *emails))

    assert {first[emails[0]], second[emails[0]]} == {"made", "known"}
    assert Invitation.objects.count() == 50
