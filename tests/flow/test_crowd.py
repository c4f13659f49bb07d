"""Somebody comes from a crowd platform in a real Chromium, judges, and goes back with the code."""

import pytest
from playwright.sync_api import Locator, Page, expect

from annotation.models import Judgement, Rater
from joining import consents, entrances
from joining.crowd_rules import Ids
from joining.models import Entrance, Participant

pytestmark = pytest.mark.page
LINK = "?PROLIFIC_PID=5f1aEVE&STUDY_ID=60c2&SESSION_ID=61d3"
SIZES = {"desk": {}, "phone": {"width": 360, "height": 740, "touch": True}}


@pytest.fixture
def entrance(campaign, add_posts) -> Entrance:
    add_posts(campaign, *(f"post {number}" for number in range(1, 6)))
    return entrances.make(
        campaign=campaign, name="Pilot", kind="prolific", quota=3, completion_code="C0DE"
    )


def touch(what: Locator) -> None:
    """A click, or a tap where there is no mouse."""
    what.tap() if what.evaluate("() => navigator.maxTouchPoints") else what.click()


def press(page: Page, name: str) -> None:
    touch(page.get_by_role("button", name=name))


def sees(page: Page, text: str) -> None:
    expect(page.locator("article", has=page.locator("#post-heading"))).to_contain_text(text)


def judge(page: Page, text: str) -> None:
    sees(page, text)
    touch(page.locator("label:has(input[name=picks][value=touched])"))
    touch(page.locator("#submit"))


def finish(page: Page) -> None:
    touch(page.locator("a[href$='/finished/']"))


@pytest.mark.parametrize("size", SIZES)
def test_from_the_platforms_link_to_the_completion_code(size, visit, entrance):
    page = visit(None, f"/enter/{entrance.token}/{LINK}", **SIZES[size])
    expect(page.get_by_text("We ask you for 3 posts.")).to_be_visible()
    assert not Rater.objects.exists()

    press(page, "Begin")
    for number in (1, 2, 3):
        judge(page, f"post {number}")
    finish(page)

    expect(page.get_by_text("C0DE", exact=True)).to_be_visible()
    back = page.get_by_role("link", name="Back to Prolific")
    expect(back).to_have_attribute("href", "https://app.prolific.com/submissions/complete?cc=C0DE")
    participant = Participant.objects.get()
    assert participant.finished_at is not None
    assert Judgement.objects.filter(rater=participant.rater).count() == 3


def test_whoever_has_judged_all_there_is_gets_the_code_as_well(visit, entrance, campaign):
    campaign.campaign_posts.exclude(post__body="post 1").update(state="withdrawn")
    page = visit(None, f"/enter/{entrance.token}/{LINK}")

    press(page, "Begin")
    judge(page, "post 1")
    expect(page.get_by_role("heading", name="Nothing left to judge")).to_be_visible()
    finish(page)

    expect(page.get_by_text("C0DE", exact=True)).to_be_visible()


def test_consent_comes_first_where_the_campaign_asks_for_it(visit, entrance, campaign):
    consents.publish(campaign=campaign, text="We keep your answers.")
    page = visit(None, f"/enter/{entrance.token}/{LINK}")

    press(page, "Begin")
    expect(page.get_by_text("We keep your answers.")).to_be_visible()
    press(page, "I agree")

    sees(page, "post 1")


def test_whoever_does_not_agree_is_thanked_and_led_back(visit, entrance, campaign):
    consents.publish(campaign=campaign, text="We keep your answers.")
    entrances.change(entrance=entrance, screen_out_url="https://lab.example/out?p={participant}")
    page = visit(None, f"/enter/{entrance.token}/{LINK}", **SIZES["phone"])

    press(page, "Begin")
    press(page, "I don’t agree")

    expect(page.get_by_role("heading", name="Thank you for your time")).to_be_visible()
    back = page.get_by_role("link", name="Back to Prolific")
    expect(back).to_have_attribute("href", "https://lab.example/out?p=5f1aEVE")
    assert Participant.objects.get().screened_out_at is not None


def test_another_browser_goes_on_where_the_first_one_stopped(visit, entrance):
    here = visit(None, f"/enter/{entrance.token}/{LINK}")
    press(here, "Begin")
    judge(here, "post 1")
    sees(here, "post 2")

    there = visit(None, f"/enter/{entrance.token}/{LINK}", **SIZES["phone"])
    press(there, "Begin")
    judge(there, "post 2")

    sees(there, "post 3")
    assert Rater.objects.count() == 1


def test_one_click_takes_the_whole_code(visit, entrance):
    participant = entrances.enter(entrance=entrance, ids=Ids("5f1aEVE"))
    entrances.finish(participant=participant)
    page = visit(participant.rater, "/campaigns/feelings/finished/")

    page.locator(".copyable").click()

    assert page.evaluate("getSelection().toString()").strip() == "C0DE"


def test_mturk_shows_us_in_its_frame_and_gets_the_code(chromium, live_server, campaign, add_posts):
    """The real thing, but for Mechanical Turk itself, whose two pages we play."""
    add_posts(campaign, "post 1", "post 2")
    entrance = entrances.make(
        campaign=campaign, name="HIT", kind="mturk", quota=1, completion_code="C0DE"
    )
    query = "?workerId=A1EVE&hitId=3XYZ&assignmentId=3QQQ&turkSubmitTo=https://www.mturk.com"
    frame = f"<iframe src='{live_server.url}/enter/{entrance.token}/{query}' width=800 height=600>"
    handed_in = []
    context = chromium.new_context(permissions=["local-network-access"])
    context.route("https://worker.mturk.com/**", lambda route: route.fulfill(
        content_type="text/html", body=frame
    ))  # fmt: skip
    context.route("https://www.mturk.com/**", lambda route: (
        handed_in.append(route.request.post_data), route.fulfill(body="Thank you")
    ))  # fmt: skip

    hit = context.new_page()
    hit.goto("https://worker.mturk.com/hit")
    framed = hit.frame_locator("iframe")
    with context.expect_page() as opened:
        framed.get_by_role("link", name="Open the study").click()
    page = opened.value
    press(page, "Begin")
    judge(page, "post 1")
    finish(page)
    expect(page.get_by_text("C0DE", exact=True)).to_be_visible()
    framed.get_by_label("copy your completion code").fill("C0DE")
    framed.get_by_role("button", name="Hand it in").click()
    expect(framed.get_by_text("Thank you")).to_be_visible()
    context.close()

    assert handed_in == ["assignmentId=3QQQ&code=C0DE"]
