"""The ids of a platform's participants are on the entrance's own page and in no other place."""

import gzip
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from annotation import assignments, judgements
from annotation.models import Rater
from joining import entrances
from joining.models import Entrance, Participant

pytestmark = pytest.mark.django_db(transaction=True)
PLANTED = ("PLANTEDPID", "PLANTEDSTUDY", "PLANTEDSESSION")
QUERY = "?PROLIFIC_PID={}&STUDY_ID={}&SESSION_ID={}".format(*PLANTED)


@pytest.fixture
def entrance(campaign) -> Entrance:
    return entrances.make(campaign=campaign, name="Pilot", kind="prolific", quota=3)


@pytest.fixture
def eve(entrance, campaign, ada, add_posts) -> Client:
    """Eve's browser. She came with ids that are easy to find again, and judges as Ada does."""
    add_posts(campaign, "first", "second", "third")
    browser = Client()
    browser.get(f"/enter/{entrance.token}/{QUERY}")
    browser.post(f"/enter/{entrance.token}/{QUERY}")
    rater = Participant.objects.get().rater
    for who in (rater, ada):
        held = assignments.claim(campaign=campaign, rater=who, count=2)
        judgements.submit(assignment=held[0], picks=["saddened"], other="wistful", seconds=3)
        assignments.flag(assignment=held[1], reason="odd")
    return browser


def leaks(text: str) -> list[str]:
    return [planted for planted in PLANTED if planted in text]


PAGES = {
    "eve": [
        "/campaigns/",
        "/campaigns/feelings/judge/",
        "/campaigns/feelings/recent/",
        "/campaigns/feelings/guideline/",
        "/campaigns/feelings/finished/",
        "/api/v1/campaigns/",
    ],
    "dan": [
        "/campaigns/feelings/",
        "/campaigns/feelings/agreement/",
        "/campaigns/feelings/agreement/charts/agreement.csv",
        "/campaigns/feelings/routing/",
        "/api/v1/campaigns/feelings/",
        "/api/v1/campaigns/feelings/posts/",
        "/api/v1/campaigns/feelings/agreement/",
    ],
    "ben": [
        "/campaigns/feelings/",
        "/campaigns/feelings/entrances/",
        "/django-admin/annotation/rater/",
        "/django-admin/annotation/membership/",
        "/django-admin/annotation/judgement/",
        "/django-admin/auth/user/",
        "/api/v1/campaigns/feelings/entrances/",
    ],
}


@pytest.mark.parametrize(("who", "address"), [(who, page) for who in PAGES for page in PAGES[who]])
def test_no_page_tells_them(who, address, client, eve, dan, ben):
    browser = eve if who == "eve" else client
    if who != "eve":
        client.force_login({"dan": dan, "ben": ben}[who])

    page = browser.get(address)

    assert page.status_code == 200
    assert leaks(page.getvalue().decode() if page.streaming else page.text) == []


def test_the_entrance_itself_does_tell_them(client, eve, entrance, ben):
    """So that the search above would find them."""
    client.force_login(ben)
    page = f"/campaigns/feelings/entrances/{entrance.id}/"

    assert leaks(client.get(page).text) == ["PLANTEDPID"]
    assert leaks(client.get(f"{page}participants.csv").getvalue().decode()) == list(PLANTED)


def test_the_raters_page_in_the_admin_site_does_not_tell_them(client, eve, ben):
    client.force_login(ben)
    rater = Participant.objects.get().rater

    for address in (
        f"/django-admin/annotation/rater/{rater.id}/change/",
        f"/django-admin/auth/user/{rater.user_id}/delete/",
    ):
        assert leaks(client.get(address, follow=True).text) == []


def test_no_snapshot_holds_them(campaign, eve, tmp_path):
    out = tmp_path / "snapshot"

    call_command(
        "snapshot", "--campaign", "feelings", "--rule", "votes>=1", "--out", str(out),
        "--format", "parquet,csv,jsonl", stdout=StringIO(),
    )  # fmt: skip

    files = [path for path in out.rglob("*") if path.is_file()]
    found = {path.name: leaks(_readable(path)) for path in files}
    assert "judgements.csv" in found and "wistful" in (out / "judgements.csv").read_text()
    assert found == dict.fromkeys(found, [])


def _readable(path) -> str:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return content.decode("latin-1")


def test_the_figures_do_not_tell_them(campaign, eve):
    out = StringIO()

    call_command("agreement", "--campaign", "feelings", "--json", stdout=out)

    assert '"raters": 2' in out.getvalue()
    assert leaks(out.getvalue()) == []


def test_nothing_that_we_log_tells_them(entrance, campaign, caplog):
    browser, careful = Client(), Client(enforce_csrf_checks=True)
    with caplog.at_level("DEBUG"):
        browser.get(f"/enter/{entrance.token}/{QUERY}")
        browser.post(f"/enter/{entrance.token}/{QUERY}")
        careful.post(f"/enter/{entrance.token}/{QUERY}")
        browser.get(f"/enter/wrong/{QUERY}")
        Entrance.objects.update(is_open=False)
        Client().get(f"/enter/{entrance.token}/{QUERY.replace('PID=', 'PID=X')}")

    ours = [line for line in caplog.records if not line.name.startswith("django.db")]
    assert ours != []
    assert leaks(" ".join(line.getMessage() for line in ours)) == []


def test_neither_the_account_nor_the_session_holds_them(eve):
    rater = Rater.objects.select_related("user").get(participants__isnull=False)
    stored = [str(value) for value in (*vars(rater).values(), *vars(rater.user).values())]

    assert leaks(" ".join([*stored, str(dict(eve.session))])) == []
