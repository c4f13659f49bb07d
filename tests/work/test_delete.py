"""Ada leaves: nothing of her name stays, all of her work does."""

import pytest
from django.apps import apps
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Count

from annotation import assignments, campaigns
from annotation.models import (
    Assignment,
    CampaignPost,
    Flag,
    Judgement,
    JudgementRevision,
    Membership,
    Rater,
)
from joining.models import Consent, Invitation, Participant, Strata
from qualification.models import QuizAnswer
from work import accounts
from work.errors import LastAdmin

DELETE = "/work/delete/"


@pytest.fixture
def zelda(people, campaign) -> Rater:
    """A rater with a name that stands nowhere by chance."""
    return campaigns.add_rater(campaign=campaign, user=people("Zelda")).rater


def cells_with(text: str) -> list[str]:
    """Where in the database a text stands, in whatever column of whatever table."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        return [
            table
            for table in tables
            if cursor.execute(
                f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{text}%"]
            ).fetchone()[0]
        ]


def test_nothing_of_the_name_stays_anywhere(browser, ben, zelda, campaign, live):
    live(zelda)
    for thing in (zelda.user, zelda.memberships.get(), Invitation.objects.get()):
        LogEntry.objects.create(
            user=ben,
            content_type=ContentType.objects.get_for_model(thing),
            object_id=thing.pk,
            object_repr=str(thing),
            action_flag=ADDITION,
        )
    assert {"auth_user", "annotation_rater", "joining_strata", "django_admin_log"} <= set(
        cells_with("zelda")
    )

    browser(zelda).post(DELETE, {"typed": "pass"})

    assert cells_with("zelda") == []


def test_all_work_stays_under_a_random_name(zelda, live):
    live(zelda)
    kept = [Judgement, JudgementRevision, Assignment, Flag, QuizAnswer, Consent, Membership]
    before = {model: model.objects.count() for model in kept}

    accounts.delete(rater=zelda)

    zelda.refresh_from_db()
    assert zelda.key.startswith("left-") and len(zelda.key) > 16
    assert (zelda.user, zelda.left_at is None) == (None, False)
    assert {model: model.objects.count() for model in kept} == before
    assert set(Judgement.objects.values_list("rater", "seconds", "other")) == {
        (zelda.id, 2, "wistful")
    }
    assert Assignment.objects.get(state="skipped").skip_reason == "I can’t tell"
    assert not Consent.objects.filter(withdrawn_at=None).exists()


def test_what_only_tells_who_somebody_is_goes(zelda, live):
    live(zelda)

    accounts.delete(rater=zelda)

    assert not Strata.objects.exists()
    assert not get_user_model().objects.filter(username="zelda").exists()
    (came,) = Participant.objects.values_list("participant", "study", "session")
    assert came[0].startswith("forgotten-") and came[1:] == ("", "")
    assert list(Invitation.objects.values_list("email", flat=True)) == [""]


def test_nothing_of_others_is_touched(zelda, ada, ben, live):
    live(zelda)
    live(ada)
    LogEntry.objects.create(user=ben, object_repr="Zeldas friend", action_flag=ADDITION)
    others = snapshot_of(ada)

    accounts.delete(rater=zelda)

    assert snapshot_of(ada) == others
    assert LogEntry.objects.get().object_repr == "Zeldas friend"


def snapshot_of(rater: Rater) -> dict:
    from work.personal import TABLES

    return {table.name: list(table.rows(rater)) for table in TABLES}


def test_posts_at_hand_go_back_to_the_queue(zelda, campaign, add_posts):
    add_posts(campaign, "one", "two")
    assignments.claim(campaign=campaign, rater=zelda, count=2)

    accounts.delete(rater=zelda)

    reserved = CampaignPost.objects.values_list("reserved").annotate(Count("id"))
    assert list(reserved) == [(0, 2)]
    assert set(Assignment.objects.values_list("state", flat=True)) == {"expired"}


def test_an_invitation_that_still_waits_for_her_is_withdrawn(zelda, campaign, ben):
    from django.utils import timezone

    zelda.user.email = "Zelda@example.org"
    zelda.user.save()
    for email in ("zelda@example.org", "other@example.org"):
        Invitation.objects.create(campaign=campaign, email=email, expires_at=timezone.now())

    accounts.delete(rater=zelda)

    left = [(one.email, bool(one.withdrawn_at)) for one in Invitation.objects.order_by("id")]
    assert left == [("", True), ("other@example.org", False)]


def test_ada_is_asked_for_her_password_and_signed_out(browser, ada, campaign):
    page = browser(ada)

    wrong = page.post(DELETE, {"typed": "guess"})
    assert (wrong.status_code, Rater.objects.get().user) == (422, ada.user)
    assert "This is not your password. Nothing was deleted." in wrong.text

    gone = page.post(DELETE, {"typed": "pass"}, follow=True)
    assert gone.redirect_chain == [("/work/deleted/", 302)]
    assert page.get("/work/").status_code == 302
    assert page.login(username="ada", password="pass") is False


@pytest.mark.parametrize("typed", ["delete", " Delete "])
def test_who_has_no_password_types_a_word(typed, browser, ada):
    ada.user.set_unusable_password()
    ada.user.save()
    page = browser(ada)

    assert page.post(DELETE, {"typed": "no"}).status_code == 422
    assert page.post(DELETE, {"typed": typed}).status_code == 302
    assert not get_user_model().objects.filter(username="ada").exists()


def test_other_devices_are_signed_out_too(client, ada, campaign):
    from django.test import Client

    phone = Client()
    phone.force_login(ada.user)

    accounts.delete(rater=ada)

    assert phone.get("/work/").url == "/signin/?next=/work/"


def test_the_last_admin_stays(browser, ben, people):
    rater = Rater.objects.create(user=ben, key="ben")

    refused = browser(ben).post(DELETE, {"typed": "pass"})

    assert refused.status_code == 422
    assert "You are the only admin." in refused.text
    with pytest.raises(LastAdmin):
        accounts.delete(rater=rater)
    people("Bea", is_staff=True, is_active=False)
    with pytest.raises(LastAdmin):
        accounts.delete(rater=rater)

    people("Bo", is_staff=True)
    accounts.delete(rater=rater)
    assert not get_user_model().objects.filter(username="ben").exists()


def test_the_page_says_plainly_what_goes_and_what_stays(browser, ada):
    page = browser(ada).get(DELETE).text

    for said in ("What is erased", "What is kept", "random name", "cannot be undone", "are lost"):
        assert said in page


def test_every_other_table_lets_an_account_go():
    """A key that protects the account would turn the deletion into an error."""
    keys = [
        (model._meta.label, field.name, field.remote_field.on_delete.__name__)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model in (get_user_model(), Rater)
    ]

    assert [key for key in keys if key[2] in ("PROTECT", "RESTRICT", "DO_NOTHING")] == []
