"""From an invitation to the first post in a real Chromium, by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from annotation import gold
from annotation.models import Membership
from joining import consents, entries, invitations
from joining.invitation_links import path_of
from joining.models import Consent, Strata
from qualification import quizzes
from qualification.models import QuizTry

pytestmark = pytest.mark.page
#: What the quiz asks, and the key of the right pick.
QUIZ = {"a goat at the baker's": "entertained", "an empty chair": "saddened"}
PASSWORD = "a-long-quiet-river"


@pytest.fixture
def entry(campaign, add_posts):
    """The campaign asks for every step, and has one real post."""
    for body, expected in QUIZ.items():
        post = add_posts(campaign, body)[0]
        why = f"Because someone is {expected}."
        gold.put(campaign_post=post, expected=[expected], explanation=why, use="quiz")
    add_posts(campaign, "the first real post")
    quizzes.require(campaign=campaign)
    consents.publish(campaign=campaign, text="We keep what you pick.")
    entries.change(campaign=campaign, asks_strata=True, shows_guideline=True)
    return campaign


@pytest.fixture
def link(entry, ben) -> str:
    return path_of(invitations.make(campaign=entry, by=ben, email="eve@example.org"))


def tab_to(page: Page, name: str) -> None:
    """Goes on by Tab until what is focused has this name."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"Tab never reached {name!r}")


def focused(page: Page) -> str:
    """The words on, or the label of, what is focused."""
    return page.evaluate(
        """(() => {
          const here = document.activeElement;
          const named = here.labels?.length ? here.labels[0] : here;
          return named.innerText.replace(/\\s+Enter$/, "").trim();
        })()"""
    )


def press(page: Page, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, label)
    page.keyboard.type(text)


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, exact=True, level=1)).to_be_visible()


def key_of(page: Page, affect: str) -> str:
    """The hint beside the choice."""
    choice = page.locator(f"input[name=picks][value={affect}]")
    return choice.evaluate("e => e.closest('label').querySelector('kbd').textContent.trim()")


def sign_up(page: Page) -> None:
    heading(page, "You are invited")
    write(page, "Username", "eve")
    write(page, "Password", PASSWORD)
    write(page, "The same password again", PASSWORD)
    page.keyboard.press("Enter")


def answer_quiz(page: Page, *, right: bool) -> None:
    """Both posts of a try. In between, the way on is focused: Enter takes it."""
    for place in (1, 2):
        expect(page.get_by_text(f"Post {place} of 2")).to_be_visible()
        page.wait_for_load_state()  # keys are for the script
        body = page.locator(".post-body").inner_text()
        page.keyboard.press(key_of(page, QUIZ[body] if right else "neutral"))
        page.keyboard.press("Enter")
        expect(page.locator("#verdict")).to_have_text("✓ Right" if right else "Not quite")
        expect(page.get_by_text(f"Because someone is {QUIZ[body]}.")).to_be_visible()
        expect(page.locator(".actions a")).to_be_focused()
        page.keyboard.press("Enter")


def test_from_the_invitation_to_the_first_post_by_keyboard_alone(visit, link):
    page = visit(None, link)
    sign_up(page)

    heading(page, "Your consent")
    expect(page.get_by_text("Step 1 of 4")).to_be_visible()
    press(page, "I agree")

    heading(page, "About you, if you like")
    tab_to(page, "Your age")
    page.keyboard.press("ArrowDown")
    press(page, "Go on")

    heading(page, "Guideline")
    press(page, "I have read it")

    heading(page, "A short quiz before you begin")
    press(page, "Start the quiz")
    answer_quiz(page, right=False)
    heading(page, "Not yet")
    expect(page.get_by_text("You have 1 more try.")).to_be_visible()
    press(page, "Try again")
    answer_quiz(page, right=True)
    heading(page, "Passed")
    expect(page.get_by_role("link", name="Go on")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#post-heading")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("the first real post")
    member = Membership.objects.get(rater__user__username="eve")
    assert member.admitted
    assert Consent.objects.get().rater == member.rater
    assert Strata.objects.get().age_band == "18-24"
    assert list(QuizTry.objects.values_list("passed", flat=True)) == [False, True]


def test_the_link_lets_nobody_else_in(visit, link):
    page = visit(None, link)
    sign_up(page)
    heading(page, "Your consent")

    heading(visit(None, link), "This invitation has been used")


def test_nobody_gets_a_post_before_the_last_step(visit, link):
    page = visit(None, link)
    sign_up(page)
    heading(page, "Your consent")

    page.goto("/campaigns/feelings/judge/")
    heading(page, "Your consent")
    press(page, "I agree")
    heading(page, "About you, if you like")
    page.goto("/campaigns/feelings/judge/")
    heading(page, "About you, if you like")


def test_whoever_fails_for_good_is_thanked(visit, ada, entry):
    consents.give(membership=ada.memberships.get(), consent_text=entry.consent_texts.get())
    entries.change(campaign=entry, asks_strata=False, shows_guideline=False)
    page = visit(ada, "/campaigns/feelings/judge/")

    press(page, "Start the quiz")
    answer_quiz(page, right=False)
    heading(page, "Not yet")
    press(page, "Try again")
    answer_quiz(page, right=False)

    heading(page, "Thank you for trying")
    page.goto("/campaigns/feelings/judge/")
    heading(page, "Thank you for your time")
