"""`import_judgements`: judgements made elsewhere, counted on their posts, each of them once."""

import csv
import json
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from django.core.management import CommandError, call_command
from pyarrow import parquet

from annotation import assignments, campaigns, imported_judgements, judgements
from annotation.models import CampaignPost, Judgement, Membership, Rater
from lib.tables import Row
from taxonomy import files, taxonomies

pytestmark = pytest.mark.django_db

HEAD = "post_id,rater_id,picks\n"
OTHER = 1 << 62


@pytest.fixture(autouse=True)
def three_posts(campaign, add_posts):
    """p1, p2 and p3, each wanting two raters."""
    return add_posts(campaign, "first", "second", "third")


@pytest.fixture
def import_judgements(campaign, tmp_path, capsys):
    """Writes a file and imports it; returns (exit code, what it printed, the rejects)."""

    def run(content: str | bytes, *options: str, name: str = "j.csv") -> tuple[int, str, list]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        code = 0
        try:
            call_command("import_judgements", str(path), *options, campaign=campaign.slug)
        except CommandError as error:
            code = error.returncode
            print(error)
        return code, capsys.readouterr().out, rejects_of(path)

    return run


def rejects_of(path) -> list[tuple]:
    place = path.with_name(f"{path.name}.rejects.csv")
    if not place.exists():
        return []
    with place.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def stored() -> dict[tuple[str, str], int]:
    """(post, rater) → picks."""
    fields = ("campaign_post__post__key", "rater__key", "picks")
    return {(post, rater): picks for post, rater, picks in Judgement.objects.values_list(*fields)}


def counts() -> dict[str, tuple[int, int, int]]:
    """post → (judged, reserved, wanted)."""
    fields = ("post__key", "judged", "reserved", "wanted")
    return {key: tuple(rest) for key, *rest in CampaignPost.objects.values_list(*fields)}


def test_a_judgement_comes_in_with_everything_it_says(import_judgements, campaign):
    content = (
        "post_id,rater_id,picks,other,seconds,judged_at\n"
        "p1,7,saddened,a bit  odd,3.5,2026-11-21T10:30:00Z\n"
    )

    code, printed, _ = import_judgements(content)

    assert (code, printed) == (0, "Judgements: 1 added, 0 unchanged, 1 raters, 0 rejected.\n")
    judgement = Judgement.objects.select_related("rater").get()
    assert judgement.rater.key == "feelings/7"
    assert judgement.rater.user is None
    assert judgement.campaign == campaign
    assert judgement.picks == 0b010 | OTHER
    assert judgement.other == "a bit odd"
    assert judgement.frame == "universal"
    assert judgement.seconds == 3.5
    assert judgement.judged_at == datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
    assert (judgement.assignment, judgement.revision, judgement.set_aside) == (None, 0, False)
    assert Membership.objects.filter(campaign=campaign, rater=judgement.rater).exists()


def test_it_is_counted_on_its_post_which_may_have_wanted_fewer(import_judgements):
    rows = "".join(f"p1,{rater},neutral\n" for rater in "abc") + "p2,a,neutral\n"

    import_judgements(HEAD + rows)

    assert counts() == {"p1": (3, 3, 3), "p2": (1, 1, 2), "p3": (0, 0, 2)}


def test_live_leases_are_counted_beside_it(import_judgements, campaign, ada):
    assignments.claim(campaign=campaign, rater=ada)

    import_judgements(HEAD + "p1,a,neutral\np1,b,neutral\n")

    assert counts()["p1"] == (2, 3, 3)
    assert assignments.claim(campaign=campaign, rater=ada)[0].campaign_post.post.key == "p1"


@pytest.mark.parametrize(
    ("picks", "mask"),
    [
        ("entertained|neutral", 0b101),
        (" neutral | entertained ", 0b101),
        ('["entertained", "neutral"]', 0b101),
        (["entertained", "neutral"], 0b101),
        ("other", OTHER),
        ("neutral|other", 0b100 | OTHER),
    ],
)
def test_picks_come_as_a_text_or_a_list(import_judgements, picks, mask):
    row = {"post_id": "p1", "rater_id": 7, "picks": picks}

    import_judgements(json.dumps(row), name="j.jsonl")

    assert stored() == {("p1", "feelings/7"): mask}


