"""Every address of a rater, and what a stranger, another rater, a paused one and an admin get there.

One table for the pages of all rooms. Whoever adds an address puts it here, or among the admins'.
"""

from dataclasses import dataclass

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse

from annotation import assignments, campaigns, gold, judgements, members
from annotation.models import Rater
from joining import consents, entrances, invitations
from joining.invitation_links import path_of
from qualification import quizzes
from qualification.models import QuizAnswer

SLUG = {"slug": "feelings"}
IN = "sign in"
#: Rooms whose pages raters open. Those named here are the admins', and have tables of their own.
ROOMS = {"annotation", "qualification", "joining", "work"}
ADMINS = {
    "annotation": {
        "create-campaign", "overview", "settings", "change-state", "add-rater", "resolve-flag",
    },
    "qualification": {
        "gold", "gold-settings", "gold-upload", "gold-find", "gold-post", "gold-release",
    },
    "joining": {
        "people", "entry", "publish-consent", "invite", "invite-many", "send", "links", "invitation",
        "entrances", "entrance", "entrance-state", "participants",
    },
    "work": {"hours", "hours-csv"},
}  # fmt: skip


@dataclass(frozen=True)
class Gets:
    """What each gets: an HTTP status, or the way to sign in."""

    stranger: int | str
    other: int
    paused: int
    admin: int
    rater: int


#: A part in the campaign opens it; for everybody else it isn't there.
PAGE = Gets(IN, 404, 200, 404, 200)
ON_ITS_WAY = Gets(IN, 404, 302, 404, 302)
#: One's own assignment, judgement or try: not even other raters of the campaign find it.
OWN = Gets(IN, 404, 404, 404, 200)
OWN_ON_ITS_WAY = Gets(IN, 404, 404, 404, 302)
#: Nothing of a campaign on it: every rater has one.
EVERY_RATERS = Gets(IN, 200, 200, 404, 200)

TABLE = {
    "GET annotation:campaigns": Gets(IN, 200, 200, 200, 200),
    "GET annotation:judge": PAGE,
    "GET annotation:recent": PAGE,
    "GET annotation:guideline": Gets(IN, 404, 200, 200, 200),
    "GET annotation:stop": PAGE,
    "POST annotation:stop": ON_ITS_WAY,
    "POST annotation:spare": ON_ITS_WAY,
    "GET annotation:answer": OWN_ON_ITS_WAY,
    "POST annotation:answer": Gets(IN, 404, 404, 404, 422),  # nothing is picked
    "POST annotation:skip": OWN_ON_ITS_WAY,
    "POST annotation:flag": Gets(IN, 404, 404, 404, 422),  # without a reason
    "GET annotation:revise": OWN,
    "POST annotation:revise": Gets(IN, 404, 404, 404, 422),
    "GET annotation:post-image": Gets(IN, 404, 200, 200, 200),
    "JSON annotation:ahead": Gets(401, 404, 200, 404, 200),
    "JSON annotation:answer": Gets(401, 404, 404, 404, 422),
    "JSON annotation:skip": Gets(401, 404, 404, 404, 422),
    "JSON annotation:flag": Gets(401, 404, 404, 404, 422),
    "GET qualification:quiz": PAGE,
    "GET qualification:answer": OWN_ON_ITS_WAY,  # to the quiz, which asks it
    "POST qualification:answer": Gets(IN, 404, 404, 404, 422),
    "GET joining:next": ON_ITS_WAY,
    "GET joining:consent": PAGE,
    "POST joining:withdraw-consent": ON_ITS_WAY,
    "GET joining:declined": ON_ITS_WAY,  # neither of them has declined
    "POST joining:guideline-read": ON_ITS_WAY,
    "GET joining:finished": Gets(IN, 404, 409, 404, 200),
    "GET joining:screened-out": ON_ITS_WAY,
    "GET joining:strata": EVERY_RATERS,
    "GET joining:join": Gets(200, 200, 302, 200, 302),
    "GET joining:enter": Gets(200, 200, 200, 200, 200),
    "GET work:mine": EVERY_RATERS,
    "GET work:export": EVERY_RATERS,
    "GET work:export-judgements": EVERY_RATERS,
    "GET work:delete": EVERY_RATERS,
    "POST work:delete": Gets(IN, 422, 422, 404, 422),  # without the name typed
    "GET work:deleted": Gets(200, 200, 200, 200, 200),
}


