"""Dan, the engineer, makes and downloads a snapshot over REST; nobody else may."""

import hashlib
import io
import time

import pandas as pd
import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db(transaction=True)

SNAPSHOTS = "/api/v1/campaigns/feelings/snapshots/"


@pytest.fixture
def judged(campaign, add_posts, judge):
    posts = add_posts(campaign, "A funny dog", "A sad dog")
    for rater in ["first", "second", "third"]:
        judge(posts[0], rater, "entertained", other="=1+1")
    judge(posts[1], "first", "saddened")
    return posts


@pytest.fixture
def client(api, dan):
    return api(dan)


@pytest.fixture
def ready(judged, client):
    """A snapshot that was built, as REST describes it."""
    from snapshots.tasks import build_snapshot

    url = client.post(SNAPSHOTS, {"rules": ["votes>=3", "soft"]}).json()["url"]
    build_snapshot(int(url.split("/")[-2]))
    return client.get(url).json()


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_worker_builds_what_was_asked_for(judged, client):
    from config.celery import app

    with start_worker(app, perform_ping_check=False, queues=["default"]):
        response = client.post(SNAPSHOTS, {"rules": ["votes>=3"]})
        assert response.status_code == 202
        assert response.json()["state"] == "queued"
        assert response["Location"] == f"http://testserver{response.json()['url']}"
        for _ in range(200):
            found = client.get(response["Location"]).json()
            if found["state"] in ("ready", "failed"):
                break
            time.sleep(0.05)

    assert (found["state"], found["error"], found["progress"]) == ("ready", "", 1.0)
    assert found["counts"]["judgements"] == 4
    labels = next(file for file in found["files"] if file["name"] == "labels.parquet")
    table = pd.read_parquet(io.BytesIO(body(client.get(labels["url"]))))
    picked = table[table["label_votes_3"] == 1]
    assert picked[["post_id", "affect"]].to_numpy().tolist() == [
        ["p1", "entertained"],
        ["p1", "other"],
    ]


def test_every_file_comes_with_the_hash_that_was_promised(ready, client):
    assert {file["name"] for file in ready["files"]} >= {"manifest.json", "README.md"}
    for file in ready["files"]:
        response = client.get(file["url"])
        content = body(response)
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert response["ETag"] == f'"{file["sha256"]}"'
        assert int(response["Content-Length"]) == file["bytes"] == len(content)


def file_of(ready: dict, name: str) -> dict:
    return next(file for file in ready["files"] if file["name"] == name)


def test_a_known_file_is_not_sent_again(ready, client):
    file = file_of(ready, "posts.parquet")

    known = client.get(file["url"], headers={"If-None-Match": f'"{file["sha256"]}"'})
    other = client.get(file["url"], headers={"If-None-Match": '"something else"'})

    assert (known.status_code, body(known)) == (304, b"")
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-3", 0, 4),
        ("bytes=4-", 4, None),
        ("bytes=-4", -4, None),
        ("bytes=0-999999", 0, None),
    ],
)
def test_a_broken_download_goes_on_where_it_was(ready, client, asked, start, end):
    url = file_of(ready, "posts.parquet")["url"]
    whole = body(client.get(url))

    response = client.get(url, headers={"Range": asked})

    part = whole[start:end]
    first = start % len(whole)
    assert response.status_code == 206
    assert body(response) == part
    assert response["Content-Range"] == f"bytes {first}-{first + len(part) - 1}/{len(whole)}"


def test_a_range_outside_the_file_is_refused_and_a_stale_one_ignored(ready, client):
    file = file_of(ready, "posts.parquet")

    outside = client.get(file["url"], headers={"Range": f"bytes={file['bytes']}-"})
    stale = client.get(file["url"], headers={"Range": "bytes=0-3", "If-Range": '"older"'})

    assert outside.status_code == 416
    assert outside["Content-Range"] == f"bytes */{file['bytes']}"
    assert stale.status_code == 200
    assert len(body(stale)) == file["bytes"]


def test_tables_come_as_csv_and_json_lines(ready, client):
    url = file_of(ready, "judgements.parquet")["url"]

    table = client.get(f"{url}?format=csv")
    lines = client.get(f"{url}?format=jsonl")

    content = body(table)
    frame = pd.read_csv(io.BytesIO(content))
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="judgements.csv"' in table["Content-Disposition"]
    assert frame["other"].tolist()[:3] == ["'=1+1"] * 3
    assert frame["picks"].tolist() == ["entertained"] * 3 + ["saddened"]
    assert pd.read_json(io.BytesIO(body(lines)), lines=True)["picks"].tolist()[3] == ["saddened"]
    again = client.get(f"{url}?format=csv", headers={"If-None-Match": table["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("files/posts.parquet?format=xlsx", 400, "can't be had as 'xlsx'"),
        ("files/README.md?format=csv", 400, "can't be had as 'csv'"),
        ("files/secrets.txt", 404, "There is no 'secrets.txt'"),
        ("files/..%2F..%2Fsecret.key", 404, ""),
    ],
)
def test_a_file_that_is_not_there_is_said_so(ready, client, path, status, says):
    response = client.get(ready["url"] + path)

    assert response.status_code == status
    assert says in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"rules": ["votes>3"]}, '"votes>3" is no consensus rule'),
        ({"rules": []}, "Some fields of the request"),
        ({"formats": ["xlsx"]}, "There is no format 'xlsx'"),
        ({"name": "../../etc"}, "can't name a snapshot"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_a_sentence(judged, client, asked, says):
    from snapshots.models import Snapshot

    response = client.post(SNAPSHOTS, asked)

    assert response.status_code == 400
    assert says in response.json()["detail"]
    assert not Snapshot.objects.exists()


def test_an_unknown_campaign_or_snapshot_is_404(judged, client):
    campaign = client.post("/api/v1/campaigns/nowhere/snapshots/", {})
    snapshot = client.get("/api/v1/snapshots/999/")

    assert (campaign.status_code, campaign.json()["code"]) == (404, "unknown_campaign")
    assert (snapshot.status_code, snapshot.json()["code"]) == (404, "unknown_snapshot")


def test_only_engineers_and_admins_may(ready, api, ada, ben, cleo):
    addresses = [SNAPSHOTS, ready["url"], file_of(ready, "posts.parquet")["url"]]

    for address in addresses:
        assert api().get(address).status_code == 401
        assert api(ada).get(address).status_code == 403
        assert api(cleo).get(address).status_code == 403
        assert api(ben).get(address).status_code == 200
    assert api(ada).post(SNAPSHOTS, {}).status_code == 403


def test_a_list_of_snapshots_costs_the_same_for_one_and_for_three(ready, client):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(SNAPSHOTS).status_code == 200
        return len(queries)

    one = count()
    for _ in range(2):
        client.post(SNAPSHOTS, {})

    assert count() == one
    assert [found["state"] for found in client.get(SNAPSHOTS).json()["results"]] == [
        "ready",
        "queued",
        "queued",
    ]
