"""Networks go, servers fail, sessions end, leases run out: no answer is lost, and no rater is stuck."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from annotation import campaigns
from annotation.models import Assignment, CampaignPost, Judgement, JudgementRevision
from tests.flow.conftest import session_cookie, until

pytestmark = pytest.mark.page
JUDGE = "/campaigns/feelings/judge/"
ANSWER = "**/assignments/*/"


@pytest.fixture
def desk(visit, ada, campaign, add_posts) -> Page:
    """Ada's desk, with two affects picked and the other posts here already."""
    add_posts(campaign, *(f"post {n}" for n in range(1, 6)))
    page = visit(ada, JUDGE)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("1")
    page.keyboard.press("2")
    return page


def sees(page: Page, text: str) -> None:
    expect(page.locator(".post-body")).to_have_text(text)


def waits(page: Page, sentence: str) -> None:
    """The rater goes on at once, and reads calmly what has become of the answer."""
    page.keyboard.press("Enter")
    sees(page, "post 2")
    expect(page.locator("#waiting")).to_contain_text("1 answer waiting to be sent")
    expect(page.locator("#waiting")).to_contain_text(sentence)
    assert Judgement.objects.count() == 0


def arrives(page: Page) -> None:
    expect(page.locator("#waiting")).to_be_hidden()
    until(page, lambda: [judgement.picks for judgement in Judgement.objects.all()], [0b11])


def sign_in(page: Page, name: str) -> None:
    tab = page.context.new_page()
    tab.goto("/signin/")
    tab.get_by_label("Username").fill(name)
    tab.get_by_label("Password").fill("pass")
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("heading", name="Campaigns")).to_be_visible()
    tab.close()
    page.evaluate("dispatchEvent(new Event('focus'))")


def test_without_a_network_the_answer_waits(desk):
    desk.route(ANSWER, lambda route: route.abort())
    waits(desk, "No connection at the moment.")

    desk.unroute(ANSWER)
    arrives(desk)


