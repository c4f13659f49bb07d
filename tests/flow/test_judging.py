"""A rater at work in a real Chromium: by mouse, by keyboard alone, by touch, without a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from annotation.models import Assignment, Flag, Judgement
from tests.flow.conftest import until

pytestmark = pytest.mark.page
JUDGE = "/campaigns/feelings/judge/"


@pytest.fixture
def posts(campaign, add_posts):
    return [add_posts(campaign, f"post {n}", publisher=f"Publisher {n}")[0] for n in range(1, 8)]


@pytest.fixture
def desk(visit, ada, posts) -> Page:
    """Ada's desk with the first post on it."""
    return visit(ada, JUDGE)


def picks_of(rater) -> list[list[str]]:
    """What the rater has said so far: the affects' keys, one list a judgement."""
    from annotation.judgements import affect_keys
    from taxonomy.rules import keys_of

    told = Judgement.objects.filter(rater=rater).select_related("campaign").order_by("id")
    return [keys_of(one.picks, affect_keys(one.campaign.taxonomy_id)) for one in told]


def sees(page: Page, text: str) -> None:
    expect(page.locator(".post-body")).to_have_text(text)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def affect(page: Page, name: str):
    return page.get_by_role("checkbox", name=name, exact=True)


def test_from_signing_in_to_a_judgement_by_mouse(visit, ada, posts):
    page = visit(None, JUDGE)
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("pass")
    page.get_by_role("button", name="Sign in").click()
    sees(page, "post 1")

    page.get_by_role("link", name="Campaigns").click()
    page.get_by_role("link", name="Start judging").click()
    affect(page, "Touched").click()
    affect(page, "Grateful").click()
    page.get_by_role("button", name="Submit").click()

    sees(page, "post 2")
    expect(page.get_by_text("1 judged today")).to_be_visible()
    assert picks_of(ada) == [["touched", "grateful"]]
    assert Judgement.objects.get().seconds is not None


def test_seven_posts_by_keyboard_alone(desk, ada):
    """Two keys for one pick, three for two, four for three."""
    press(desk, "1", "Enter")
    sees(desk, "post 2")
    press(desk, "2", "3", "Enter")
    sees(desk, "post 3")
    press(desk, "4", "0", "q", "Enter")
    sees(desk, "post 4")
    press(desk, "1", "2", "3", "4")
    expect(desk.locator("#message")).to_contain_text("Up to 3 count.")
    press(desk, "3", "4", "Enter")
    sees(desk, "post 5")
    press(desk, "o")
    desk.keyboard.type("1 sort of awe")
    press(desk, "Enter")
    sees(desk, "post 6")
    press(desk, "s", "ArrowDown", "Enter")
    sees(desk, "post 7")
    press(desk, "5", "f", "Enter")
    expect(desk.locator("#live")).to_contain_text("an admin will look at this post")
    press(desk, "Enter")

    expect(desk.get_by_text("Nothing left to judge")).to_be_visible()
    assert picks_of(ada) == [
        ["entertained"],
        ["excited", "adoring"],
        ["connected", "surprised", "neutral"],
        ["entertained", "excited", "connected"],
        [],
        ["touched"],
    ]
    assert Judgement.objects.exclude(other="").get().other == "1 sort of awe"
    assert Assignment.objects.get(state="skipped").skip_reason == "I don’t understand the language"
    assert Flag.objects.get().reason == "It may put somebody in danger"


def test_the_fourth_pick_is_refused_and_nothing_is_lost(desk):
    for name in ("Entertained", "Excited", "Adoring", "Connected"):
        affect(desk, name).click()

    sentence = "Up to 3 count. First take one away: Entertained, Excited, Adoring."
    expect(desk.locator("#message")).to_have_text(sentence)
    expect(desk.locator("#live")).to_have_text(sentence)
    expect(affect(desk, "Connected")).to_be_enabled()
    expect(affect(desk, "Connected")).not_to_be_checked()
    for name in ("Entertained", "Excited", "Adoring"):
        expect(affect(desk, name)).to_be_checked()


def test_a_text_beside_three_picks_is_kept_and_not_sent(desk):
    press(desk, "1", "2", "3", "o")
    desk.keyboard.type("awe")
    press(desk, "Enter")

    expect(desk.locator("#message")).to_contain_text("Entertained, Excited, Adoring, Other")
    expect(desk.get_by_label("Other")).to_have_value("awe")
    assert Judgement.objects.count() == 0


def test_an_empty_answer_is_not_sent(desk):
    press(desk, "Enter")

    expect(desk.locator("#message")).to_have_text("Please pick at least one, or skip the post.")
    sees(desk, "post 1")


def test_after_a_submit_the_post_has_the_focus(desk):
    press(desk, "1", "Enter")
    sees(desk, "post 2")

    expect(desk.locator("#post-heading")).to_be_focused()


