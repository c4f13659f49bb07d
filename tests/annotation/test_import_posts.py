"""`import_posts`: good rows land, bad ones say why, and the same file again changes nothing."""

import csv
import gzip
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pyarrow import parquet

from annotation import campaigns, post_rows, posts
from annotation.models import CampaignPost, Post
from lib.tables import Row

pytestmark = pytest.mark.django_db

CSV = "id,body\na,first\nb,second\n"


@pytest.fixture
def import_posts(campaign, tmp_path, capsys):
    """Writes a file and imports it; returns (exit code, what it printed, the rejects)."""

    def run(content: str | bytes, *options: str, name: str = "posts.csv") -> tuple[int, str, list]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        code = 0
        try:
            call_command("import_posts", str(path), *options, campaign=campaign.slug)
        except CommandError as error:
            code = error.returncode
            print(error)
        return code, capsys.readouterr().out, rejects_of(path)

    return run


def rejects_of(path) -> list[tuple]:
    """(row, field, reason, id) of each reject of the last import; the header left out."""
    place = path.with_name(f"{path.name}.rejects.csv")
    if not place.exists():
        return []
    with place.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def bodies() -> dict[str, str]:
    return dict(Post.objects.values_list("key", "body"))


def test_every_column_is_stored_and_unknown_ones_are_kept(import_posts, campaign):
    row = {
        "id": "a",
        "title": "Snow",
        "body": "first",
        "ocr_text": "STOP",
        "transcript": "hello",
        "language": "pt_BR",
        "publisher": "Maja",
        "publisher_feeling": "happy",
        "sensitive": True,
        "created_at": "2026-11-21T11:30:00+01:00",
        "shares": 3,
        "tags": ["x"],
        "nothing": None,
    }

    code, printed, _ = import_posts(json.dumps(row), name="posts.jsonl")

    assert (code, printed) == (0, "Posts: 1 added, 0 unchanged, 1 linked, 0 rejected.\n")
    stored = Post.objects.values().get()
    assert stored.pop("imported_at")
    assert len(stored.pop("content_hash")) == 16
    assert stored == {
        "id": stored["id"],
        "key": "a",
        "title": "Snow",
        "body": "first",
        "ocr_text": "STOP",
        "transcript": "hello",
        "image": "",
        "image_alt": "",
        "language": "pt-BR",
        "publisher": "Maja",
        "publisher_feeling": "happy",
        "sensitive": True,
        "created_at": datetime(2026, 11, 21, 10, 30, tzinfo=UTC),
        "metadata": {"shares": 3, "tags": ["x"]},
    }
    linked = CampaignPost.objects.values().get()
    del linked["id"]
    assert linked == {
        "campaign_id": campaign.id,
        "post_id": stored["id"],
        "state": "open",
        "priority": 0.0,
        "wanted": 2,
        "reserved": 0,
        "sensitive": True,
        "judged": 0,
        "reopened": False,
    }


def test_posts_are_asked_in_the_order_of_the_file(import_posts):
    import_posts("id,body\n" + "".join(f"{key},x\n" for key in "zyxabc"))

    assert list(CampaignPost.objects.order_by("id").values_list("post__key", flat=True)) == [
        *"zyxabc"
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tasks.json", [{"id": 1, "data": {"text": "first"}, "annotations": [{"result": []}]}]),
        ("tasks.json", [{"id": 9, "data": {"id": "1", "body": "first"}}]),
        ("doccano.jsonl", {"id": 1, "text": "first"}),
    ],
    ids=["Label Studio", "Label Studio with ids of its own", "doccano"],
)
def test_other_tools_files_are_understood(import_posts, name, content):
    code, _, _ = import_posts(json.dumps(content), name=name)

    assert code == 0
    assert bodies() == {"1": "first"}
    assert Post.objects.get().metadata == {}


def test_parquet_and_gz_come_in_too(import_posts, tmp_path):
    parquet.write_table(pa.table({"id": [1], "body": ["one"]}), tmp_path / "p.parquet")

    import_posts((tmp_path / "p.parquet").read_bytes(), name="posts.parquet")
    import_posts(gzip.compress(CSV.encode()), name="posts.csv.gz")

    assert bodies() == {"1": "one", "a": "first", "b": "second"}


def test_columns_with_other_names_need_no_rewriting(import_posts):
    content = "status_id,status_message\n7,hello\n"

    code, _, _ = import_posts(content, "--column", "id=status_id", "--column=body=status_message")

    assert code == 0
    assert bodies() == {"7": "hello"}
    assert Post.objects.get().metadata == {}


