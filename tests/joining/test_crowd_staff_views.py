"""The pages on which admins make entrances, and see who came by them."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotation import assignments, judgements
from annotation.models import Membership
from joining import entrances
from joining.crowd_rules import Ids
from joining.models import Entrance, Participant

LIST = "/campaigns/feelings/entrances/"
SETTINGS = {
    "kind": "prolific",
    "name": "Pilot",
    "quota": "20",
    "places": "50",
    "closes_at": "2030-01-02T03:04",
    "completion_code": "C0DE",
    "completion_url": "https://app.prolific.com/submissions/complete?cc=C0DE",
    "screen_out_url": "",
}


@pytest.fixture
def admin(client, ben):
    client.force_login(ben)
    return client


@pytest.fixture
def entrance(campaign):
    return entrances.make(
        campaign=campaign, name="Pilot", kind="prolific", quota=2, completion_code="C0DE"
    )


@pytest.fixture
def eve(entrance, campaign, add_posts):
    """Eve has judged one post in 30 s, skipped one after 60 s, and is done."""
    add_posts(campaign, "one", "two")
    participant = entrances.enter(entrance=entrance, ids=Ids("5f1a", "60c2", "61d3"))
    first, second = assignments.claim(campaign=campaign, rater=participant.rater, count=2)
    judgements.submit(assignment=first, picks=["neutral"], seconds=30)
    assignments.skip(assignment=second, seconds=60)
    entrances.finish(participant=participant)
    return participant


def page_of(entrance: Entrance) -> str:
    return f"{LIST}{entrance.id}/"


def test_an_admin_makes_an_entrance(admin, campaign):
    answer = admin.post(LIST, SETTINGS, follow=True)

    entrance = Entrance.objects.get()
    assert answer.redirect_chain == [(page_of(entrance), 302)]
    assert (entrance.kind, entrance.name, entrance.quota, entrance.places) == (
        "prolific",
        "Pilot",
        20,
        50,
    )
    assert entrance.closes_at.isoformat() == "2030-01-02T03:04:00+00:00"
    assert "“Pilot” is open." in answer.text


@pytest.mark.parametrize(
    ("kind", "link"),
    [
        (
            "prolific",
            "http://testserver/enter/TOKEN/?PROLIFIC_PID={{%PROLIFIC_PID%}}"
            "&amp;STUDY_ID={{%STUDY_ID%}}&amp;SESSION_ID={{%SESSION_ID%}}",
        ),
        ("mturk", "http://testserver/enter/TOKEN/"),
        ("open", "http://testserver/enter/TOKEN/"),
    ],
)
def test_the_link_can_be_pasted_as_the_platform_wants_it(admin, campaign, kind, link):
    entrance = entrances.make(campaign=campaign, name="x", kind=kind)

    assert (
        f"<bdi>{link.replace('TOKEN', entrance.token)}</bdi>" in admin.get(page_of(entrance)).text
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("completion_url", "javascript:alert(1)", "Enter a valid URL."),
        ("completion_url", "ftp://example.org/x", "begins with https:// or http://"),
        ("screen_out_url", "https://example.org/{who}", "Nothing is known to put in for {who}"),
        ("quota", "0", "Please ask for at least one."),
        ("quota", "-1", "greater than or equal to 0"),
        ("kind", "unheard", "Select a valid choice."),
        ("name", "", "This field is required."),
    ],
)
def test_a_mistake_is_told_at_its_field(admin, campaign, field, value, sentence):
    page = admin.post(LIST, {**SETTINGS, field: value})

    assert page.status_code == 422
    assert sentence in " ".join(page.context["form"].errors[field])
    assert not Entrance.objects.exists()


def test_the_list_counts_who_came(admin, eve, entrance):
    entrances.enter(entrance=entrance, ids=Ids("70bb", "60c2", "x"))
    zoe = entrances.enter(entrance=entrance, ids=Ids("80cc", "60c2", "y"))
    entrances.screen_out(participant=zoe)
    entrances.screen_out(participant=eve)  # was led out, came back and finished

    listed = admin.get(LIST).context["entrances"].get()

    assert (listed.entered, listed.finished, listed.screened_out) == (3, 1, 1)


def test_an_entrance_shows_its_participants_and_their_work(admin, eve, entrance):
    page = admin.get(page_of(entrance))

    (shown,) = page.context["participants"]
    assert (shown.judged, shown.skipped, shown.minutes, shown.quota) == (1, 1, 1.5, 2)
    assert "5f1a" in page.text
    assert "finished" in page.text


@pytest.mark.parametrize(
    ("changed", "word"),
    [({}, "open"), ({"is_open": False}, "closed"), ({"places": 1}, "full")],
)
def test_the_state_is_one_word(admin, eve, entrance, changed, word):
    Entrance.objects.update(**changed)

    assert f">{word}</span>" in admin.get(LIST).text


def test_an_admin_closes_and_opens(admin, entrance):
    for state, is_open in (("closed", False), ("open", True)):
        admin.post(f"{page_of(entrance)}state/", {"state": state})
        assert Entrance.objects.get().is_open is is_open


def test_an_admin_changes_an_entrance(admin, entrance):
    changed = {**SETTINGS, "name": "Main", "quota": "", "kind": "open"}

    answer = admin.post(page_of(entrance), changed)

    entrance.refresh_from_db()
    assert answer.status_code == 302
    assert (entrance.name, entrance.quota, entrance.kind) == ("Main", None, "prolific")


def test_a_refused_change_is_told_and_not_stored(admin, entrance):
    page = admin.post(page_of(entrance), {**SETTINGS, "completion_url": "ftp://example.org/x"})

    assert (page.status_code, Entrance.objects.get().completion_url) == (422, "")


def test_the_csv_holds_what_it_takes_to_pay(admin, eve, entrance):
    Entrance.objects.update(completion_code="=C0DE")
    entrances.enter(entrance=entrance, ids=Ids("70bb", "60c2", "x"))

    answer = admin.get(f"{page_of(entrance)}participants.csv")

    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    paid = rows[0]
    assert paid.pop("entered_at") and paid.pop("finished_at")
    assert paid == {
        "participant": "5f1a",
        "study": "60c2",
        "session": "61d3",
        "screened_out_at": "",
        "judgements": "1",
        "skipped": "1",
        "active_minutes": "1.5",
        "completion_code": "'=C0DE",
    }
    assert (rows[1]["participant"], rows[1]["completion_code"]) == ("70bb", "")
    assert "no-store" in answer["Cache-Control"]


def test_work_in_other_campaigns_is_not_counted(admin, eve, entrance, taxonomy, add_posts):
    from annotation import campaigns

    other = campaigns.create(slug="other", taxonomy=taxonomy)
    Membership.objects.create(campaign=other, rater=eve.rater)
    add_posts(other, "elsewhere")
    held = assignments.claim(campaign=other, rater=eve.rater)[0]
    judgements.submit(assignment=held, picks=["neutral"], seconds=600)

    (shown,) = admin.get(page_of(entrance)).context["participants"]

    assert (shown.judged, shown.minutes) == (1, 1.5)


def test_longer_lists_ask_no_more_queries(
    admin, eve, entrance, campaign, django_assert_num_queries
):
    for address in (LIST, page_of(entrance)):
        admin.get(address)
        with CaptureQueriesContext(connection) as short:
            admin.get(address)
        for number in range(2):
            one = entrances.make(campaign=campaign, name=f"{number}", kind="open")
            entrances.enter(entrance=one, ids=Ids(f"{address[-3]}{number}"))
            entrances.enter(entrance=entrance, ids=Ids(f"{address[-3]}{number}", "s", "t"))

        with django_assert_num_queries(len(short)):
            admin.get(address)


def test_many_participants_come_in_pages(admin, entrance, ada):
    Participant.objects.bulk_create(
        Participant(entrance=entrance, rater=ada, participant=f"p{number}") for number in range(101)
    )

    first, second = (admin.get(f"{page_of(entrance)}?page={page}") for page in (1, 2))

    assert len(first.context["participants"]), len(second.context["participants"]) == (100, 1)
    assert "1–100 of 101" in first.text


ACCESS = {
    "list": ("get", LIST, 200),
    "make": ("post", LIST, 422),
    "page": ("get", f"{LIST}71/", 200),
    "change": ("post", f"{LIST}71/", 422),
    "state": ("post", f"{LIST}71/state/", 302),
    "csv": ("get", f"{LIST}71/participants.csv", 200),
}


@pytest.mark.parametrize("name", ACCESS)
def test_entrances_are_for_admins(name, client, entrance, eve, ada, cleo, dan, ben, people):
    Entrance.objects.create(id=71, campaign=entrance.campaign, token="t", name="x")
    method, address, for_admins = ACCESS[name]
    zoe = entrances.enter(entrance=entrance, ids=Ids("70bb", "s", "t")).rater
    Membership.objects.filter(rater=zoe).update(state="paused")

    got = {}
    for who, person in {
        "stranger": None, "ada": ada, "cleo": cleo, "crowd": eve.rater, "paused": zoe, "dan": dan,
        "ben": ben,
    }.items():  # fmt: skip
        client.logout()
        if person:
            client.force_login(getattr(person, "user", person))
        got[who] = getattr(client, method)(address, {"name": ""}).status_code

    assert got == {
        "stranger": 302, "ada": 403, "cleo": 403, "crowd": 403, "paused": 403, "dan": 403,
        "ben": for_admins,
    }  # fmt: skip


def test_an_entrance_is_found_in_its_own_campaign_only(admin, entrance, taxonomy):
    from annotation import campaigns

    campaigns.create(slug="other", taxonomy=taxonomy)

    assert admin.get(f"/campaigns/other/entrances/{entrance.id}/").status_code == 404
