"""The whole way of a rater, twice: by keyboard alone, and by touch on a small phone."""

import pytest
from django.db.models import Sum
from playwright.sync_api import Page, expect

from annotation.models import Assignment, Flag, Judgement, Rater
from tests.flow.conftest import until
from tests.flow.test_joining import (  # noqa: F401 (fixtures among them)
    PASSWORD,
    QUIZ,
    answer_quiz,
    entry,
    heading,
    key_of,
    link,
    press,
    sign_up,
)
from tests.flow.test_judging import picks_of

pytestmark = pytest.mark.page
POSTS = 12
#: One pick, two, three, and again.
AFFECTS = [["entertained"], ["touched", "connected"], ["informed", "surprised", "inspired"]]


@pytest.fixture
def posts(entry, add_posts):  # noqa: F811
    return add_posts(entry, *(f"post {number}" for number in range(1, POSTS + 3)))


def has_worked_for(page: Page, minutes: int) -> None:
    """As if the clock of active time had come this far."""
    page.add_init_script(
        f"sessionStorage.setItem('pathos-worked', `{minutes * 60_000} ${{Date.now()}}`)"
    )
    page.reload()
    page.wait_for_load_state("networkidle")


def body(page: Page) -> str:
    return page.locator(".post-body").inner_text()


def goes_on_after(page: Page, text: str) -> None:
    expect(page.locator(".post-body")).not_to_have_text(text)


def holds(rater: Rater, page: Page) -> None:
    """All of it is in the database, and on the page on one's own work."""
    answers = [AFFECTS[number % 3] for number in range(POSTS)]
    answers[2] = ["saddened"]
    until(page, lambda: [sorted(picks) for picks in picks_of(rater)], list(map(sorted, answers)))
    assert Assignment.objects.get(state="skipped").skip_reason == "I can’t tell"
    assert Flag.objects.get().reason == "It may put somebody in danger"
    assert Judgement.objects.aggregate(total=Sum("seconds"))["total"] > 0
    assert Judgement.objects.get(revision=1).picks == Judgement.objects.order_by("id")[2].picks
    heading(page, "My work")
    expect(page.get_by_text("You passed the quiz on")).to_be_visible()
    expect(page.locator(".figure", has_text="judgements").first).to_contain_text(str(POSTS))


def test_the_whole_way_by_keyboard_alone(visit, link, posts):  # noqa: F811
    page = visit(None, link)
    sign_up(page)
    for step, button in (
        ("Your consent", "I agree"),
        ("About you, if you like", "Go on"),
        ("Guideline", "I have read it"),
        ("A short quiz before you begin", "Start the quiz"),
    ):
        heading(page, step)
        press(page, button)
    answer_quiz(page, right=False)
    heading(page, "Not yet")
    press(page, "Try again")
    answer_quiz(page, right=True)
    heading(page, "Passed")
    expect(page.get_by_role("link", name="Go on")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/judge/")
    page.wait_for_load_state("networkidle")

    for number in range(POSTS):
        before = body(page)
        for affect in AFFECTS[number % 3]:
            page.keyboard.press(key_of(page, affect))
        page.keyboard.press("Enter")
        goes_on_after(page, before)

    page.keyboard.press("l")
    page.wait_for_url("**/recent/")
    page.keyboard.press("0")  # the tenth from the top: the third that was judged
    page.wait_for_url("**/judgements/*/")
    for affect in [*AFFECTS[2], "saddened"]:
        page.keyboard.press(key_of(page, affect))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your judgement is revised.")).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.press("Escape")
    page.wait_for_url("**/judge/")

    has_worked_for(page, 46)
    before = body(page)
    for key in ("f", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#word")).to_contain_text("an admin will look at this post")
    for key in ("s", "Enter"):
        page.keyboard.press(key)
    goes_on_after(page, before)
    expect(page.locator("#break")).to_contain_text("You have been at it for 45 minutes.")
    press(page, "Stop for today")
    heading(page, "Thank you, and see you soon")
    press(page, "My work")

    holds(Rater.objects.get(user__username="eve"), page)


def test_the_whole_way_by_touch_on_a_phone(visit, link, posts):  # noqa: F811
    page = visit(None, link, width=360, height=740, touch=True)

    def tap(name: str, role: str = "button") -> None:
        page.get_by_role(role, name=name, exact=True).first.tap()

    def pick(*affects: str) -> None:
        for affect in affects:
            page.locator(f"input[name=picks][value={affect}]").tap()

    page.get_by_label("Username").fill("eve")
    for label in ("Password", "The same password again"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    tap("Make my account")
    tap("I agree")
    tap("Go on")
    tap("I have read it")
    for right, start in ((False, "Start the quiz"), (True, "Try again")):
        tap(start)
        for _ in QUIZ:
            pick(QUIZ[body(page)] if right else "neutral")
            page.locator("#submit").tap()
            page.locator(".actions a").tap()
    tap("Go on", "link")
    page.wait_for_url("**/judge/")
    page.wait_for_load_state("networkidle")

    for number in range(POSTS):
        before = body(page)
        pick(*AFFECTS[number % 3])
        page.locator("#submit").tap()
        goes_on_after(page, before)

    tap("My last judgements", "link")
    page.get_by_role("link", name="Revise").nth(9).tap()
    page.wait_for_url("**/judgements/*/")
    page.wait_for_load_state("load")
    pick(*AFFECTS[2], "saddened")
    page.locator("#submit").tap()
    expect(page.get_by_text("Your judgement is revised.")).to_be_visible()
    page.get_by_role("link", name="Back to judging").tap()
    page.wait_for_url("**/judge/")

    has_worked_for(page, 46)
    before = body(page)
    page.locator("#flag > summary").tap()
    tap("Tell an admin")
    expect(page.get_by_text("Flagged")).to_be_visible()
    page.locator("#skip > summary").tap()
    tap("Skip and go on")
    goes_on_after(page, before)
    expect(page.locator("#break")).to_be_visible()
    tap("Stop for today")
    heading(page, "Thank you, and see you soon")
    tap("My work", "link")

    holds(Rater.objects.get(user__username="eve"), page)
