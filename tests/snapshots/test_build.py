"""What the files of a snapshot say, compared with a plain loop over the rows they come from."""

import hashlib
import hmac
import json
from collections import defaultdict

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = ["posts", "judgements", "labels", "signals", "people", "personal_rows"]


def rows(folder, table: str) -> list[dict]:
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


@pytest.fixture
def judged(campaign, add_posts, judge):
    """Posts with five, two and no judgements; the second one also has one that was set aside."""
    posts = add_posts(campaign, "A funny dog", "a FUNNY  dog", "Nobody saw this")
    for rater in ["ada@home.example", "bob", "cyd"]:
        judge(posts[0], rater, "touched", "entertained")
    judge(posts[0], "dov", other="wistful")
    judge(posts[0], "eve")
    judge(posts[1], "ada@home.example", "saddened", other="=1+1")
    judge(posts[1], "bob", "saddened", seconds=None)
    judge(posts[1], "cyd", "entertained", set_aside=True)
    return posts


def test_labels_say_what_a_plain_loop_over_the_judgements_says(judged, write, taxonomy):
    from annotation.models import Judgement
    from taxonomy.rules import OTHER_BIT, keys_of

    found = rows(write("votes>=3", "votes>=1", "soft"), "labels")

    votes, raters = defaultdict(int), defaultdict(int)
    for judgement in Judgement.objects.filter(set_aside=False):
        key = judgement.campaign_post.post.key
        raters[key] += 1
        for affect in keys_of(judgement.picks, taxonomy.keys):
            votes[key, affect] += 1
        votes[key, "other"] += judgement.picks >> OTHER_BIT & 1
    assert found == [
        {
            "post_id": key,
            "affect": affect,
            "votes": votes[key, affect],
            "raters": raters[key],
            "soft": votes[key, affect] / raters[key],
            "label_votes_3": None if raters[key] < 3 else int(votes[key, affect] >= 3),
            "label_votes_1": int(votes[key, affect] >= 1),
            "propensity": 1.0,
            "weight": 1.0,
        }
        for key in ["p1", "p2"]
        for affect in [*taxonomy.keys, "other"]
    ]


def test_judgements_say_who_picked_what_under_a_pseudonym(judged, campaign, write):
    from snapshots.models import Secret

    found = rows(write(), "judgements")

    own_key = hmac.digest(bytes(Secret.objects.get().key), b"feelings", "sha256")
    ada = hmac.new(own_key, b"rater_ada@home.example", "sha256").hexdigest()[:20]
    said = [row for row in found if row["rater"] == f"rater_{ada}"]
    assert [row["post_id"] for row in found] == ["p1"] * 5 + ["p2"] * 2
    assert [(row["picks"], row["other"], row["seconds"]) for row in said] == [
        (["entertained", "touched"], "", 4.5),
        (["saddened"], "=1+1", 4.5),
    ]
    for key in ["p1", "p2"]:
        raters = [row["rater"] for row in found if row["post_id"] == key]
        assert raters == sorted(raters), "the order must not tell who came first"


def test_no_byte_of_a_snapshot_names_a_rater_or_a_person(judged, react, write):
    react(judged[0], "person-of-note", "like")

    folder = write(formats=["csv", "jsonl"])

    for path in folder.iterdir():
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content = repr(pq.read_table(path).to_pylist()).encode()
        assert b"p1" in content or path.suffix in (".json", ".md") or "people" in path.name
        for secret in (b"ada@home", b"person-of-note"):
            assert secret not in content, path.name


def test_another_name_gives_other_pseudonyms(judged, write):
    first, second = write(out="one"), write(out="two", name="for the reviewers")

    raters = [{row["rater"] for row in rows(folder, "judgements")} for folder in (first, second)]
    assert len(raters[0]) == 5
    assert raters[0] & raters[1] == set()


