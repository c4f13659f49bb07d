"""The people every test tells of, on a real PostgreSQL and a real Redis.

Ada rates, Ben is the admin, Cleo is a stranger (a rater without a campaign), Dan is the engineer.
"""

import os
from pathlib import Path

import django
import pytest

# Tests keep a home of their own, so that they never meet a running demo.
ROOT = Path(__file__).resolve().parent.parent
os.environ["PATHOS_HOME"] = str(Path(os.environ.get("PATHOS_HOME", ROOT / "var")) / "test")
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
# Toy models gain nothing from more threads, and lose much on a busy machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Not by pyproject.toml: there the settings would be read before PATHOS_HOME is set above.
django.setup()


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    """Signing in is not what tests are about; strong hashing would take most of their time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def files_in_a_folder_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SNAPSHOTS_DIR = tmp_path / "snapshots"
    settings.ANALYSES_DIR = tmp_path / "analyses"
    settings.MODELS_DIR = tmp_path / "models"
    settings.MLFLOW_TRACKING_URI = f"sqlite:///{tmp_path / 'mlflow' / 'mlflow.db'}"


@pytest.fixture(autouse=True)
def static_files_as_they_lie(settings, tmp_path):
    """Pages link to the files in static/ themselves; nothing has to be collected first."""
    settings.STATIC_ROOT = tmp_path
    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}


@pytest.fixture
def people(db, django_user_model):
    """Makes accounts: `people("Eve")`, `people("Ben", is_staff=True)`."""

    def make(name: str, **fields):
        return django_user_model.objects.create_user(name.lower(), password="pass", **fields)

    return make


@pytest.fixture
def taxonomy(db):
    """Three affects, up to two picks: small enough to see at a glance."""
    from taxonomy import files, taxonomies

    affects = [
        {"key": "entertained", "name": "Entertained", "valence": "positive", "importance": 2.0},
        {"key": "saddened", "name": "Saddened", "valence": "negative"},
        {"key": "neutral", "name": "Neutral", "valence": "neutral"},
    ]
    raw = {"key": "small", "version": 1, "question": "How might someone feel?", "max_picks": 2}
    return taxonomies.load(file=files.parse({**raw, "affects": affects}))[0]


@pytest.fixture
def campaign(taxonomy):
    """An open campaign that wants two raters for each post."""
    from annotation import campaigns

    return campaigns.create(slug="feelings", taxonomy=taxonomy, raters_per_post=2)


@pytest.fixture
def add_posts():
    """Puts posts into a campaign: `add_posts(campaign, "first text", "second text")`."""
    from annotation.models import CampaignPost, Post

    def add(campaign, *bodies: str, **fields) -> list[CampaignPost]:
        start = Post.objects.count()
        posts = Post.objects.bulk_create(
            Post(key=f"p{start + n}", body=body, content_hash=b"0" * 16, **fields)
            for n, body in enumerate(bodies, start=1)
        )
        return CampaignPost.objects.bulk_create(
            CampaignPost(
                campaign=campaign,
                post=post,
                wanted=campaign.raters_per_post,
                sensitive=post.sensitive,
            )
            for post in posts
        )

    return add


@pytest.fixture
def ada(people, campaign):
    """A rater of the campaign."""
    from annotation import campaigns

    return campaigns.add_rater(campaign=campaign, user=people("Ada")).rater


@pytest.fixture
def ben(people):
    """The admin."""
    return people("Ben", is_staff=True, is_superuser=True)


@pytest.fixture
def cleo(people):
    """A rater who has no part in the campaign."""
    from annotation.models import Rater

    return Rater.objects.create(user=people("Cleo"), key="cleo")


@pytest.fixture
def dan(people):
    """The engineer."""
    from django.contrib.auth.models import Group

    from lib.permissions import ENGINEERS

    dan = people("Dan")
    dan.groups.add(Group.objects.get_or_create(name=ENGINEERS)[0])
    return dan


@pytest.fixture
def api():
    """A REST client with a real token: `api(user).post("/api/v1/…", {...})`."""
    from rest_framework.authtoken.models import Token
    from rest_framework.test import APIClient

    def client(user=None) -> APIClient:
        client = APIClient()
        if user is not None:
            token, _ = Token.objects.get_or_create(user=getattr(user, "user", user))
            client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
        return client

    return client


@pytest.fixture
def locked_elsewhere():
    """`with locked_elsewhere(RUNS, 7): …` while another process, as it were, is at work on it."""
    import threading
    from contextlib import contextmanager

    from django.db import connection

    from lib.locks import lock

    @contextmanager
    def held(kind: int, number: int):
        at_work, seen = threading.Event(), threading.Event()

        def work():
            with lock(kind, number) as won:
                assert won
                at_work.set()
                seen.wait(10)
            connection.close()

        worker = threading.Thread(target=work)
        worker.start()
        assert at_work.wait(10)
        try:
            yield
        finally:
            seen.set()
            worker.join()

    return held
