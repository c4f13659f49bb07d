import pytest

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/campaigns/feelings/snapshots/"


@pytest.fixture
def snapshot(campaign, add_posts, client, dan):
    """Created by Dan on the page, and still in the queue."""
    from snapshots.models import Snapshot

    add_posts(campaign, "A dog")
    client.force_login(dan)
    client.post(LIST, {"rules": "votes>=1, soft"})
    return Snapshot.objects.get()


def build(snapshot) -> None:
    from snapshots.tasks import build_snapshot

    build_snapshot(snapshot.id)


def test_dan_creates_a_snapshot_and_watches_it(snapshot, client):
    page = client.get(f"/snapshots/{snapshot.id}/").content.decode()
    assert snapshot.rules == ["votes>=1", "soft"]
    assert 'hx-trigger="every 1s"' in page

    build(snapshot)
    part = client.get(f"/snapshots/{snapshot.id}/", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert "hx-trigger" not in part, "a finished snapshot is asked about no more"
    for name in ("posts.parquet", "manifest.json"):
        assert f'href="/api/v1/snapshots/{snapshot.id}/files/{name}"' in part


def test_a_download_needs_nothing_but_the_sign_in_of_the_page(snapshot, client):
    build(snapshot)

    response = client.get(f"/api/v1/snapshots/{snapshot.id}/files/posts.parquet?format=csv")

    assert b"".join(response.streaming_content).count(b"\n") == 2


def test_the_list_shows_every_snapshot_of_the_campaign(snapshot, client):
    page = client.get(LIST).content.decode()

    assert f'href="/snapshots/{snapshot.id}/"' in page
    assert "Queued" in page


def test_a_rule_that_does_not_exist_is_said_beside_the_form(snapshot, client):
    from snapshots.models import Snapshot

    page = client.post(LIST, {"rules": "votes>3"})

    assert page.status_code == 200
    assert "is no consensus rule" in page.content.decode()
    assert Snapshot.objects.count() == 1


def test_a_failed_snapshot_says_why(snapshot, client):
    from snapshots.models import Snapshot

    Snapshot.objects.update(state="failed", error="The disk is full.")

    assert "The disk is full." in client.get(f"/snapshots/{snapshot.id}/").content.decode()


def test_raters_and_strangers_have_no_part_in_it(snapshot, client, ada, cleo):
    for address in (LIST, f"/snapshots/{snapshot.id}/"):
        for person in (ada, cleo):
            client.force_login(person.user)
            assert client.get(address).status_code == 403
        client.logout()
        assert client.get(address).headers["Location"].startswith("/signin/")
