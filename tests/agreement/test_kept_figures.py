"""Figures that follow from the running sums are counted once until a judgement comes."""

import pytest

from agreement import live, queries, reports
from agreement.options import Options
from annotation.models import Judgement
from tests.agreement.stored import ragged, store


@pytest.fixture
def counted(campaign, monkeypatch):
    """How often figures were computed from the sums of a campaign that has many judgements."""
    store(campaign, ragged(3, posts=40))
    live.current(campaign=campaign)
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)
    times, figures = [], reports.from_sums.figures

    def counting(*args, **ways):
        times.append(ways)
        return figures(*args, **ways)

    monkeypatch.setattr(reports.from_sums, "figures", counting)
    return times


def test_who_looks_again_sees_the_same_without_another_count(campaign, counted):
    first, again = (reports.compute(campaign=campaign, options=Options()) for _ in range(2))

    assert first.figures == again.figures and len(counted) == 1


def test_each_way_is_counted_for_itself(campaign, counted):
    pearson = reports.compute(campaign=campaign, options=Options())
    spearman = reports.compute(campaign=campaign, options=Options(correlation="spearman"))

    assert len(counted) == 2
    assert pearson.figures["options"]["correlation"] == "pearson"
    assert spearman.figures["options"]["correlation"] == "spearman"


@pytest.mark.parametrize("change", [{"picks": 0b100}, {"set_aside": True}, {"gold_right": True}])
def test_whatever_changes_is_in_the_next_figures(campaign, counted, change):
    reports.compute(campaign=campaign, options=Options())
    some = Judgement.objects.filter(campaign=campaign).exclude(picks=0b100).first()
    Judgement.objects.filter(id=some.id).update(**change)

    found = [reports.compute(campaign=campaign, options=Options()).figures for _ in range(3)]

    assert found[0] == found[1] == found[2]
    fresh = reports._figures_of_sums(campaign, Options())
    assert {**found[0], "campaign": ""} == {**fresh, "campaign": ""}
