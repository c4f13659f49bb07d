"""Raters' own pages and those on their work, with long words, for everyone."""

from decimal import Decimal

import pytest

from annotation import assignments, campaigns, judgements, members
from annotation.models import Membership, Rater
from tests.flow.test_everyone import LONG, LOOKS
from tests.flow.test_everyone_getting_in import seen

pytestmark = pytest.mark.page
HERE = "/campaigns/feelings/"
RATER = HERE + "raters-quality/{ada}/"
CLEAN = dict.fromkeys(LOOKS, ([], 0))


@pytest.fixture
def at_work(campaign, add_posts, ada, ben, people) -> dict:
    """Ada and somebody with a long name have judged the same; Ada was paused and set aside."""
    campaigns.change(campaign=campaign, name=LONG, pay_per_hour=Decimal("1234.50"))
    eve = campaigns.add_rater(campaign=campaign, user=people(LONG[:140])).rater
    add_posts(campaign, f"{LONG} 🎉", "أمطرت على قريتنا أخيرًا.", "a third one")
    for rater in (ada, eve):
        judge_all(campaign, rater)
    membership = Membership.objects.get(rater=ada)
    members.set_aside(membership=membership, reason=LONG, by=ben)
    return {"ada": membership.id}


def judge_all(campaign, rater: Rater) -> None:
    for held in assignments.claim(campaign=campaign, rater=rater, count=3):
        judgements.submit(assignment=held, picks=["touched"], other=LONG[:40], seconds=3600)


PAGES = [
    ("ada", "/work/"),
    ("ada", "/work/delete/"),
    (None, "/work/deleted/"),
    ("ben", f"{HERE}hours/"),
    ("ben", f"{HERE}hours/?week=2025-W01"),
    ("ben", f"{HERE}raters-quality/"),
    ("ben", f"{HERE}raters-quality/?only=look"),
    ("ben", RATER),
]


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_axe_finds_nothing_and_nothing_overflows(who, path, visit, ada, ben, at_work):
    page = visit({"ada": ada, "ben": ben, None: None}[who], path.format(**at_work))

    assert seen(page) == CLEAN


def test_axe_finds_nothing_before_judgements_are_set_aside(visit, ben, at_work):
    members.bring_back(membership=Membership.objects.get(id=at_work["ada"]), by=ben)
    page = visit(ben, RATER.format(**at_work))
    page.get_by_role("button", name="Set aside …").click()
    assert seen(page) == CLEAN

    page.get_by_label("Reason").last.fill(LONG[:150])
    page.get_by_role("button", name="Set aside …").click()
    page.get_by_role("button", name="Set 3 judgements aside").wait_for()
    assert seen(page) == CLEAN


def test_axe_finds_nothing_when_a_password_is_wrong(visit, ada, at_work):
    page = visit(ada, "/work/delete/")
    page.get_by_label("Your password").fill("no")
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_text("Nothing was deleted").wait_for()

    assert seen(page) == CLEAN