def test_a_server_error_keeps_the_answer(desk):
    desk.route(ANSWER, lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    waits(desk, "The server does not answer at the moment.")

    desk.unroute(ANSWER)
    arrives(desk)


def test_a_page_that_is_not_ours_is_no_receipt(desk):
    """A hotel's sign-in page answers everything with 200."""
    desk.route(ANSWER, lambda route: route.fulfill(status=200, body="<h1>Welcome, guest</h1>"))
    waits(desk, "The server does not answer at the moment.")

    desk.unroute(ANSWER)
    arrives(desk)


def test_an_answer_whose_receipt_was_lost_is_stored_once(desk):
    def deliver_and_lose_the_receipt(route) -> None:
        route.fetch()
        route.fulfill(status=504, body="<h1>Gateway timeout</h1>")

    desk.route(ANSWER, deliver_and_lose_the_receipt)
    desk.keyboard.press("Enter")
    expect(desk.locator("#waiting")).to_contain_text("The server does not answer")
    until(desk, Judgement.objects.count, 1)

    desk.unroute(ANSWER)
    arrives(desk)
    assert JudgementRevision.objects.count() == 0


def test_a_closed_tab_leaves_its_answer_to_the_next(desk):
    desk.route(ANSWER, lambda route: route.abort())
    waits(desk, "No connection at the moment.")
    context = desk.context
    desk.close()

    page = context.new_page()
    page.goto(JUDGE)

    sees(page, "post 2")
    arrives(page)


def test_signing_in_again_in_another_tab_is_enough(desk):
    desk.context.clear_cookies(name="sessionid")
    waits(desk, "You are signed out. Everything is kept in this browser.")
    expect(desk.get_by_role("link", name="Sign in")).to_be_visible()

    sign_in(desk, "ada")
    arrives(desk)


def test_nobody_sends_the_answers_of_somebody_else(desk, ada, people, campaign):
    eve = people("eve")
    campaigns.add_rater(campaign=campaign, user=eve)
    desk.context.clear_cookies(name="sessionid")
    sign_in(desk, "eve")
    waits(desk, "Somebody else is signed in.")

    page = desk.context.new_page()
    page.goto(JUDGE)
    page.wait_for_load_state("networkidle")
    expect(page.locator("#waiting")).to_be_hidden()
    assert Judgement.objects.count() == 0

    desk.context.add_cookies([session_cookie(ada, desk.evaluate("location.origin"))])
    desk.evaluate("dispatchEvent(new Event('focus'))")
    arrives(desk)


def test_signing_out_loses_nothing(desk, ada):
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Sign out").click()

    expect(desk.get_by_role("button", name="Sign in")).to_be_visible()
    until(desk, lambda: Judgement.objects.filter(rater=ada).count(), 1)


def test_an_ended_lease_is_told_kindly_and_the_rater_goes_on(desk):
    held = Assignment.objects.order_by("id").first()
    Assignment.objects.filter(id=held.id).update(
        lease_expires_at=timezone.now() - timedelta(minutes=1)
    )

    desk.keyboard.press("Enter")

    sees(desk, "post 2")
    expect(desk.locator("#word")).to_contain_text("The time for this post had ended")
    expect(desk.locator("#live")).to_contain_text("The time for this post had ended")
    expect(desk.locator("#count")).to_have_text("0 of 3 picked")
    assert Judgement.objects.count() == 0


def test_a_post_that_was_withdrawn_leaves_the_desk(desk):
    """The one after it is on the desk by the time the server says so."""
    campaigns.withdraw_post(campaign_post=CampaignPost.objects.get(post__body="post 2"))

    desk.keyboard.press("Enter")

    sees(desk, "post 3")
    expect(desk.locator("#word")).to_contain_text("This post went back to the queue meanwhile.")
    arrives(desk)


def test_an_answer_that_the_server_refuses_comes_back_to_be_mended(desk, campaign):
    campaign.max_picks = 1
    campaign.save()

    with desk.expect_response(ANSWER):
        desk.keyboard.press("Enter")
    sees(desk, "post 2")
    desk.keyboard.press("5")
    desk.keyboard.press("Enter")

    sees(desk, "post 1")
    expect(desk.locator("#message")).to_contain_text("Please take 1 away.")
    expect(desk.locator("#count")).to_have_text("2 of 3 picked")
    desk.keyboard.press("2")
    desk.keyboard.press("Enter")
    until(desk, lambda: {judgement.picks for judgement in Judgement.objects.all()}, {0b1, 0b10000})


def test_two_tabs_share_the_work(desk):
    """What one tab has judged leaves the other, and no post is judged twice."""
    tab = desk.context.new_page()
    tab.goto(JUDGE)
    tab.wait_for_load_state("networkidle")
    sees(tab, "post 1")

    desk.keyboard.press("Enter")
    sees(desk, "post 2")
    arrives(desk)

    sees(tab, "post 2")
    for page in (tab, desk):
        page.keyboard.press("3")
    tab.keyboard.press("Enter")
    sees(tab, "post 3")
    desk.keyboard.press("Enter")
    sees(desk, "post 3")
    until(desk, lambda: [judgement.picks for judgement in Judgement.objects.order_by("id")], [3, 4])
    assert JudgementRevision.objects.count() == 0


def test_a_campaign_that_is_paused_meanwhile_keeps_the_answers(desk, campaign):
    campaign.state = "paused"
    campaign.save()

    for number in (2, 3):
        desk.keyboard.press("Enter")
        sees(desk, f"post {number}")
        desk.keyboard.press("1")
    desk.keyboard.press("Enter")

    expect(desk.get_by_text("Nothing is lost; please come back later.")).to_be_visible()
    assert [judgement.picks for judgement in Judgement.objects.order_by("id")] == [3, 1, 1]