def test_unknown_columns_can_be_left_out(import_posts):
    import_posts("id,body,shares\na,first,3\n", "--no-metadata")

    assert Post.objects.get().metadata == {}


def test_a_limit_reads_no_further(import_posts):
    assert "1 added" in import_posts(CSV, "--limit=1")[1]


@pytest.mark.parametrize("option", ["--limit=-1", "--limit=all", "--column=body", "--column==b"])
def test_an_option_that_means_nothing_is_refused(import_posts, option):
    code, printed, _ = import_posts(CSV, option)

    assert (code, Post.objects.count()) == (1, 0)
    assert "is not " in printed


def test_the_same_file_twice_changes_nothing(import_posts):
    import_posts(CSV)
    before = list(Post.objects.values()), list(CampaignPost.objects.values())

    code, printed, _ = import_posts(CSV)

    assert (code, printed) == (0, "Posts: 0 added, 2 unchanged, 0 linked, 0 rejected.\n")
    assert (list(Post.objects.values()), list(CampaignPost.objects.values())) == before


def test_the_same_post_in_a_second_campaign_is_one_post(import_posts, campaign, taxonomy):
    other = campaigns.create(slug="other", taxonomy=taxonomy)
    import_posts(CSV)

    rows = [Row(1, {"id": "a", "body": "first"})]
    done = posts.add(campaign=other, rows=rows, reject=pytest.fail)

    assert done == posts.PostsAdded(added=0, unchanged=1, linked=1)
    assert Post.objects.count() == 2


def test_a_changed_post_is_rejected_and_the_first_stays(import_posts):
    import_posts(CSV)

    code, _, rejects = import_posts(CSV.replace("second", "changed"))

    assert code == 2
    assert [(row, field, key) for row, field, _, key in rejects] == [("2", "id", "b")]
    assert "--id-prefix" in rejects[0][2]
    assert bodies() == {"a": "first", "b": "second"}


def test_a_changed_post_does_not_join_a_second_campaign(import_posts, taxonomy):
    other = campaigns.create(slug="other", taxonomy=taxonomy)
    import_posts(CSV)
    rows = [Row(1, {"id": "a", "body": "changed"})]

    done = posts.add(campaign=other, rows=rows, reject=[].append)

    assert (done, other.campaign_posts.count()) == (posts.PostsAdded(), 0)


def test_a_prefix_tells_two_sources_ids_apart(import_posts):
    import_posts(CSV)

    code, printed, _ = import_posts(CSV.replace("second", "changed"), "--id-prefix=x-")

    assert (code, printed) == (0, "Posts: 2 added, 0 unchanged, 2 linked, 0 rejected.\n")
    assert bodies()["x-b"] == "changed"


def test_an_id_that_stands_twice_in_a_file_counts_once_or_is_rejected(import_posts):
    code, printed, rejects = import_posts("id,body\na,first\na,first\na,other\n")

    assert code == 2
    assert printed.startswith("Posts: 1 added, 1 unchanged, 1 linked, 1 rejected.\n")
    assert rejects == [("3", "id", "stands in row 1 already, with other content", "a")]


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({"body": "x"}, "id", "is missing"),
        ({"id": "", "body": "x"}, "id", "is missing"),
        ({"id": "x" * 201, "body": "x"}, "id", "has 201 characters; an id may have 200"),
        ({"id": "x", "body": " "}, "body", "is empty, and so are title"),
        ({"id": "x", "body": ["x"]}, "body", "must be text, not a list"),
        ({"id": "x", "body": "x", "sensitive": "maybe"}, "sensitive", "must be true or false"),
        ({"id": "x", "body": "x", "created_at": "soon"}, "created_at", "must be a time"),
        ({"id": "x", "body": "x", "language": "in English"}, "language", "must be a tag"),
        ({"id": "x", "body": "x", "metadata": "{"}, "metadata", "is not JSON"),
        ({"id": "x", "body": "x", "metadata": [1]}, "metadata", "must be a JSON object"),
        ({"id": "x", "body": "x", "size": {"deep": 1e999}}, "size", ""),
    ],
)  # fmt: skip
def test_a_row_that_can_not_be_used_is_rejected_and_the_others_land(
    import_posts, row, field, reason
):
    # json.dumps would write Infinity; 1e999 is what a file would hold.
    lines = [{"id": "a", "body": "first"}, row, {"id": "b", "body": "second"}]
    content = "\n".join(map(json.dumps, lines)).replace("Infinity", "1e999")

    code, printed, rejects = import_posts(content, name="posts.jsonl")

    assert code == 2
    assert printed.startswith("Posts: 2 added, 0 unchanged, 2 linked, 1 rejected.\n")
    assert "1 row was left out" in printed
    assert bodies() == {"a": "first", "b": "second"}
    assert [reject[0] for reject in rejects] == ["2"]
    assert rejects[0][1] == ("metadata" if field == "size" else field)
    assert reason in rejects[0][2]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("name,body\na,first\n", "It has no column 'id'; it has: name, body."),
        ("id,words\na,first\n", "It has no column 'title' or 'body' or"),
        ("", "is empty."),
        (CSV.encode("utf-16"), "--encoding utf-16"),
    ],
)
def test_a_file_that_can_not_be_used_at_all_ends_in_one_sentence(import_posts, content, sentence):
    code, printed, rejects = import_posts(content)

    assert (code, rejects) == (1, [])
    assert sentence in printed