def test_parquet_with_lists_comes_in_too(import_judgements, tmp_path):
    columns = {"post_id": ["p1"], "rater_id": ["a"], "picks": [["saddened", "neutral"]]}
    parquet.write_table(pa.table(columns), tmp_path / "x.parquet")

    import_judgements((tmp_path / "x.parquet").read_bytes(), name="j.parquet")

    assert stored() == {("p1", "feelings/a"): 0b110}


def test_picks_may_stand_in_a_column_for_each_affect(import_judgements):
    content = (
        "post_id,rater_id,entertained,saddened,neutral\n"
        "p1,a,1,0,1\n"
        "p2,a,0,true,\n"
        "p3,a,0,0,2\n"
        "p3,b,0,0,0\n"
    )

    code, _, rejects = import_judgements(content)

    assert code == 2
    assert stored() == {("p1", "feelings/a"): 0b101, ("p2", "feelings/a"): 0b010}
    assert [reject[:2] for reject in rejects] == [("3", "neutral"), ("4", "picks")]


def test_unclear_is_a_judgement_where_the_campaign_allows_it(add_posts):
    affects = [{"key": "joy"}, {"key": "grief"}]
    raw = {"key": "loose", "version": 1, "question": "?", "min_picks": 0, "affects": affects}
    taxonomy = taxonomies.load(file=files.parse(raw))[0]
    campaign = campaigns.create(slug="loose", taxonomy=taxonomy, any_number_of_picks=True)
    add_posts(campaign, "fourth")

    done = imported_judgements.add(
        campaign=campaign,
        rows=[
            Row(1, {"post_id": "p4", "rater_id": "a", "picks": ""}),
            Row(2, {"post_id": "p4", "rater_id": "b", "picks": None}),
            Row(3, {"post_id": "p4", "rater_id": "c", "picks": "joy|grief"}),
        ],
        reject=pytest.fail,
    )

    assert done.added == 3
    assert sorted(stored().values()) == [0, 0, 0b11]


def test_the_same_file_twice_changes_nothing(import_judgements):
    content = HEAD + "p1,a,neutral\np2,a,saddened|neutral\n"
    import_judgements(content)
    before = list(Judgement.objects.values()), counts(), list(Rater.objects.values())

    code, printed, _ = import_judgements(content)

    assert (code, printed) == (0, "Judgements: 0 added, 2 unchanged, 0 raters, 0 rejected.\n")
    assert (list(Judgement.objects.values()), counts(), list(Rater.objects.values())) == before


def test_another_word_for_other_is_another_answer(import_judgements):
    head = "post_id,rater_id,picks,other\n"
    import_judgements(head + "p1,a,neutral,odd\n")

    assert import_judgements(head + "p1,a,neutral,odd\n")[0] == 0
    assert import_judgements(head + "p1,a,neutral,even\n")[0] == 2
    assert Judgement.objects.get().other == "odd"


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("p9,a,neutral", "post_id", "the campaign 'feelings' has no such post"),
        (",a,neutral", "post_id", "is missing"),
        ("p3,,neutral", "rater_id", "is missing"),
        ("p3," + "x" * 181 + ",neutral", "rater_id", "an id may have 180"),
        ("p3,a,joyful", "picks", "The taxonomy has no affect 'joyful'"),
        ("p3,a,sadened", "picks", "did you mean 'saddened'?"),
        ("p3,a,entertained|saddened|neutral", "picks", "3 are picked; at most 2 count here."),
        ("p3,a,", "picks", "No affects are picked"),
        ("p3,a,neutral|neutral", "picks", "'neutral' is picked twice"),
        ("p3,a,[7]", "picks", "must be affects such as"),
        ("p3,a,[neutral", "picks", "is not JSON"),
        ("p1,a,saddened", "picks", "row 1 has another answer of the same rater to the same post"),
        ("p1,z,saddened", "picks", "this rater's answer to this post is stored already"),
        ("p3,a", "", "has 2 cells; the header has 3"),
    ],
)  # fmt: skip
def test_a_row_that_can_not_be_used_is_rejected_and_the_others_land(
    import_judgements, row, field, reason
):
    import_judgements(HEAD + "p1,z,neutral\n")

    code, printed, rejects = import_judgements(f"{HEAD}p1,a,neutral\n{row}\np2,a,saddened\n")

    assert code == 2
    assert printed.startswith("Judgements: 2 added, 0 unchanged, 1 raters, 1 rejected.\n")
    assert [reject[:2] for reject in rejects] == [("2", field)]
    assert reason in rejects[0][2]
    assert stored() == {
        ("p1", "feelings/z"): 0b100,
        ("p1", "feelings/a"): 0b100,
        ("p2", "feelings/a"): 0b010,
    }


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("seconds", -1, "must be a number from 0 to 86400"),
        ("seconds", "fast", "must be a number"),
        ("judged_at", "soon", "must be a time"),
        ("other", "x" * 201, "has 201 characters; 200 are kept"),
        ("picks", {"neutral": 1}, "must be affects"),
        ("picks", [["neutral"]], "must be affects"),
        ("picks", 7, "must be affects"),
    ],
)
def test_other_values_are_checked_too(import_judgements, field, value, reason):
    row = {"post_id": "p1", "rater_id": "a", "picks": "neutral", field: value}

    code, _, rejects = import_judgements(json.dumps(row), name="j.jsonl")

    assert (code, rejects[0][1], Judgement.objects.count()) == (2, field, 0)
    assert reason in rejects[0][2]


