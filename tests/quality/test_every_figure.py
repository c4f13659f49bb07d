"""One rater set aside and brought back, seen through every door that shows a figure."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from annotation import members
from annotation.judgements import affect_keys
from routing import queries as routing
from routing.models import Round, Selection
from snapshots import plans, snapshots

# A snapshot reads through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def doors(judged, client, ben, api, tmp_path, settings):
    """Everything that figures are read from, as plain values."""
    client.force_login(ben)

    def command(name: str) -> dict:
        out = StringIO()
        call_command(name, campaign=judged.slug, json=True, stdout=out)
        return json.loads(out.getvalue())

    def rest(path: str) -> dict:
        answer = api(ben).get(f"/api/v1/campaigns/{judged.slug}/{path}/").json()
        return {name: answer[name] for name in answer if name not in ("computed_at", "newer")}

    def snapshot() -> dict:
        folder = tmp_path / f"snapshot-{len(list(tmp_path.iterdir()))}"
        plan = plans.make(name="x", rules=["votes>=2", "soft"])
        asked = {"campaign": judged, "plan": plan, "folder": folder}
        written = snapshots.write(**asked, report=lambda share: None)
        return {"sha256": written["sha256"], "counts": written["counts"]}

    def learning() -> dict:
        table = routing.judgements(judged.judgements.all(), affect_keys(judged.taxonomy_id))
        return {"picks": table.picks.tolist(), "count": routing.judgement_count(judged)}

    return lambda: {
        "agreement command": command("agreement"),
        "agreement page": client.get("/campaigns/feelings/agreement/").context["figures"],
        "agreement over REST": rest("agreement"),
        "snapshot": snapshot(),
        "routing": learning(),
        "raters command": command("raters"),
        "raters page": client.get("/campaigns/feelings/raters-quality/").context["crowd"],
        "raters over REST": rest("raters"),
        "overview": client.get("/campaigns/feelings/").context["campaign"].set_aside,
    }


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
