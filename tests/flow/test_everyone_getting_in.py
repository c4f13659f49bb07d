"""Every page on the way to the first post, and those behind it, in each state that people meet."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from annotation import campaigns, gold
from annotation.judgements import affect_keys
from annotation.models import Membership
from joining import consents, entrances, entries, invitations, strata
from joining.crowd_rules import Ids
from joining.invitation_links import path_of
from joining.models import Entrance, Invitation, Participant
from qualification import quizzes
from tests.flow.test_everyone import LONG, LOOKS, overflow, violations

pytestmark = pytest.mark.page
LINK = "?PROLIFIC_PID=5f1aEVE&STUDY_ID=60c2&SESSION_ID=61d3"
HERE = "/campaigns/feelings/"


@pytest.fixture
def quiz(campaign, add_posts):
    """Two posts: what the right pick is, and long words everywhere."""
    posts = add_posts(campaign, f"{LONG} 🎉", "أمطرت على قريتنا أخيرًا.", publisher=LONG, title=LONG)
    for post in posts:
        gold.put(
            campaign_post=post,
            expected=["touched", "grateful"],
            excluded=["destructively_angered"],
            explanation=LONG,
            use="quiz",
        )
    quizzes.require(campaign=campaign)
    return posts


@pytest.fixture
def member(campaign, people):
    """Makes raters: `member("Eve")` has every step before her."""
    return lambda name: campaigns.add_rater(campaign=campaign, user=people(name))


def take_quiz(membership: Membership, *outcomes: bool) -> None:
    """One answer for each outcome, a whole try for two of them."""
    asked_now = quizzes.start(membership=membership).answers.all()
    for right, asked in zip(outcomes, asked_now, strict=False):
        keys = affect_keys(membership.campaign.taxonomy_id)
        picks = ["touched"] if right else [keys[0], "destructively_angered"]
        quizzes.answer(asked=asked, picks=picks)


@pytest.fixture
def raters(quiz, campaign, ada, member) -> dict:
    """Somebody at each step."""
    consents.publish(campaign=campaign, text=f"{LONG}\n\nWrite to https://example.org/{'x' * 90}")
    entries.change(campaign=campaign, asks_strata=True, shows_guideline=True)
    campaign.refresh_from_db()
    at = {name: member(name.title()) for name in ("new", "half", "tried", "failed", "passed")}
    take_quiz(at["half"], False)
    take_quiz(at["tried"], True, False)
    take_quiz(at["failed"], False, False)
    take_quiz(at["failed"], True, False)
    take_quiz(at["passed"], True, True)
    consents.give(membership=at["passed"], consent_text=campaign.consent_texts.get())
    strata.declare(rater=at["passed"].rater, gender=LONG[:40], location=LONG[:60])
    at["paused"] = member("Paused")
    Membership.objects.filter(id=at["paused"].id).update(state="paused", paused_reason=LONG[:200])
    return {name: membership.rater for name, membership in at.items()}


@pytest.fixture
def letters(campaign, ben, raters) -> dict[str, str]:
    """The addresses of invitations: one that is open, one used, one expired; one mail refused."""
    made = {
        name: invitations.make(campaign=campaign, by=ben, email=f"{name}{'x' * 40}@example.org")
        for name in ("open", "used", "expired", "refused")
    }
    invitations.accept(invitation=made["used"], user=raters["new"].user)
    stored = Invitation.objects
    stored.filter(id=made["used"].id).update(used_at=timezone.now(), used_by=raters["new"])
    ago = timezone.now() - timedelta(days=1)
    stored.filter(id=made["expired"].id).update(expires_at=ago)
    stored.filter(id=made["refused"].id).update(failure=f"550 {LONG[:190]}")
    return {name: path_of(invitation) for name, invitation in made.items()}


@pytest.fixture
def crowd(campaign, quiz) -> dict:
    """Participants half way, done and screened out; two entrances."""
    door = entrances.make(
        campaign=campaign,
        name=LONG[:100],
        kind="prolific",
        quota=3,
        completion_code=LONG[:80],
        screen_out_url="https://lab.example/out",
    )
    Entrance.objects.filter(id=door.id).update(token="door")
    Entrance.objects.create(id=71, campaign=campaign, token="hit", name="HIT", kind="mturk")
    people = {}
    for name in ("coming", "done", "out"):
        participant = entrances.enter(entrance=door, ids=Ids(f"{name}{'x' * 90}", "s", "t"))
        people[name] = participant.rater
    entrances.finish(participant=Participant.objects.get(rater=people["done"]))
    entrances.screen_out(participant=Participant.objects.get(rater=people["out"]))
    Membership.objects.filter(rater=people["coming"]).update(admitted=True)
    return people


@pytest.fixture
def everyone(raters, crowd, cleo, ben) -> dict:
    return {**raters, **crowd, "cleo": cleo, "ben": ben, None: None}


@pytest.fixture
def addresses(letters, quiz, raters) -> dict:
    answered = raters["half"].memberships.get().quiz_tries.get().answers.first()
    return {**letters, "answered": answered.id, "quiz_post": quiz[0].id}


PAGES = [
    (None, "{open}"),
    ("cleo", "{open}"),
    (None, "{used}"),
    (None, "{expired}"),
    (None, "/join/no.such/"),
    ("new", f"{HERE}consent/"),
    ("new", f"{HERE}declined/"),
    ("new", "/my-strata/?then=feelings"),
    ("new", f"{HERE}guideline/?step="),
    ("new", f"{HERE}quiz/"),
    ("half", f"{HERE}quiz/"),
    ("half", HERE + "quiz/{answered}/"),
    ("tried", f"{HERE}quiz/"),
    ("failed", f"{HERE}quiz/"),
    ("failed", f"{HERE}screened-out/"),
    ("passed", f"{HERE}quiz/"),
    ("passed", f"{HERE}consent/"),
    ("passed", "/my-strata/"),
    ("paused", f"{HERE}quiz/"),
    (None, f"/enter/door/{LINK}"),
    (None, "/enter/door/"),
    (None, "/enter/hit/?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE"),
    ("new", f"/enter/door/{LINK}"),
    ("coming", f"{HERE}finished/"),
    ("done", f"{HERE}finished/"),
    ("out", f"{HERE}screened-out/"),
    ("ben", f"{HERE}joining/"),
    ("ben", f"{HERE}gold/"),
    ("ben", HERE + "gold/{quiz_post}/"),
    ("ben", f"{HERE}entrances/"),
    ("ben", f"{HERE}entrances/71/"),
]


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_axe_finds_nothing_and_nothing_overflows(who, path, visit, everyone, addresses):
    page = visit(everyone[who], path.format(**addresses))

    assert seen(page) == dict.fromkeys(LOOKS, ([], 0))


@pytest.mark.parametrize(
    ("who", "path", "button"),
    [
        (None, "{open}", "Make my account"),
        ("half", f"{HERE}quiz/", "Answer"),
        ("ben", f"{HERE}joining/", "Publish"),
    ],
)
def test_axe_finds_nothing_in_what_is_refused(who, path, button, visit, everyone, addresses):
    page = visit(everyone[who], path.format(**addresses))
    page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    page.get_by_label("Username").fill("new") if who is None else None
    page.get_by_label("The text").fill("") if who == "ben" else None
    page.get_by_role("button", name=button).click()

    assert seen(page) == dict.fromkeys(LOOKS, ([], 0))


def test_axe_finds_nothing_in_what_became_of_a_file(visit, ben, everyone):
    page = visit(ben, f"{HERE}joining/")
    rows = f"email\nada@example.org\n{LONG}\n".encode()
    page.get_by_label("CSV file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": rows}
    )
    page.get_by_role("button", name="Upload the file").click()
    expect(page.get_by_text("1 row left out")).to_be_visible()

    assert seen(page) == dict.fromkeys(LOOKS, ([], 0))


def seen(page) -> dict:
    """What axe finds and how far the page overflows, in each look."""
    found = {}
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        found[scheme, width] = (violations(page), overflow(page))
    return found