def test_the_same_state_and_arguments_give_the_same_bytes(judged, react, write):
    react(judged[0], "person-1", "love")
    arguments = {"rules": ("votes>=2", "soft"), "formats": ["csv"]}

    first = write(*arguments["rules"], formats=arguments["formats"], out="one")
    second = write(*arguments["rules"], formats=arguments["formats"], out="two")

    files = sorted(path.name for path in first.iterdir())
    assert files == sorted(path.name for path in second.iterdir())
    assert len(files) == 6 * 2 + 3
    for name in files:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_another_judgement_gives_another_hash(judged, judge, write):
    before = json.loads((write(out="one") / "manifest.json").read_text())
    judge(judged[2], "eve", "saddened")

    after = json.loads((write(out="two") / "manifest.json").read_text())

    assert before["sha256"] != after["sha256"]
    assert after["counts"]["judgements"] == before["counts"]["judgements"] + 1


def test_the_manifest_describes_every_file(judged, write):
    folder = write("votes>=3", "soft", formats=["jsonl"])

    manifest = json.loads((folder / "manifest.json").read_text())

    assert {*manifest["files"], "manifest.json"} == {path.name for path in folder.iterdir()}
    for name, facts in manifest["files"].items():
        content = (folder / name).read_bytes()
        assert facts["sha256"] == hashlib.sha256(content).hexdigest(), name
        assert facts["bytes"] == len(content), name
    hashes = "".join(manifest["files"][name]["sha256"] for name in sorted(manifest["files"]))
    assert manifest["sha256"] == hashlib.sha256(hashes.encode()).hexdigest()
    assert manifest["rules"] == [
        {"rule": "votes>=3", "column": "label_votes_3"},
        {"rule": "soft", "column": "soft"},
    ]
    assert manifest["primary_rule"] == "votes>=3"
    assert manifest["created_from"] == "2026-11-01T09:00:06+00:00"
    counts = manifest["counts"]
    assert counts["left_out"] == {
        "withdrawn_posts": 0,
        "set_aside_judgements": 1,
        "signals_without_consent": 0,
    }
    assert counts["positives"] == {
        "votes>=3": {"entertained": 1, "saddened": 0, "touched": 1, "other": 0}
    }
    assert (counts["posts"], counts["judged_posts"], counts["raters"]) == (3, 2, 5)


def test_a_snapshot_opens_with_pandas_polars_and_duckdb(judged, write):
    folder = write()

    for table in TABLES:
        path = str(folder / f"{table}.parquet")
        expected = pq.read_table(path).num_rows
        assert len(pd.read_parquet(path)) == expected
        assert pl.read_parquet(path).height == expected
        assert duckdb.execute(f"SELECT count(*) FROM '{path}'").fetchall() == [(expected,)]


def test_training_reads_the_folder(judged, write):
    from training.snapshot import read_snapshot

    snapshot = read_snapshot(write("votes>=3", "soft"))

    assert snapshot.label_column("primary") == "label_votes_3"
    assert snapshot.label_column("soft") == "soft"
    assert [affect["key"] for affect in snapshot.taxonomy["affects"]] == [
        "entertained",
        "saddened",
        "touched",
    ]


def test_posts_that_read_the_same_share_a_split_and_keep_it(judged, write, add_posts, campaign):
    first = {row["post_id"]: row["split"] for row in rows(write(out="one"), "posts")}
    add_posts(campaign, "One more")

    second = {row["post_id"]: row["split"] for row in rows(write(out="two"), "posts")}

    assert first["p1"] == first["p2"]
    assert {**second, **first} == second


def test_a_withdrawn_post_stays_out_unless_asked_for(judged, write):
    from annotation import campaigns

    campaigns.withdraw_post(campaign_post=judged[0])

    without, including = write(out="one"), write(out="two", withdrawn=True)

    assert [row["post_id"] for row in rows(without, "posts")] == ["p2", "p3"]
    assert {row["post_id"] for row in rows(without, "judgements")} == {"p2"}
    assert [row["post_id"] for row in rows(including, "posts")] == ["p1", "p2", "p3"]
    left_out = json.loads((without / "manifest.json").read_text())["counts"]["left_out"]
    assert left_out["withdrawn_posts"] == 1