def test_rows_of_nobody_make_no_raters(import_judgements):
    import_judgements(HEAD + "p9,a,neutral\np1,b,joyful\n")

    assert not Rater.objects.exists()


def test_a_file_without_a_needed_column_says_which(import_judgements):
    code, printed, _ = import_judgements("post_id,rater_id\np1,a\n")

    assert code == 1
    assert "It has no column 'picks' or 'entertained' or 'saddened' or 'neutral'" in printed
    assert "it has: post_id, rater_id." in printed


def test_post_ids_take_the_same_prefix_as_when_they_came_in(import_judgements):
    code, _, _ = import_judgements(HEAD + "1,a,neutral\n", "--id-prefix=p")

    assert (code, list(stored())) == (0, [("p1", "feelings/a")])


def test_two_campaigns_raters_with_one_id_are_two_people(import_judgements, campaign, taxonomy):
    other = campaigns.create(slug="other", taxonomy=taxonomy)
    CampaignPost.objects.create(campaign=other, post=campaign.campaign_posts.first().post, wanted=5)
    import_judgements(HEAD + "p1,a,neutral\n")

    rows = [Row(1, {"post_id": "p1", "rater_id": "a", "picks": "saddened"})]
    imported_judgements.add(campaign=other, rows=rows, reject=pytest.fail)

    assert stored() == {("p1", "feelings/a"): 0b100, ("p1", "other/a"): 0b010}
    assert other.campaign_posts.get().judged == 1
    assert counts()["p2"] == (0, 0, 2)


def test_imported_and_live_judgements_stand_side_by_side(import_judgements, campaign, ada):
    held = assignments.claim(campaign=campaign, rater=ada)[0]
    judgements.submit(assignment=held, picks=["saddened"])

    import_judgements(HEAD + "p1,a,neutral\n")

    assert counts()["p1"] == (2, 2, 2)
    assert len(stored()) == 2


def test_an_import_that_is_killed_is_simply_run_again(campaign, monkeypatch):
    monkeypatch.setattr(imported_judgements, "CHUNK_ROWS", 2)
    values = [("p1", "a"), ("p1", "b"), ("p2", "a"), ("p2", "b"), ("p3", "a")]
    whole = [
        Row(n, {"post_id": post, "rater_id": rater, "picks": "neutral"})
        for n, (post, rater) in enumerate(values, start=1)
    ]

    def killed():
        yield from whole[:3]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imported_judgements.add(campaign=campaign, rows=killed(), reject=pytest.fail)
    assert counts() == {"p1": (2, 2, 2), "p2": (0, 0, 2), "p3": (0, 0, 2)}

    done = imported_judgements.add(campaign=campaign, rows=whole, reject=pytest.fail)

    assert done == imported_judgements.JudgementsAdded(added=3, unchanged=2, raters=0)
    assert counts() == {"p1": (2, 2, 2), "p2": (2, 2, 2), "p3": (1, 1, 2)}
