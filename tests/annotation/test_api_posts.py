"""Posts and judgements by the thousand over REST."""

import gzip
import io
import json
import tracemalloc

import pytest

from annotation import imported_judgements, posts
from annotation.models import CampaignPost, Judgement, Post
from lib.tables.rows import MAX_ROW_BYTES

pytestmark = pytest.mark.django_db

POSTS = "/api/v1/campaigns/feelings/posts/"
JUDGEMENTS = "/api/v1/campaigns/feelings/judgements/"
TWO = [{"id": "a", "body": "first"}, {"id": "b", "body": "second"}]
NDJSON = "application/x-ndjson"


def as_lines(rows: list) -> bytes:
    return "\n".join(map(json.dumps, rows)).encode()


@pytest.fixture
def send(api, campaign, dan):
    """`send(POSTS, rows)` as the engineer; `content` and headers instead, for odd bodies."""

    def post(path: str, rows: list | None = None, content: bytes = b"", kind=NDJSON, **headers):
        body = as_lines(rows) if rows is not None else content
        return api(dan).post(path, data=body, content_type=kind, headers=headers)

    return post


def test_posts_come_in_as_lines(send, campaign):
    answer = send(POSTS, TWO)

    assert answer.status_code == 200
    assert answer.json() == {
        "added": 2,
        "unchanged": 0,
        "linked": 2,
        "rejected": [],
        "rejected_total": 0,
    }
    assert dict(Post.objects.values_list("key", "body")) == {"a": "first", "b": "second"}
    assert set(campaign.campaign_posts.values_list("post__key", "wanted")) == {("a", 2), ("b", 2)}


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", NDJSON])
def test_posts_come_in_as_an_array(send, kind):
    answer = send(POSTS, content=json.dumps(TWO, indent=2).encode(), kind=kind)

    assert (answer.status_code, answer.json()["added"]) == (200, 2)


def test_posts_come_in_zipped(send):
    answer = send(POSTS, content=gzip.compress(as_lines(TWO)), **{"Content-Encoding": "gzip"})

    assert (answer.status_code, answer.json()["added"]) == (200, 2)


def test_the_same_posts_again_change_nothing(send):
    send(POSTS, TWO)

    answer = send(POSTS, TWO)

    assert answer.status_code == 200
    assert answer.json() == {
        "added": 0,
        "unchanged": 2,
        "linked": 0,
        "rejected": [],
        "rejected_total": 0,
    }


def test_bad_rows_are_listed_and_the_others_land(send):
    answer = send(POSTS, [TWO[0], {"id": "x", "body": ""}, [], {"id": "y", "image": "a.png"}])

    assert answer.status_code == 207
    body = answer.json()
    assert (body["added"], body["rejected_total"]) == (1, 3)
    # The reader's rejects and the database's come as they are found: sorted, they tell a story.
    assert sorted(body["rejected"], key=lambda reject: reject["row"]) == [
        {
            "row": 2,
            "field": "body",
            "reason": "is empty, and so are title, ocr_text, transcript and image",
            "id": "x",
        },
        {"row": 3, "field": "", "reason": 'must be an object such as {"id": "1"}', "id": ""},
        {
            "row": 4,
            "field": "image",
            "reason": "can only come with a file beside it: use manage.py import_posts",
            "id": "y",
        },
    ]


def test_only_the_first_thousand_rejects_are_listed(send):
    answer = send(POSTS, [*TWO, *({"id": str(n)} for n in range(1200))])

    assert len(answer.json()["rejected"]) == 1000
    assert answer.json()["rejected_total"] == 1200


def test_when_nothing_can_be_used_it_is_a_problem(send):
    answer = send(POSTS, [{"body": "x"}])

    assert answer.status_code == 422
    assert answer.json() == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "code": "unprocessable",
        "detail": "None of the 1 rows can be used; see 'errors'.",
        "errors": [{"where": "row 1, id", "what": "is missing"}],
    }


@pytest.mark.parametrize(
    ("content", "headers", "status", "detail"),
    [
        (b"", {}, 422, "The body holds no rows."),
        (b"[]", {"kind": "application/json"}, 422, "The body holds no rows."),
        (b"no gzip", {"Content-Encoding": "gzip"}, 400, "The gzip data is damaged"),
        (b"x", {"kind": "text/csv"}, 415, "Unsupported media type"),
        (b"x", {"kind": "multipart/form-data"}, 415, "Unsupported media type"),
        ("é".encode("utf-16"), {}, 400, "This looks like UTF-16"),
    ],
)  # fmt: skip
def test_a_body_that_is_no_use_at_all_is_a_problem(send, content, headers, status, detail):
    answer = send(POSTS, content=content, **headers)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert detail in answer.json()["detail"]


