"""A reader of German walks through all that raters see, and meets no English sentence."""

import html
import re
from pathlib import Path

import polib
import pytest
from django.test import Client

from annotation import campaigns
from annotation.models import Campaign, Membership, Rater
from joining import consents, entrances, entries, invitations
from joining.invitation_links import path_of
from taxonomy import files, taxonomies
from tests.config.catalogues import ROOT, unmarked_text

HOME = "/campaigns/feelings/"
PROLIFIC = "?PROLIFIC_PID=eve&STUDY_ID=one&SESSION_ID=two"
#: What a post, a name or an admin's own text may say in any language.
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|<[^>]+>|\n")


class Reader(Client):
    """A browser that asks for German, and remembers every page that it was shown."""

    def __init__(self):
        super().__init__(headers={"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"})
        self.pages = {}

    def request(self, **environ):
        response = super().request(**environ)
        if not 300 <= response.status_code < 400:
            self.pages[f"{len(self.pages)} {environ['PATH_INFO']}"] = response
        return response

    def sign_in(self, rater: Rater) -> "Reader":
        self.force_login(rater.user)
        return self

    def send(self, page, said: dict):
        """Fills in the page's form with the picks."""
        action = re.search(r'<form id="answer" method="post" action="([^"]+)"', page.text)[1]
        key = re.search(r'name="idempotency_key" value="(\w+)"', page.text)
        return self.post(action, said | ({"idempotency_key": key[1]} if key else {}), follow=True)

    @property
    def said(self) -> dict[str, str]:
        return {name: as_read(page.text) for name, page in self.pages.items()}


def as_read(page: str) -> str:
    """What the page says, also where only a screen reader says it."""
    spoken = " ".join(re.findall(r'(?:aria-label|alt|placeholder|title)="([^"]*)"', page))
    texts = re.sub(r"<[^>]*>", " ", page)
    return " ".join(html.unescape(f"{texts} {spoken}").split())


def spoken(page) -> str:
    return re.search(r'<html lang="([^"]+)"', page.text)[1]


def english() -> list[str]:
    """Pieces of our sentences, three words or longer."""
    catalogue = polib.pofile(str(ROOT / "locale/de/LC_MESSAGES/django.po"))
    pieces = [
        " ".join(piece.split())
        for entry in catalogue
        for text in (entry.msgid, entry.msgid_plural)
        for piece in PLACES.split(text or "")
    ]
    return [piece for piece in pieces if len(piece.split()) > 2]


@pytest.fixture
def taxonomy(db):
    """The 15 affects that Pathos ships with."""
    return taxonomies.load(file=files.read(ROOT / "taxonomy/data/affects-v1.json"))[0]


@pytest.fixture
def every_step(campaign, add_posts, ben):
    """Consent, strata, guideline and a quiz stand before the first post; two posts follow."""
    from annotation import gold
    from qualification import quizzes

    asked = add_posts(campaign, "Ein Priester bestellt Pizza.")[0]
    gold.put(
        campaign_post=asked,
        expected=["entertained"],
        excluded=["saddened"],
        explanation="Zum Lachen.",
        use="quiz",
    )
    quizzes.require(campaign=campaign)
    add_posts(campaign, "Ein Regenbogen.", publisher="Mia", created_at="2026-10-06T13:32:52Z")
    add_posts(campaign, "Ein Unfall.", sensitive=True, image="a.png", transcript="Ach.")
    add_posts(campaign, "Noch einer.")
    consents.publish(campaign=campaign, text="Wir speichern deine Urteile.")
    entries.change(campaign=campaign, asks_strata=True, shows_guideline=True)
    Campaign.objects.filter(id=campaign.id).update(
        name="Gefühle", pay_per_hour="12.5", support_text="Ruf an.", break_after_minutes=25
    )
    return Campaign.objects.get(id=campaign.id)


def come_in(reader: Reader) -> None:
    """Every step before the first post, with all that can go wrong there."""
    reader.get("/campaigns/")
    reader.get(f"{HOME}welcome/", follow=True)
    reader.get(f"{HOME}declined/")
    reader.post(f"{HOME}consent/", {"version": 7})
    reader.post(f"{HOME}consent/", {"version": 1}, follow=True)
    reader.get(f"{HOME}consent/")
    reader.post("/my-strata/?then=feelings", {"age_band": "unknown"})
    reader.post("/my-strata/?then=feelings", {"age_band": "25-34"}, follow=True)
    reader.get("/my-strata/")
    reader.post("/my-strata/", {"location": "Graz"}, follow=True)
    reader.post("/my-strata/", {"withdraw": 1}, follow=True)
    reader.get(f"{HOME}judge/", follow=True)
    reader.post(f"{HOME}guideline/read/", follow=True)


def take_the_quiz(reader: Reader, pick: str) -> None:
    question = reader.post(f"{HOME}quiz/", follow=True)
    reader.send(question, {"picks": []})
    reader.send(question, {"picks": [pick]})
    reader.get(f"{HOME}quiz/")


