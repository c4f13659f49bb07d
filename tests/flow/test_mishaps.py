"""What a rater sees when something goes wrong: the picks are always still there."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from annotation.models import Assignment, Judgement

pytestmark = pytest.mark.page
JUDGE = "/campaigns/feelings/judge/"
ANSWER = "**/assignments/*/"


@pytest.fixture
def desk(visit, ada, campaign, add_posts) -> Page:
    """Ada's desk, with two affects picked."""
    add_posts(campaign, "post 1", "post 2")
    page = visit(ada, JUDGE)
    page.keyboard.press("1")
    page.keyboard.press("2")
    return page


def submit_and_read(page: Page, sentence: str) -> None:
    page.keyboard.press("Enter")
    expect(page.locator("#message")).to_contain_text(sentence)
    expect(page.locator("#live")).to_contain_text(sentence)
    expect(page.locator("#count")).to_have_text("2 of 3 picked")
    assert Judgement.objects.count() == 0


def submits(page: Page) -> None:
    page.keyboard.press("Enter")
    expect(page.locator(".post-body")).to_have_text("post 2")
    assert Judgement.objects.get().picks == 0b11


def test_without_a_network_the_picks_wait(desk):
    desk.route(ANSWER, lambda route: route.abort())
    submit_and_read(desk, "No connection to the server. Your picks are still here")

    desk.unroute(ANSWER)
    submits(desk)


def test_a_server_error_keeps_the_picks(desk):
    desk.route(ANSWER, lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    submit_and_read(desk, "The server could not answer just now. Your picks are still here")

    desk.unroute(ANSWER)
    submits(desk)


def test_an_answer_whose_receipt_was_lost_is_stored_once(desk):
    def deliver_and_lose_the_receipt(route) -> None:
        route.fetch()
        route.fulfill(status=504, body="<h1>Gateway timeout</h1>")

    desk.route(ANSWER, deliver_and_lose_the_receipt)
    desk.keyboard.press("Enter")
    expect(desk.locator("#message")).to_contain_text("The server could not answer just now.")
    assert Judgement.objects.count() == 1

    desk.unroute(ANSWER)
    submits(desk)


def test_signing_in_again_in_another_tab_is_enough(desk, ada):
    desk.context.clear_cookies(name="sessionid")
    submit_and_read(desk, "You are signed out. Your picks are still here")

    tab = desk.context.new_page()
    tab.goto("/signin/")
    tab.get_by_label("Username").fill("ada")
    tab.get_by_label("Password").fill("pass")
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("heading", name="Campaigns")).to_be_visible()
    submits(desk)


def test_an_ended_lease_is_told_kindly_and_the_rater_goes_on(desk):
    Assignment.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    desk.keyboard.press("Enter")

    expect(desk.locator(".post-body")).to_have_text("post 2")
    expect(desk.locator("#live")).to_contain_text("The time for this post had ended")
    expect(desk.locator("#count")).to_have_text("0 of 3 picked")


def test_a_campaign_that_is_paused_meanwhile_keeps_the_answer(desk, campaign):
    campaign.state = "paused"
    campaign.save()

    desk.keyboard.press("Enter")

    expect(desk.get_by_text("Nothing is lost; please come back later.")).to_be_visible()
    assert Judgement.objects.get().picks == 0b11
