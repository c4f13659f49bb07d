"""The chart of agreement week by week: on the page, as files, and what it marks."""

import csv
import re
from datetime import datetime

import pytest
from django.utils import timezone

from agreement import drift
from agreement.options import Options
from annotation import campaigns
from annotation.models import Judgement
from tests.agreement.stored import ragged, store

PAGE = "/campaigns/feelings/agreement/drift/"
OPTIONS = Options(bootstrap=5)
#: Two Mondays of one year and one of the next.
WEEKS = ("2026-12-21", "2026-12-28", "2027-01-04")


@pytest.fixture
def judged(campaign):
    """Every third judgement in another week."""
    store(campaign, ragged(5, posts=60))
    for number, each in enumerate(campaign.judgements.order_by("id")):
        when = timezone.make_aware(datetime.fromisoformat(WEEKS[number % 3]))
        Judgement.objects.filter(id=each.id).update(judged_at=when)
    drift.execute(weeks=drift.queue(campaign=campaign, options=OPTIONS))
    return campaign


@pytest.fixture
def dans(client, dan):
    client.force_login(dan)
    return client


def change_guideline(campaign, day: str) -> None:
    campaigns.change(campaign=campaign, guideline="Look twice.")
    when = timezone.make_aware(datetime.fromisoformat(day))
    campaign.guideline_changes.update(changed_at=when)


def file(client, kind: str) -> str:
    return client.get(f"{PAGE}charts/weeks.{kind}?bootstrap=5").content.decode()


def places_of_changes(svg: str) -> list[float]:
    """From the left edge of the plot, how far each dashed line stands."""
    lines = re.findall(r"<[^>]*?line[^>]*stroke-dasharray[^>]*>", svg)
    return [float(re.search(r"translate\(([\d.]+)", line)[1]) for line in lines]


def test_the_page_draws_the_weeks_and_says_on_what_they_rest(judged, dans):
    page = dans.get(f"{PAGE}?bootstrap=5").content.decode()

    assert "Agreement by week.</b>" in page
    assert f"of {len(WEEKS)} weeks" in page
    assert 'role="img"' in page


def test_the_weeks_can_be_taken_along_as_files(judged, dans):
    assert dans.get(f"{PAGE}charts/weeks.png?bootstrap=5").content.startswith(b"\x89PNG")
    assert "Alpha of whole judgements" in file(dans, "svg")
    assert dans.get(f"{PAGE}charts/months.svg").status_code == 404


def test_the_table_of_the_weeks_has_their_figures(judged, dans):
    rows = [*csv.DictReader(file(dans, "csv").splitlines())]

    weeks = drift.compute(campaign=judged, options=OPTIONS).figures["weeks"]
    assert [row["week"] for row in rows] == [*WEEKS]
    assert [float(row["set_alpha_high"]) for row in rows] == [
        week["set_alpha_interval"][1] for week in weeks
    ]


def test_a_dashed_line_stands_where_the_guideline_changed(judged, dans):
    assert places_of_changes(file(dans, "svg")) == []

    change_guideline(judged, "2026-12-28")
    (middle,) = places_of_changes(file(dans, "svg"))
    change_guideline(judged, "2027-01-04")
    (end,) = places_of_changes(file(dans, "svg"))

    assert middle == pytest.approx(end / 2)


def test_beneath_the_first_week_of_a_year_stands_the_year(judged, dans):
    said = re.findall(r">(\d+ \w{3}|\d{4})<", file(dans, "svg"))

    assert said == ["21 Dec", "2026", "28 Dec", "4 Jan", "2027"]


def test_one_week_alone_is_no_course(campaign, dans):
    store(campaign, ragged(5, posts=10))

    assert "Agreement by week" not in dans.get(PAGE).content.decode()
    assert dans.get(f"{PAGE}charts/weeks.svg").status_code == 404