def test_a_line_too_long_is_one_reject_and_is_never_held(send):
    long = b'{"id": "x", "body": "' + b"y" * (2 * MAX_ROW_BYTES) + b'"}'

    answer = send(POSTS, content=b"\n".join([as_lines(TWO[:1]), long, as_lines(TWO[1:])]))

    assert (answer.status_code, answer.json()["added"]) == (207, 2)
    assert answer.json()["rejected"][0]["reason"] == "is 20.0 MB long; a row may have 10.0 MB"


class Arriving(io.RawIOBase):
    """A body as a server hands it on: a piece at a time, and never there as a whole."""

    def __init__(self, rows: int, then: Exception | None = None):
        self.rows = (line(number) for number in range(rows))
        self.rest, self.then = b"", then

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self.rest = self.rest or next(self.rows, b"")
        if self.then and not self.rest:
            raise self.then
        taken, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def line(number: int) -> bytes:
    return json.dumps({"id": str(number), "body": "x" * 1000}).encode() + b"\n"


@pytest.mark.parametrize("length", ["with a length", "sent in chunks"])
def test_a_large_body_is_read_as_it_arrives(api, campaign, dan, monkeypatch, length):
    """The peak is that of one chunk of posts, however long the body is."""
    monkeypatch.setattr(posts, "CHUNK_ROWS", 100)
    rows = 20_000
    size = sum(len(line(number)) for number in range(rows))
    how = {"CONTENT_LENGTH": str(size)}
    if length == "sent in chunks":
        how = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}

    tracemalloc.start()
    answer = api(dan).generic(
        "POST", POSTS, content_type=NDJSON, **{**how, "wsgi.input": Arriving(rows)}
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert answer.json()["added"] == rows
    assert size > 20_000_000
    assert peak < size / 4


def test_posts_are_listed_page_by_page(send, api, dan, campaign):
    send(POSTS, [{"id": str(n), "body": "x"} for n in range(5)])

    first = api(dan).get(POSTS, {"page_size": 3}).json()
    second = api(dan).get(first["next"]).json()

    assert first["results"][0] == {
        "id": "0",
        "state": "open",
        "priority": 0.0,
        "judged": 0,
        "wanted": 2,
    }
    assert [post["id"] for post in first["results"] + second["results"]] == list("01234")
    assert second["next"] is None


def test_a_page_of_posts_takes_the_same_queries_whatever_its_length(
    send, api, dan, django_assert_max_num_queries
):
    send(POSTS, [{"id": str(n), "body": "x"} for n in range(30)])

    with django_assert_max_num_queries(5):
        api(dan).get(POSTS)


def test_judgements_come_in(send, campaign, add_posts):
    add_posts(campaign, "first", "second")

    answer = send(
        JUDGEMENTS,
        [
            {"post_id": "p1", "rater_id": 1, "picks": ["neutral"], "seconds": 2},
            {"post_id": "p1", "rater_id": 2, "picks": "saddened|neutral"},
            {"post_id": "p2", "rater_id": 1, "picks": ["joyful"]},
        ],
    )

    assert answer.status_code == 207
    body = answer.json()
    assert (body["added"], body["unchanged"], body["raters"]) == (2, 0, 2)
    assert [reject["row"] for reject in body["rejected"]] == [3]
    assert Judgement.objects.count() == 2
    assert CampaignPost.objects.get(post__key="p1").judged == 2


@pytest.mark.parametrize("path", [POSTS, JUDGEMENTS])
@pytest.mark.parametrize("who", ["ada", "cleo", None])
def test_raters_and_strangers_are_kept_out(api, campaign, request, path, who):
    client = api(who and request.getfixturevalue(who))

    answer = client.post(path, data=as_lines(TWO), content_type=NDJSON)

    assert answer.status_code == (403 if who else 401)
    assert answer.json()["code"] in ("permission_denied", "not_authenticated")
    assert not Post.objects.exists()


def test_raters_see_no_list_of_posts(api, ada):
    assert api(ada).get(POSTS).status_code == 403


def test_an_unknown_campaign_is_not_found(send):
    answer = send("/api/v1/campaigns/nowhere/posts/", TWO)

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_campaign")


def test_a_connection_that_breaks_keeps_what_has_arrived(api, campaign, dan, monkeypatch):
    """Whoever sends again, sends all: what is there is told by its own id."""
    monkeypatch.setattr(posts, "CHUNK_ROWS", 10)

    body = Arriving(25, then=OSError("the client went away"))

    answer = api(dan).generic(
        "POST", POSTS, content_type=NDJSON, CONTENT_LENGTH="999999", **{"wsgi.input": body}
    )

    assert (answer.status_code, answer.json()["added"]) == (207, 25)
    assert "the client went away" in answer.json()["rejected"][0]["reason"]


def test_a_fault_of_ours_is_not_called_the_sender_s(send, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(imported_judgements, "_add_chunk", fail)

    with pytest.raises(ZeroDivisionError):
        send(JUDGEMENTS, [{"post_id": "p1", "rater_id": 1, "picks": ["neutral"]}])