def test_an_unknown_campaign_is_told_of(tmp_path):
    (tmp_path / "posts.csv").write_text(CSV)

    with pytest.raises(CommandError, match="There is no campaign 'nowhere'. There are: none yet."):
        call_command("import_posts", str(tmp_path / "posts.csv"), campaign="nowhere")


def test_the_rejects_never_overwrite_the_import(import_posts, tmp_path):
    code, printed, _ = import_posts(CSV, f"--rejects={tmp_path / 'posts.csv'}")

    assert code == 1
    assert "names the very file to import" in printed
    assert (tmp_path / "posts.csv").read_text() == CSV


def test_figures_come_as_json_too(import_posts, tmp_path):
    code, printed, _ = import_posts(CSV + ",third\n", "--json")

    assert code == 2
    assert json.loads(printed.splitlines()[0]) == {
        "added": 2,
        "unchanged": 0,
        "linked": 2,
        "rejected": 1,
        "rejects": str(tmp_path / "posts.csv.rejects.csv"),
    }


def test_an_import_that_is_killed_is_simply_run_again(campaign, monkeypatch):
    monkeypatch.setattr(posts, "CHUNK_ROWS", 10)
    whole = [Row(n, {"id": str(n), "body": f"post {n}"}) for n in range(1, 36)]

    def killed():
        yield from whole[:25]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        posts.add(campaign=campaign, rows=killed(), reject=pytest.fail)
    assert Post.objects.count() == CampaignPost.objects.count() == 20

    done = posts.add(campaign=campaign, rows=whole, reject=pytest.fail)

    assert done == posts.PostsAdded(added=15, unchanged=20, linked=15)
    assert CampaignPost.objects.count() == 35


def test_a_chunk_lands_whole_or_not_at_all(campaign, monkeypatch):
    """Posts without their campaign post would be lost: importing again would call them unchanged."""
    monkeypatch.setattr(posts, "LINK", "SELECT 1 / 0")

    with pytest.raises(Exception, match="division by zero"):
        posts.add(campaign=campaign, rows=[Row(1, {"id": "a", "body": "x"})], reject=pytest.fail)

    assert Post.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_take_turns(campaign):
    """Else one would hold "a", the other "b", and once "held" is free each waits for the other."""

    def run(ids: list[str]) -> posts.PostsAdded:
        rows = [Row(n, {"id": key, "body": "x"}) for n, key in enumerate(ids, start=1)]
        try:
            return posts.add(campaign=campaign, rows=rows, reject=pytest.fail)
        finally:
            connection.close()

    with ThreadPoolExecutor() as threads:
        with transaction.atomic():
            Post.objects.create(key="held", body="x", content_hash=b"")
            running = threads.map(run, [["a", "held", "b"], ["b", "held", "a"]])
            wait_until_waiting(2)
            transaction.set_rollback(True)
        one, two = running

    assert one.added + two.added == one.linked + two.linked == 3
    assert one.unchanged + two.unchanged == 3


def wait_until_waiting(sessions: int) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    deadline = time.monotonic() + 30
    with connection.cursor() as cursor:
        while cursor.execute(waiting).fetchone()[0] < sessions:
            assert time.monotonic() < deadline, "nobody waits"
            cursor.execute("SELECT pg_sleep(0.01), pg_stat_clear_snapshot()")


@pytest.mark.parametrize("body", ["A post", 'Say "so"\n\tagain \\', "愤怒 – ça", "\x7f\u2028"])
def test_a_plain_post_is_what_reading_its_row_makes(body):
    row = Row(7, {"id": "p1", "body": body})
    read = post_rows.read(row, id_prefix="a/", take_image=pytest.fail, keep_metadata=False)

    assert post_rows.plain(7, "a/p1", body) == read