def test_another_campaigns_judgements_stay_there(judged, judge, write, taxonomy):
    from annotation import campaigns
    from annotation.models import CampaignPost, Judgement

    other = campaigns.create(slug="elsewhere", taxonomy=taxonomy)
    twin = CampaignPost.objects.create(campaign=other, post=judged[0].post, wanted=5)
    stray = judge(twin, "zoe", "saddened")
    Judgement.objects.filter(id=stray.id).update(campaign=other)

    assert len(rows(write(), "judgements")) == 7


def test_a_like_makes_the_affect_the_persons_own(judged, react, write):
    for person, kind in [("p-1", "like"), ("p-1", "love"), ("p-2", "love"), ("p-3", "angry")]:
        react(judged[0], person, kind)
    react(judged[1], "p-4", "like")
    react(judged[2], "p-5", "like")
    react(judged[0], "p-6", "like", consented=False)

    folder = write("votes>=3")

    found = [
        (row["post_id"], row["affect"], row["label"], row["source"])
        for row in rows(folder, "personal_rows")
    ]
    # Post 1 has both personalised affects, for two fans. Nobody picked them on post 2, where one
    # judgement was set aside. Nobody judged post 3.
    assert sorted(found) == [
        ("p1", "entertained", 1, "human"),
        ("p1", "entertained", 1, "human"),
        ("p1", "touched", 1, "human"),
        ("p1", "touched", 1, "human"),
        ("p2", "entertained", 0, "human"),
        ("p2", "touched", 0, "human"),
    ]
    people = {row["person_id"] for row in rows(folder, "people")}
    assert len(people) == 5
    assert {row["person_id"] for row in rows(folder, "signals")} == people
    assert {row["person_id"] for row in rows(folder, "personal_rows")} < people
    assert rows(folder, "people")[0]["features"] == [1.5, None]


def test_a_popular_post_has_a_fixed_draw_of_its_fans(judged, react, write, monkeypatch):
    from snapshots import build

    monkeypatch.setattr(build, "MOST_FANS", 3)
    for number in range(8):
        react(judged[0], f"person-{number}", "like")

    def drawn(out: str, seed: int) -> set:
        found = rows(write(out=out, seed=seed), "personal_rows")
        return {row["person_id"] for row in found}

    assert len(drawn("one", 1)) == 3
    assert drawn("two", 1) == drawn("three", 1)
    assert drawn("four", 1) != drawn("five", 2)


def test_texts_survive_the_way_through_copy(judged, judge, write):
    tricky = 'a "quote", a\nline, a \\N and an é'
    judge(judged[2], "eve", other=tricky)
    judge(judged[2], "dov", "saddened", other="")

    found = rows(write(), "judgements")

    assert sorted(row["other"] for row in found if row["post_id"] == "p3") == ["", tricky]


def test_other_without_a_word_is_still_told(judged, judge, write):
    from annotation.models import Judgement
    from taxonomy.rules import OTHER_BIT

    wordless = judge(judged[2], "eve", "saddened")
    Judgement.objects.filter(id=wordless.id).update(picks=wordless.picks | 1 << OTHER_BIT)

    found = rows(write(), "judgements")

    assert (found[-1]["picks"], found[-1]["other"]) == (["saddened"], "other")


