"""The whole loop, once, through the doors that users have: REST on a live server, a real worker.

import → judge → agreement → snapshot → train → registered → routing round → the next assignment
follows the priority.
"""

import hashlib
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import mlflow
import numpy as np
import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from rest_framework.authtoken.models import Token

from annotation import campaigns, crowd, simulation
from annotation.models import Assignment, CampaignPost
from config.celery import app
from taxonomy import taxonomies
from training.bundle import load_bundle
from training.predict import embed

CONTENT = Path(settings.BASE_DIR) / "annotation" / "demo"
POSTS, JUDGED, RATERS_PER_POST = 240, 200, 3


@pytest.fixture
def rest(live_server):
    """Real HTTP clients with real tokens: `rest(user)`."""
    with ExitStack() as opened:

        def client(user) -> httpx.Client:
            token, _ = Token.objects.get_or_create(user=user)
            headers = {"Authorization": f"Token {token.key}"}
            base = f"{live_server.url}/api/v1/"
            return opened.enter_context(httpx.Client(base_url=base, headers=headers, timeout=60))

        yield client


@pytest.fixture
def worker(transactional_db):
    """A worker that takes from all three queues, with a real Redis between it and the server."""
    app.control.purge()
    with start_worker(
        app, pool="solo", queues="default,routing,training", perform_ping_check=False
    ):
        yield


def test_the_whole_loop(rest, worker, people, dan, monkeypatch):
    campaign = campaigns.create(
        slug="loop", taxonomy=taxonomies.find("affects"), raters_per_post=RATERS_PER_POST
    )
    engineer = rest(dan)

    import_posts(engineer)
    raters = [people(f"rater{number}") for number in range(RATERS_PER_POST)]
    for rater in raters:
        campaigns.add_rater(campaign=campaign, user=rater)
    judge(campaign, [rest(rater) for rater in raters])
    read_agreement(engineer)
    snapshot = take_snapshot(engineer)
    version = train(engineer, snapshot)
    use_the_champion(version, monkeypatch)
    round_ = run_a_round(engineer)
    the_next_assignment_follows(round_, rest(raters[0]))


def import_posts(engineer: httpx.Client) -> None:
    lines = (CONTENT / "posts.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [line for line in lines if '"image"' not in line][:POSTS]
    headers = {"Content-Type": "application/x-ndjson"}

    first = engineer.post("campaigns/loop/posts/", content="\n".join(texts), headers=headers)
    again = engineer.post("campaigns/loop/posts/", content="\n".join(texts), headers=headers)

    assert (first.json()["added"], first.json()["rejected"]) == (POSTS, [])
    assert (again.json()["added"], again.json()["unchanged"]) == (0, POSTS)


def judge(campaign, raters: list[httpx.Client]) -> None:
    """Three simulated raters judge until 200 posts have all the judgements they want."""
    rng = np.random.default_rng(5)
    keys = campaign.taxonomy.keys
    planted = simulation.read_truth(CONTENT / "truth.jsonl")
    careful = crowd.SimulatedRater("careful", "careful", 0.95, 0)
    for rater in raters:
        claimed = rater.post("campaigns/loop/assignments/", json={}).json()["assignments"]
        waiting = claimed[0]
        for _ in range(JUDGED):
            truth = crowd.truth_of(waiting["post"]["id"], keys, planted)
            said = crowd.answer(careful, truth, keys, least=1, most=3, rng=rng)
            answer = rater.post(
                f"assignments/{waiting['id']}/judgement/",
                json={"picks": said.picks, "seconds": said.seconds, "next": True},
            )
            assert answer.status_code == 201, answer.text
            waiting = answer.json()["next"]
    assert CampaignPost.objects.filter(judged=RATERS_PER_POST).count() == JUDGED


def read_agreement(engineer: httpx.Client) -> None:
    figures = engineer.get("campaigns/loop/agreement/").json()

    assert figures["judgements"] == JUDGED * RATERS_PER_POST
    assert figures["raters"] == RATERS_PER_POST
    assert 0.3 < figures["interrater"] < 0.95
    assert set(figures["affects"]) >= {"touched", "informed", "destructively_angered"}


def take_snapshot(engineer: httpx.Client) -> dict:
    asked = engineer.post("campaigns/loop/snapshots/", json={"rules": ["votes>=2", "soft"]})
    assert asked.status_code == 202, asked.text

    snapshot = wait_for(engineer, asked.headers["Location"], "ready")

    told = {file["name"]: file["sha256"] for file in snapshot["files"]}
    labels = engineer.get(f"snapshots/{snapshot['id']}/files/labels.parquet")
    assert hashlib.sha256(labels.content).hexdigest() == told["labels.parquet"]
    return snapshot


def train(engineer: httpx.Client, snapshot: dict) -> dict:
    asked = engineer.post(f"snapshots/{snapshot['id']}/runs/", json={"recipe": "tiny"})
    assert asked.status_code == 202, asked.text

    run = wait_for(engineer, asked.headers["Location"], "done")

    version = engineer.get(f"models/{run['model_version']}/").json()
    assert (version["champion"], version["snapshot_sha256"]) == (True, snapshot["sha256"])
    return version


def use_the_champion(version: dict, monkeypatch) -> None:
    """As a stranger to our code would: the alias leads to the bundle, the bundle to 32 numbers."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", settings.MLFLOW_TRACKING_URI)
    folder = mlflow.artifacts.download_artifacts(f"models:/{version['name']}@champion")

    embedding = embed(load_bundle(Path(folder)), [{"body": "Our dog is back home!"}])

    assert embedding.shape == (1, 32)
    assert np.isfinite(embedding).all()


def run_a_round(engineer: httpx.Client) -> dict:
    asked = engineer.post("campaigns/loop/rounds/", json={"budget": 10, "seed": 1})
    assert asked.status_code == 202, asked.text

    return wait_for(engineer, asked.headers["Location"], "done")


def the_next_assignment_follows(round_: dict, rater: httpx.Client) -> None:
    """The post that was on the screen comes first; after it, what the round drew, in its order."""
    drawn = list(
        CampaignPost.objects.filter(priority__gt=0)
        .order_by("-priority")
        .values_list("id", flat=True)
    )
    claimed = rater.post("campaigns/loop/assignments/", json={"count": 5}).json()["assignments"]

    handed_out = Assignment.objects.in_bulk([assignment["id"] for assignment in claimed])
    posts = [handed_out[assignment["id"]].campaign_post_id for assignment in claimed]
    assert len(drawn) == 10
    assert [post for post in posts if post in drawn] == drawn[: len(posts) - 1]


def wait_for(client: httpx.Client, location: str, state: str) -> dict:
    """Asks until the thing at `location` is in `state`; what it says of a failure is shown."""
    for _ in range(600):
        found = client.get(location).json()
        if found["state"] == state:
            return found
        assert found["state"] != "failed", found
        time.sleep(0.2)
    raise AssertionError(f"still {found['state']} after two minutes: {found}")
