"""Ada looks at her work."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotation import campaigns, members
from joining.models import Consent, ConsentText
from qualification.models import Quiz, QuizTry

MINE = "/work/"


@pytest.fixture
def today() -> str:
    return f"{timezone.localdate()} 00:01"


def test_ada_sees_what_she_did_and_what_it_may_bring(browser, ada, campaign, judge, skip, today):
    campaigns.change(campaign=campaign, pay_per_hour=Decimal("12"))
    judge(ada, today, seconds=3600)
    judge(ada, "2026-01-05 10:00", seconds=1800)
    skip(ada, today, seconds=60)

    page = browser(ada).get(MINE)

    (part,) = page.context["parts"]
    first, *others = page.context["days"].values()
    assert (part["work"].judged, part["work"].seconds, part["pay"]) == (2, 5460, Decimal("18.20"))
    assert (first.judged, first.skipped, first.seconds) == (1, 1, 3660)
    assert len(others) == 13
    for said in ("1 h 31 min", "18.20 EUR", "an estimate", "12.00 EUR an hour", "skipped 1 post"):
        assert said in page.text


def test_where_nothing_is_paid_nothing_is_said_of_pay(browser, ada, judge, today):
    judge(ada, today)

    page = browser(ada).get(MINE)

    assert page.context["parts"][0]["pay"] is None
    assert "estimate" not in page.text


def test_ada_sees_when_she_passed_the_quiz(browser, ada):
    membership = ada.memberships.get()
    QuizTry.objects.create(membership=membership, number=1, passed=False)
    assert "passed the quiz" not in browser(ada).get(MINE).text

    passed = timezone.make_aware(timezone.datetime(2026, 11, 3, 12))
    QuizTry.objects.create(membership=membership, number=2, passed=True, finished_at=passed)

    assert "You passed the quiz on Nov. 3, 2026." in browser(ada).get(MINE).text


def test_whoever_has_no_try_left_is_told_so(browser, ada, campaign):
    Quiz.objects.create(campaign=campaign, tries=2)
    ada.memberships.update(admitted=False)
    membership = ada.memberships.get()

    QuizTry.objects.create(membership=membership, number=1, passed=False)
    once = browser(ada).get(MINE).text
    QuizTry.objects.create(membership=membership, number=2, passed=False)
    twice = browser(ada).get(MINE).text

    assert ("did not pass" in once, "did not pass" in twice) == (False, True)
    assert ("A few steps" in once, "A few steps" in twice) == (True, False)
    assert ("Go on judging" in once, "Go on judging" in twice) == (True, False)


def test_pay_follows_work_that_was_set_aside(browser, ada, ben, campaign, judge, today):
    campaigns.change(campaign=campaign, pay_per_hour=Decimal("12"))
    judge(ada, today, seconds=3600)
    before = browser(ada).get(MINE).context["parts"][0]["pay"]

    members.set_aside(membership=ada.memberships.get(), reason="odd", by=ben, pause=False)

    assert browser(ada).get(MINE).context["parts"][0]["pay"] == before == 12


def test_gold_cannot_be_told_from_the_page(browser, ada, campaign, judge, today):
    campaigns.change(campaign=campaign, pay_per_hour=Decimal("12"))
    judge(ada, today, seconds=60, gold_right=False)
    with_gold = browser(ada).get(MINE).text
    campaign.judgements.update(gold_right=None)

    assert without_token(browser(ada).get(MINE).text) == without_token(with_gold)


def without_token(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_the_page_leads_to_all_that_one_may_do(browser, ada, campaign, judge, today):
    judge(ada, today)
    text = ConsentText.objects.create(campaign=campaign, version=1, text="I agree.")
    Consent.objects.create(consent_text=text, rater=ada)

    page = browser(ada).get(MINE).text

    for address in (
        "/campaigns/feelings/judge/",
        "/campaigns/feelings/recent/",
        "/campaigns/feelings/consent/",
        "/my-strata/",
        "/work/my-data.json",
        "/work/my-judgements.csv",
        "/work/delete/",
    ):
        assert f'href="{address}"' in page


def test_the_menu_shows_my_work_to_those_who_judge(browser, ada, ben, dan):
    shown = {
        who: 'href="/work/"' in browser(person).get("/campaigns/").text
        for who, person in {"ada": ada, "ben": ben, "dan": dan}.items()
    }

    assert shown == {"ada": True, "ben": False, "dan": False}


def test_a_rater_without_a_campaign_is_told_so(browser, cleo):
    assert "You have no part in a campaign." in browser(cleo).get(MINE).text


def test_more_campaigns_ask_no_more_queries(
    browser, ada, taxonomy, judge, today, django_assert_num_queries
):
    judge(ada, today)
    page = browser(ada)
    with CaptureQueriesContext(connection) as few:
        page.get(MINE)
    for number in range(3):
        other = campaigns.create(slug=f"other-{number}", taxonomy=taxonomy)
        campaigns.add_rater(campaign=other, user=ada.user)
        judge(ada, today, campaign=other)

    with django_assert_num_queries(len(few)):
        shown = page.get(MINE)
    assert len(shown.context["parts"]) == 4