def test_a_key_pressed_the_moment_the_next_post_appears_counts(desk):
    desk.evaluate(
        """new MutationObserver((_, observer) => {
            if (document.querySelector(".post-body")?.textContent !== "post 2") return;
            observer.disconnect();
            document.body.dispatchEvent(
                new KeyboardEvent("keydown", {key: "5", code: "Digit5", bubbles: true}));
        }).observe(document, {childList: true, subtree: true})"""
    )
    press(desk, "1", "Enter")
    sees(desk, "post 2")

    expect(affect(desk, "Touched")).to_be_checked()


def test_keys_with_a_modifier_belong_to_the_browser(desk):
    press(desk, "Control+1", "Alt+2", "Meta+3", "Shift+4")

    expect(desk.locator("#count")).to_have_text("0 of 3 picked")


def test_typing_in_other_picks_nothing_and_escape_leaves_it(desk):
    press(desk, "o")
    desk.keyboard.type("1234?sf")
    press(desk, "Escape", "5")

    expect(desk.get_by_label("Other")).to_have_value("1234?sf")
    expect(desk.locator("#count")).to_have_text("2 of 3 picked")
    expect(affect(desk, "Touched")).to_be_checked()


def test_single_keys_can_be_switched_off_for_good(desk):
    press(desk, "?")
    desk.get_by_label("Use these single keys").uncheck()
    desk.get_by_role("button", name="Close").click()
    press(desk, "1")
    expect(desk.locator("#count")).to_have_text("0 of 3 picked")

    desk.reload()
    press(desk, "1")
    expect(desk.locator("#count")).to_have_text("0 of 3 picked")


def test_definitions_fold_away_and_stay_so(desk):
    definition = desk.get_by_text("The post is fun:").first
    expect(definition).to_be_visible()
    press(desk, "d")
    expect(definition).not_to_be_visible()

    desk.reload()
    expect(definition).not_to_be_visible()
    affect(desk, "Entertained").hover()
    expect(desk.locator("#definition")).to_contain_text("Entertained: The post is fun:")


def test_a_phone_is_enough(visit, ada, posts):
    page = visit(ada, JUDGE, width=360, height=740, touch=True)
    for name in ("Entertained", "Excited", "Adoring", "Connected"):
        affect(page, name).tap()
    expect(page.locator("#message")).to_contain_text("Up to 3 count.")
    expect(page.locator("#definition")).to_contain_text("Connected: Someone feels closer")
    page.get_by_role("button", name="Submit").tap()
    sees(page, "post 2")
    expect(page.locator(".post")).to_be_in_viewport()

    page.get_by_label("Other").tap()
    page.keyboard.type("awe")
    page.get_by_role("button", name="Submit").tap()
    sees(page, "post 3")
    page.locator("#flag > summary").tap()
    expect(page.locator("#flag .panel")).to_be_in_viewport(ratio=1)
    page.get_by_label("It is not a real post").tap()
    page.get_by_role("button", name="Tell an admin").tap()
    expect(page.get_by_text("Flagged")).to_be_visible()
    page.locator("#skip > summary").tap()
    page.get_by_role("button", name="Skip and go on").tap()
    sees(page, "post 4")

    until(page, lambda: picks_of(ada), [["entertained", "excited", "adoring"], []])
    until(page, lambda: Assignment.objects.filter(state="skipped").count(), 1)
    assert Flag.objects.get().reason == "It is not a real post"
    assert Assignment.objects.get(state="skipped").skip_reason == "I can’t tell"


def test_a_long_touch_reads_and_does_not_pick(visit, ada, posts):
    page = visit(ada, JUDGE, width=360, height=740, touch=True)
    choice = page.locator(".choice", has_text="Grateful")
    choice.scroll_into_view_if_needed()
    box = choice.bounding_box()
    finger = page.context.new_cdp_session(page)
    at = {"x": box["x"] + 20, "y": box["y"] + 20}

    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    page.wait_for_timeout(700)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    expect(page.locator("#definition")).to_contain_text("Grateful: Someone feels thankful")
    expect(affect(page, "Grateful")).not_to_be_checked()


def test_it_works_without_any_script(visit, ada, posts):
    page = visit(ada, JUDGE, java_script_enabled=False)
    for name in ("Entertained", "Excited", "Adoring", "Connected"):
        affect(page, name).check(force=True)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("4 are picked; at most 3 count here.")).to_be_visible()

    affect(page, "Connected").uncheck(force=True)
    page.get_by_role("button", name="Submit").click()
    sees(page, "post 2")
    page.locator("#skip > summary").click()
    page.get_by_role("button", name="Skip and go on").click()

    sees(page, "post 3")
    assert picks_of(ada) == [["entertained", "excited", "adoring"]]


def test_the_last_judgement_can_be_revised(desk, ada):
    press(desk, "1", "Enter")
    sees(desk, "post 2")

    desk.get_by_role("link", name="My last judgements").click()
    desk.get_by_role("link", name=re.compile("^Revise")).click()
    desk.wait_for_url("**/judgements/*/")  # and until its script listens
    press(desk, "1", "w", "Enter")

    expect(desk.get_by_text("Your judgement is revised.")).to_be_visible()
    assert picks_of(ada) == [["saddened"]]