def test_posts_that_routing_drew_carry_their_propensity(campaign, add_posts, judge, write):
    from routing import queries, rounds
    from routing.models import Selection

    posts = add_posts(campaign, *(f"post {number}" for number in range(20)))
    rounds.run(campaign=campaign, strategy="uniform", budget=5, seed=1)
    drawn = [selection.campaign_post for selection in Selection.objects.order_by("campaign_post")]
    undrawn = next(post for post in posts if post not in drawn)
    for post in [*drawn, undrawn]:
        judge(post, "eve", "saddened")
        type(post).objects.filter(id=post.id).update(judged=1, reserved=1)

    folder = write()

    expected = {post.post.key: queries.propensities(campaign).get(post.id, 1.0) for post in posts}
    assert len(drawn) == 5
    assert {expected[post.post.key] for post in drawn} == {0.25}
    found = {row["post_id"]: row["propensity"] for row in rows(folder, "posts")}
    assert found == expected
    assert all(row["propensity"] == expected[row["post_id"]] for row in rows(folder, "labels"))


def test_posts_that_routing_drew_carry_their_weight(campaign, add_posts, judge, write):
    from routing import queries, rounds

    posts = add_posts(campaign, *(f"post {number}" for number in range(20)))
    for seed in (1, 2):
        round = rounds.run(campaign=campaign, strategy="uniform", budget=5, seed=seed)
        for selection in round.selections.select_related("campaign_post"):
            judge(selection.campaign_post, "eve", "saddened")
            campaign.campaign_posts.filter(id=selection.campaign_post_id).update(
                judged=1, reserved=1
            )

    folder = write()

    weights = {post.post.key: queries.weights(campaign).get(post.id, 1.0) for post in posts}
    found = {row["post_id"]: row["weight"] for row in rows(folder, "posts")}
    assert found == weights
    of_labels = {row["post_id"]: row["weight"] for row in rows(folder, "labels")}
    assert sum(of_labels.values()) == pytest.approx(20)
    assert "corrected" not in (folder / "README.md").read_text()  # all raters said the same
    assert all(1 / row["propensity"] != row["weight"] for row in rows(folder, "labels"))


def test_the_manifest_and_the_card_say_what_weights_make_of_prevalence(
    campaign, add_posts, judge, write
):
    from routing import queries, rounds

    posts = add_posts(campaign, *(f"post {number}" for number in range(20)))
    judge(posts[0], "eve", "entertained")
    campaign.campaign_posts.filter(id=posts[0].id).update(judged=1, reserved=1)
    for selection in rounds.run(campaign=campaign, budget=4, seed=1).selections.all():
        judge(selection.campaign_post, "eve", "saddened")
        campaign.campaign_posts.filter(id=selection.campaign_post_id).update(judged=1, reserved=1)

    folder = write("votes>=1")

    weights = [*queries.weights(campaign).values()]
    share = sum(weights) / (1 + sum(weights))
    found = json.loads((folder / "manifest.json").read_text())["prevalence"]["votes>=1"]
    assert found["saddened"] == {"judged": 0.8, "corrected": pytest.approx(share, abs=1e-6)}
    assert f"| saddened | 0.8000 | {share:.4f} |" in (folder / "README.md").read_text()


def test_a_campaign_without_posts_has_a_snapshot_too(campaign, write):
    folder = write()

    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["counts"]["posts"] == 0
    assert manifest["created_from"] is None
    assert len(pl.read_parquet(folder / "labels.parquet")) == 0
    assert duckdb.execute(f"SELECT * FROM '{folder}/posts.parquet'").fetchall() == []


def test_a_folder_that_holds_something_is_left_alone(judged, write, tmp_path):
    from snapshots.errors import FolderNotEmpty

    (tmp_path / "snapshot").mkdir()
    (tmp_path / "snapshot" / "thesis.tex").write_text("years of work")

    with pytest.raises(FolderNotEmpty, match="is not an empty folder"):
        write()

    assert [path.name for path in (tmp_path / "snapshot").iterdir()] == ["thesis.tex"]


def test_a_build_that_breaks_off_leaves_nothing(judged, write, tmp_path, monkeypatch):
    from snapshots import card

    def out_of_ink(*_):
        raise OSError("no ink")

    monkeypatch.setattr(card, "text", out_of_ink)

    with pytest.raises(OSError, match="no ink"):
        write()

    assert [path.name for path in tmp_path.iterdir() if "snapshot" in path.name] == []