def work(reader: Reader, rater: Rater) -> None:
    """One post judged and revised, one skipped and flagged, and the desk at its end."""
    desk = reader.get(f"{HOME}judge/")
    reader.send(desk, {"picks": []})
    reader.send(desk, {"picks": ["touched", "inspired", "neutral", "saddened"]})
    reader.send(desk, {"picks": ["touched"], "other": "Ruhe"})
    reader.get(f"{HOME}recent/")
    judgement = rater.judgements.get()
    reader.get(f"/judgements/{judgement.id}/")
    reader.post(f"/judgements/{judgement.id}/", {"picks": []})
    reader.post(f"/judgements/{judgement.id}/", {"picks": ["informed"]}, follow=True)
    for number in range(2):
        held = rater.assignments.filter(state="offered").get()
        reader.post(f"/assignments/{held.id}/flag/", {"flag-reason": "?"}, follow=True)
        reason = {"flag-reason": "It is not a real post"}
        reader.post(f"/assignments/{held.id}/flag/", reason, follow=True)
        reader.post(f"/assignments/{held.id}/skip/", follow=True)
        reason = {"skip-reason": "I can’t tell", "skip-seconds": number}
        reader.post(f"/assignments/{held.id}/skip/", reason, follow=True)
    reader.post(f"{HOME}stop/", follow=True)
    for spared in (1, 0):
        reader.post(f"{HOME}spare/", {"spared": spared}, follow=True)
        reader.get("/campaigns/")
    reader.get(f"{HOME}guideline/")
    reader.get(f"{HOME}finished/", follow=True)


def look_around(reader: Reader, rater: Rater, ben) -> None:
    """The pages beside the work, and what is said when there is none."""
    reader.get("/work/")
    reader.get("/work/delete/")
    reader.post("/work/delete/", {"typed": "wrong"})
    for path in ("/nothing/", f"{HOME}settings/", "/judgements/0/", "/campaigns/other/judge/"):
        reader.get(path)
    Membership.objects.filter(rater=rater).update(state="paused")
    reader.get(f"{HOME}judge/")
    reader.get("/campaigns/")
    Membership.objects.filter(rater=rater).update(state="active")
    Campaign.objects.update(state="paused")
    reader.get(f"{HOME}judge/")
    reader.get(f"{HOME}quiz/")
    reader.post(f"{HOME}consent/withdraw/", follow=True)
    reader.post("/work/delete/", {"typed": "pass"}, follow=True)


def knock(reader: Reader, campaign: Campaign, ben) -> None:
    """The doors at which somebody new arrives: open ones and closed ones."""
    reader.get("/signin/")
    reader.post("/signin/", {"username": "nobody", "password": "wrong"})
    invitation = invitations.make(campaign=campaign, by=ben)
    reader.get("/join/broken/")
    reader.get(path_of(invitation))
    reader.post(path_of(invitation), {"username": "!", "password1": "a", "password2": "b"})
    invitations.withdraw(invitation=invitation)
    reader.get(path_of(invitation))
    entrance = entrances.make(
        campaign=campaign, name="Pilot", kind="prolific", quota=2, completion_code="C0DE"
    )
    reader.get(f"/enter/{entrance.token}/")
    reader.get(f"/enter/{entrance.token}/{PROLIFIC}")
    reader.post(f"/enter/{entrance.token}/{PROLIFIC}", follow=True)
    reader.get(f"/enter/{entrance.token}/{PROLIFIC}")
    reader.get(f"{HOME}finished/", follow=True)
    reader.post(f"{HOME}screened-out/", follow=True)
    entrances.set_open(entrance=entrance, is_open=False)
    Client.logout(reader)
    reader.get(f"/enter/{entrance.token}/{PROLIFIC.replace('eve', 'zoe')}")
    reader.get("/enter/unknown/")


@pytest.fixture
def walk(every_step, people, ben) -> Reader:
    """All that raters see, from the door to the end."""
    ada = campaigns.add_rater(campaign=every_step, user=people("Ada")).rater
    eve = campaigns.add_rater(campaign=every_step, user=people("Eve")).rater
    reader = Reader()
    knock(reader, every_step, ben)
    come_in(reader.sign_in(eve))
    for _ in range(2):
        take_the_quiz(reader, "saddened")
    reader.get(f"{HOME}screened-out/")
    come_in(reader.sign_in(ada))
    take_the_quiz(reader, "entertained")
    reader.get(f"{HOME}welcome/", follow=True)
    work(reader, ada)
    look_around(reader, ada, ben)
    return reader


def test_raters_meet_no_english_on_german_pages(walk):
    sentences = english()

    languages = {spoken(page) for page in walk.pages.values()}
    left = {
        (name, sentence)
        for name, said in walk.said.items()
        for sentence in sentences
        if sentence in said
    }

    assert len(walk.pages) > 70
    assert languages == {"de"}
    assert left == set()


def test_every_template_that_raters_see_says_nothing_unmarked(walk):
    shown = {
        Path(template.origin.name)
        for page in walk.pages.values()
        for template in page.templates
        if template.origin and template.origin.name.startswith(str(ROOT / "templates"))
    }

    assert len(shown) > 40
    assert {path.name: text for path in shown if (text := unmarked_text(path))} == {}


def test_affects_and_their_question_are_german_too(walk, taxonomy):
    texts = [taxonomy.question]
    for affect in taxonomy.affects.all():
        texts += [affect.definition, affect.example, affect.near_miss]

    everything = " ".join(walk.said.values())

    assert [text for text in texts if text in everything] == []
    assert "Wie könnte sich jemand fühlen" in everything
    assert "Konstruktiv verärgert" in everything
    assert "Opa hat die Sprachnachrichten entdeckt." in everything


def test_dates_and_numbers_are_written_as_in_german(walk):
    everything = " ".join(walk.said.values())

    assert "6. Oktober 2026" in everything
    assert "12,50" in everything