def test_any_of_the_last_ten_is_revised_by_keys_alone(desk, ada):
    for number in (2, 3, 4):
        press(desk, "1", "Enter")
        sees(desk, f"post {number}")

    press(desk, "l")
    desk.wait_for_url("**/recent/")
    press(desk, "3")  # the third from the top: the first that was judged
    desk.wait_for_url("**/judgements/*/")
    sees(desk, "post 1")
    press(desk, "1", "w", "Enter")
    expect(desk.get_by_text("Your judgement is revised.")).to_be_visible()
    desk.wait_for_load_state("load")
    press(desk, "Escape")

    sees(desk, "post 4")
    assert picks_of(ada) == [["saddened"], ["entertained"], ["entertained"]]


def test_the_next_posts_are_here_before_they_are_asked_for(desk, ada):
    """Two ahead: the third submit in a row is the first that has to wait for the server."""
    until(desk, lambda: Assignment.objects.filter(state="offered").count(), 3)
    desk.wait_for_load_state("networkidle")
    desk.context.set_offline(True)

    for number in (2, 3):
        press(desk, "1", "Enter")
        sees(desk, f"post {number}")
    press(desk, "1", "Enter")

    expect(desk.get_by_text("The next post is on its way")).to_be_visible()
    expect(desk.locator("#waiting")).to_contain_text("3 answers waiting to be sent")
    desk.context.set_offline(False)
    sees(desk, "post 4")
    expect(desk.locator("#waiting")).to_be_hidden()
    until(desk, lambda: picks_of(ada), [["entertained"]] * 3)


def test_an_image_opens_as_large_as_it_is(visit, ada, campaign, add_posts, settings):
    from PIL import Image

    place = add_posts(campaign, "a cat")[0]
    place.post.image, place.post.image_alt = "cat.png", "A cat in a box"
    place.post.save()
    settings.MEDIA_ROOT.mkdir(exist_ok=True)
    Image.new("RGB", (2000, 1500), "teal").save(settings.MEDIA_ROOT / "cat.png")
    page = visit(ada, JUDGE)

    press(page, "z")
    enlarged = page.get_by_role("dialog").get_by_role("img", name="A cat in a box")
    expect(enlarged).to_be_visible()
    assert enlarged.evaluate("image => image.width") == 2000
    press(page, "Escape")

    expect(enlarged).not_to_be_visible()
    press(page, "1")
    expect(page.locator("#count")).to_have_text("1 of 3 picked")


def test_a_covered_post_is_shown_by_a_key_or_left_out_for_good(visit, ada, posts):
    for place in posts[:2]:
        place.sensitive = True
        place.save()
    page = visit(ada, JUDGE)
    expect(page.locator(".post-body")).not_to_be_visible()

    press(page, "v")
    expect(page.locator(".post-body")).to_be_visible()
    press(page, "1", "Enter")
    expect(page.get_by_role("heading", name="Publisher 2")).to_be_visible()
    page.get_by_role("button", name="Leave them out for me").click()

    sees(page, "post 3")
    assert picks_of(ada) == [["entertained"]]


def test_stopping_for_today_gives_back_what_lay_ahead(desk, ada, campaign):
    campaign.support_text = "Call 116 123 at any hour."
    campaign.save()
    desk.reload()
    desk.get_by_text("Support", exact=True).click()
    expect(desk.get_by_text("Call 116 123")).to_be_visible()
    desk.locator(".post-body").click()
    expect(desk.get_by_text("Call 116 123")).not_to_be_visible()
    press(desk, "1", "Enter")
    sees(desk, "post 2")
    desk.get_by_role("button", name="Stop for today").click()

    expect(desk.get_by_text("You have judged 1 post today.")).to_be_visible()
    expect(desk.get_by_text("Call 116 123")).to_be_visible()
    assert picks_of(ada) == [["entertained"]]
    assert Assignment.objects.filter(state="offered").count() == 0


def test_a_break_is_suggested_between_two_posts(desk):
    desk.add_init_script("sessionStorage.setItem('pathos-worked', `2760000 ${Date.now()}`)")
    desk.reload()
    expect(desk.locator("#break")).to_be_hidden()
    press(desk, "1", "Enter")
    sees(desk, "post 2")
    expect(desk.locator("#break")).to_contain_text("You have been at it for 45 minutes.")

    desk.locator("#break").get_by_role("button", name="Go on").click()
    press(desk, "1", "Enter")
    sees(desk, "post 3")
    expect(desk.locator("#break")).to_be_hidden()


def test_a_soft_word_stops_nobody(visit, ada, campaign, add_posts):
    add_posts(campaign, *(f"post {n}" for n in range(1, 11)))
    page = visit(ada, JUDGE)
    for number in range(2, 10):
        press(page, "1", "Enter")
        sees(page, f"post {number}")

    expect(page.locator("#word")).to_contain_text("Your last answers came very quickly.")
    press(page, "2", "Enter")
    sees(page, "post 10")
    expect(page.locator("#word")).to_be_hidden()