@pytest.fixture
def addresses(campaign, ada, add_posts, settings) -> dict[str, str]:
    """The address of every name, with Ada's own assignment, judgement and try of the quiz."""
    settings.MEDIA_ROOT.mkdir(exist_ok=True)
    (settings.MEDIA_ROOT / "cat.png").write_bytes(b"\x89PNG")
    first, second, asked = add_posts(campaign, "first", "second", "asked", image="cat.png")
    gold.put(campaign_post=asked, expected=["neutral"], use="quiz")
    held, judged = assignments.claim(campaign=campaign, rater=ada, count=2)
    judgement = judgements.submit(assignment=judged, picks=["neutral"])
    quizzes.require(campaign=campaign)
    consents.publish(campaign=campaign, text="We keep what you pick.")
    quizzes.start(membership=ada.memberships.get())
    campaign.memberships.update(admitted=True)
    entrance = entrances.make(campaign=campaign, name="A class", kind="open")
    own = {
        "annotation:answer": {"assignment_id": held.id},
        "annotation:skip": {"assignment_id": held.id},
        "annotation:flag": {"assignment_id": held.id},
        "annotation:revise": {"judgement_id": judgement.id},
        "annotation:post-image": {"post_id": first.post_id},
        "qualification:answer": SLUG | {"answer_id": QuizAnswer.objects.get().id},
        "joining:enter": {"token": entrance.token},
    }
    in_no_campaign = {"annotation:campaigns", "joining:strata"}
    names = {key.split()[1] for key in TABLE} - {"joining:join"}
    found = {"joining:join": path_of(invitations.make(campaign=campaign, by=None))}
    for name in names:
        general = name in in_no_campaign or name.startswith("work:")
        found[name] = reverse(name, kwargs=own.get(name, {} if general else SLUG))
    return found


@pytest.fixture
def pat(campaign, people) -> Rater:
    """A rater of the campaign who is paused."""
    membership = campaigns.add_rater(campaign=campaign, user=people("Pat"))
    members.pause(membership=membership, reason="a break")
    campaign.memberships.update(admitted=True)
    return membership.rater


@pytest.mark.parametrize("door", TABLE)
def test_everybody_gets_what_is_theirs(door, client, addresses, ada, pat, cleo, ben):
    """Each asks as if nobody had asked before."""
    way, name = door.split()
    people = {"stranger": None, "other": cleo, "paused": pat, "admin": ben, "rater": ada}

    def ask(person) -> int | str:
        client.logout() if person is None else client.force_login(getattr(person, "user", person))
        if way == "JSON":
            body = {"rater": getattr(person, "id", "")}
            answer = client.post(addresses[name], body, headers={"Accept": "application/json"})
        else:
            answer = client.generic(way, addresses[name])
        to_sign_in = answer.status_code == 302 and answer.url.startswith("/signin/?next=")
        return IN if to_sign_in else answer.status_code

    got = {}
    for who, person in people.items():
        with transaction.atomic():
            got[who] = ask(person)
            transaction.set_rollback(True)

    assert Gets(**got) == TABLE[door]


def test_the_table_has_every_address():
    """Nobody adds a door and forgets to say whom it opens for."""
    found = set()
    for room in get_resolver().url_patterns:
        if getattr(room, "namespace", None) in ROOMS:
            found |= {f"{room.namespace}:{page.name}" for page in room.url_patterns}
    admins = {f"{room}:{name}" for room, names in ADMINS.items() for name in names}

    assert found == {door.split()[1] for door in TABLE} | admins
