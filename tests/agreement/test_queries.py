import pytest

from agreement import queries, reports
from agreement.options import Options
from annotation import assignments, campaigns, judgements
from annotation.models import Judgement
from taxonomy.rules import OTHER_BIT
from tests.agreement.stored import ragged, store


def rows(table):
    return list(zip(*(column.tolist() for column in table_columns(table)), strict=True))


def table_columns(table):
    return table.posts, table.raters, table.picks


def stored_rows(**which):
    found = Judgement.objects.filter(**which).order_by("campaign_post_id", "rater_id")
    return list(found.values_list("campaign_post_id", "rater_id", "picks"))


def submit(campaign, rater, *picks, **more):
    (assignment,) = assignments.claim(campaign=campaign, rater=rater)
    return judgements.submit(assignment=assignment, picks=list(picks), **more)


@pytest.fixture
def elsewhere(taxonomy):
    """Another campaign with judgements of its own, which must never show."""
    other = campaigns.create(slug="elsewhere", taxonomy=taxonomy)
    store(other, {"foreign post": {"foreign rater": {"neutral"}, "r1": {"saddened"}}})
    return other


def test_the_table_holds_what_raters_say_now(campaign, ada, add_posts, elsewhere):
    first, second = add_posts(campaign, "first", "second")
    submit(campaign, ada, "entertained", "neutral")
    revised = submit(campaign, ada, "saddened")
    judgements.revise(judgement=revised, picks=["neutral"], other="puzzled")

    table = queries.of_campaign(campaign)

    picked_other = 1 << OTHER_BIT
    assert rows(table) == [(first.id, ada.id, 0b101), (second.id, ada.id, 0b100 | picked_other)]
    assert table.affects == ("entertained", "saddened", "neutral")
    assert table.weights is None


def test_the_table_is_sorted_and_leaves_out_what_was_set_aside(campaign, elsewhere):
    store(campaign, ragged(1))
    aside = Judgement.objects.filter(campaign=campaign, rater__key="r2")
    assert aside.update(set_aside=True)
    Judgement.objects.filter(campaign=campaign, rater__key="r1").update(seconds=3.0)  # rows move

    assert rows(queries.of_campaign(campaign)) == stored_rows(campaign=campaign, set_aside=False)


def test_a_campaign_without_judgements_has_an_empty_table(campaign, elsewhere):
    assert rows(queries.of_campaign(campaign)) == []


def test_any_selection_of_judgements_can_be_read(campaign):
    store(campaign, ragged(1))
    some = Judgement.objects.filter(rater__key__in=["r3", "r4"], picks__gt=0)

    table = queries.table(some, ("entertained", "saddened", "neutral"))

    assert rows(table) == stored_rows(rater__key__in=["r3", "r4"], picks__gt=0)


def test_weights_go_to_their_posts_and_others_stand_for_themselves(campaign, settings):
    store(campaign, {"a": {1: set(), 2: set()}, "b": {1: set()}, "c": {1: set()}})
    a, b, c = campaign.campaign_posts.order_by("post__key").values_list("id", flat=True)
    settings.POST_WEIGHTS = f"{__name__}.weights_by_key"

    table = queries.corrected(queries.of_campaign(campaign), campaign)

    weights = dict(zip(table.posts.tolist(), table.weights.tolist(), strict=True))
    assert weights == {a: 2.0, b: 5.0, c: 1.0}


def weights_by_key(campaign):
    places = campaign.campaign_posts.values_list("post__key", "id")
    return {place: {"a": 2.0, "b": 5.0}[key] for key, place in places if key in "ab"}


def test_where_nothing_was_drawn_there_is_nothing_to_correct(campaign):
    store(campaign, {"a": {1: set(), 2: set()}})

    assert queries.corrected(queries.of_campaign(campaign), campaign) is None


def test_judgements_are_few_below_the_limit_only(campaign, monkeypatch):
    store(campaign, {"a": {1: set(), 2: set(), 3: set()}})

    for limit, few in ((3, False), (4, True)):
        monkeypatch.setattr(queries, "FEW_JUDGEMENTS", limit)
        assert queries.are_few(campaign.judgements.all()) == few


def test_made_and_revised_judgements_are_newer_than_a_report(campaign, ada, add_posts, elsewhere):
    add_posts(campaign, "first", "second", "third")
    kept, twice_revised = (submit(campaign, ada, "neutral") for _ in range(2))
    report = reports.compute(campaign=campaign, options=Options())
    assert queries.newer_than(report) == 0

    judgements.revise(judgement=twice_revised, picks=["saddened"])
    judgements.revise(judgement=twice_revised, picks=["entertained"])
    new = submit(campaign, ada, "neutral")
    judgements.revise(judgement=new, picks=["saddened"])
    store(elsewhere, {"another": {"r1": {"neutral"}}})

    assert queries.newer_than(report) == 2


def test_the_table_can_be_read_while_queries_are_logged(campaign, settings):
    settings.DEBUG = True  # another cursor class, with another `copy`
    store(campaign, ragged(1))

    assert rows(queries.of_campaign(campaign)) == stored_rows(campaign=campaign)
