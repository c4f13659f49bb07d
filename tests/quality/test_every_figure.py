"""One rater set aside and brought back, seen through every door that shows a figure."""

import json
from collections import Counter
from datetime import timedelta
from io import StringIO

import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.utils import timezone

from agreement import access, downloads, from_sums, live, slices
from annotation import members
from annotation.judgements import affect_keys
from routing import queries as routing
from routing.models import Round, Selection
from snapshots import plans, snapshots
from taxonomy.rules import keys_of

# A snapshot reads through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def doors(judged, client, ben, api, tmp_path, settings):
    """Everything that figures are read from, as plain values."""
    client.force_login(ben)

    def command(name: str, **options) -> dict:
        out = StringIO()
        call_command(name, campaign=judged.slug, json=True, stdout=out, **options)
        return json.loads(out.getvalue())

    def rest(path: str, asked: dict | None = None) -> dict:
        answer = api(ben).get(f"/api/v1/campaigns/{judged.slug}/{path}/", asked).json()
        times = ("computed_at", "made_at", "newer", "marks")
        return {name: answer[name] for name in answer if name not in times}

    def corrected() -> dict:
        usual = settings.POSTS_WERE_DRAWN, settings.POST_WEIGHTS
        settings.POSTS_WERE_DRAWN, settings.POST_WEIGHTS = "builtins.bool", f"{__name__}.weights"
        found = command("agreement")["corrected"]
        settings.POSTS_WERE_DRAWN, settings.POST_WEIGHTS = usual
        return found

    def snapshot() -> dict:
        folder = tmp_path / f"snapshot-{len(list(tmp_path.iterdir()))}"
        plan = plans.make(name="x", rules=["votes>=2", "soft"])
        asked = {"campaign": judged, "plan": plan, "folder": folder}
        written = snapshots.write(**asked, report=lambda share: None)
        return {"sha256": written["sha256"], "counts": written["counts"]}

    def csv(table: str) -> bytes:
        answer = client.get(f"/campaigns/{judged.slug}/agreement/charts/{table}.csv")
        assert answer.status_code == 200
        return answer.content

    def learning() -> dict:
        table = routing.judgements(judged.judgements.all(), affect_keys(judged.taxonomy_id))
        return {"picks": table.picks.tolist(), "count": routing.judgement_count(judged)}

    def strata() -> dict | None:
        found = access.get_slices(judged).report
        return found and found.figures

    slices.release(campaign=judged)
    live.current(campaign=judged)
    around = {"around": timezone.localdate() - timedelta(days=1)}
    return lambda: {
        "weeks command": command("agreement", by="week"),
        "weeks page": client.get("/campaigns/feelings/agreement/drift/").context["alphas"],
        "weeks over REST": rest("agreement/weeks"),
        "strata": strata(),
        "before and after": rest("agreement/compare", around)["counts"],
        "what if": rest("agreement", {"until": timezone.localdate()})["beside_all"],
        "corrected": corrected(),
        "consensus page": client.get("/campaigns/feelings/consensus/")
        .context["found"]
        .report.figures,
        "consensus command and panels": command("consensus"),
        "consensus over REST": rest("consensus"),
        "running sums": from_sums.figures(live.current(campaign=judged), judged.taxonomy.keys),
        "agreement command": command("agreement"),
        "agreement page": client.get("/campaigns/feelings/agreement/").context["figures"],
        "agreement over REST": rest("agreement"),
        **{f"agreement CSV of {table}": csv(table) for table in downloads.TABLES},
        "snapshot": snapshot(),
        "routing": learning(),
        "gains of routing over REST": rest("routing/gains"),
        "raters command": command("raters"),
        "raters page": client.get("/campaigns/feelings/raters-quality/").context["crowd"],
        "raters over REST": rest("raters"),
        "overview": client.get("/campaigns/feelings/").context["campaign"].set_aside,
    }


def weights(campaign) -> dict[int, float]:
    """As if routing had chosen each post by another propensity."""
    return {post: 1.0 + post % 3 for post in campaign.campaign_posts.values_list("id", flat=True)}


@pytest.mark.parametrize("ask_again", [True, False])
def test_every_door_follows_and_comes_back_exactly(judged, liner, ben, doors, ask_again):
    before = doors()

    members.set_aside(membership=liner, reason="x", by=ben, ask_again=ask_again)
    during = doors()
    members.bring_back(membership=liner, by=ben)
    members.resume(membership=liner, by=ben)
    after = doors()

    assert [name for name in before if during[name] == before[name]] == []
    assert after == before


def test_labels_are_the_others_alone(judged, liner, ben, tmp_path):
    others = judged.judgements.exclude(rater=liner.rater).values_list("campaign_post", "picks")
    keys = dict(judged.campaign_posts.values_list("id", "post__key"))
    affects = affect_keys(judged.taxonomy_id)
    votes = Counter(
        (keys[post], affect) for post, mask in others for affect in keys_of(mask, affects)
    )
    raters = Counter(keys[post] for post, _ in others)
    members.set_aside(membership=liner, reason="x", by=ben)

    plan = plans.make(name="x", rules=["votes>=2"])
    snapshots.write(campaign=judged, plan=plan, folder=tmp_path / "x", report=lambda share: None)

    rows = pq.read_table(tmp_path / "x" / "labels.parquet").to_pylist()
    labels = [row for row in rows if row["affect"] in affects]
    assert {
        (row["post_id"], row["affect"]): row["votes"] for row in labels if row["votes"]
    } == votes
    assert {row["post_id"]: row["raters"] for row in labels} == raters


def test_gold_that_was_answered_counts_no_more_either(judged, liner, ben, client, add_gold):
    add_gold(judged, liner.rater, right=1, wrong=2)
    client.force_login(ben)

    def figures() -> dict:
        return client.get("/campaigns/feelings/gold/").context["figures"]

    before = figures()
    members.set_aside(membership=liner, reason="x", by=ben)
    during = figures()
    members.bring_back(membership=liner, by=ben)

    assert (before["answered"], during["answered"]) == (3, 0)
    assert figures() == before


def test_the_doors_agree_while_a_rater_is_set_aside(judged, liner, ben, doors):
    own = judged.judgements.filter(rater=liner.rater).count()
    total = judged.judgements.count()
    members.set_aside(membership=liner, reason="x", by=ben)

    seen = doors()

    counts = {
        "agreement command": seen["agreement command"]["judgements"],
        "snapshot": seen["snapshot"]["counts"]["judgements"],
        "routing": seen["routing"]["count"],
        "routing learns": len(seen["routing"]["picks"]),
        "raters": seen["raters command"]["crowd"]["judgements"],
    }
    assert set(counts.values()) == {total - own}
    assert seen["overview"] == own


def test_a_post_judged_by_nobody_else_answers_for_no_draw(judged, liner, ben):
    """Routing weighs posts by whether their draw was answered; one set aside whole is not."""
    parts = {"exploit": 0.0, "uncertainty": 0.0, "uniform": 0.5}
    post = judged.campaign_posts.filter(judged=1, judgements__rater=liner.rater).first()
    assert post
    drawn = Round.objects.create(
        campaign=judged, number=1, strategy="mixed", seed=1, budget=1, state="done", options={}
    )
    Selection.objects.create(round=drawn, campaign_post=post, propensity=0.5, scores=[], **parts)
    answered = [routing.read_draws(judged).judged.tolist()]

    members.set_aside(membership=liner, reason="x", by=ben)
    answered.append(routing.read_draws(judged).judged.tolist())

    assert answered == [[True], [False]]
