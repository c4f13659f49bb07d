"""The week's hours at each door: page, CSV, REST, command."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotation import campaigns
from annotation.models import Rater
from work import staff_views

PAGE = "/campaigns/feelings/hours/"
CSV = "/campaigns/feelings/hours.csv"
REST = "/api/v1/campaigns/feelings/hours/"


@pytest.fixture
def week(campaign, ada, people, judge, skip) -> str:
    """Ada and Eve work in week 47, Eve in week 48 as well; Flo is there and does nothing."""
    campaigns.change(campaign=campaign, pay_per_hour=Decimal("9.99"))
    eve, _ = (campaigns.add_rater(campaign=campaign, user=people(n)).rater for n in ("Eve", "Flo"))
    judge(ada, "2026-11-18 10:00", seconds=5400.4)
    skip(ada, "2026-11-19 10:00", seconds=90)
    judge(eve, "2026-11-22 23:59", seconds=36)
    judge(eve, "2026-11-23 00:01", seconds=1000)
    return "2026-W47"


EXPECTED = """\
week,rater,judgements,skipped,active_seconds,active_hours,rate,currency,pay
2026-W47,ada,1,1,5490,1.53,9.99,EUR,15.23
2026-W47,eve,1,0,36,0.01,9.99,EUR,0.10
"""


def test_the_csv_has_a_line_for_each_rater_who_worked(browser, ben, week):
    answer = browser(ben).get(CSV, {"week": week})

    assert answer.text.replace("\r\n", "\n") == EXPECTED
    assert answer["Content-Disposition"] == 'attachment; filename="feelings-2026-W47.csv"'


def test_pay_can_be_recomputed_from_its_line(browser, ben, week):
    rows = csv.DictReader(io.StringIO(browser(ben).get(CSV, {"week": week}).text))

    for row in rows:
        exact = int(row["active_seconds"]) * Decimal(row["rate"]) / 3600
        assert abs(exact - Decimal(row["pay"])) <= Decimal("0.005")


def test_no_cell_is_a_formula_to_a_spreadsheet(browser, ben, ada, week):
    Rater.objects.filter(id=ada.id).update(key='=HYPERLINK("https://example.org")')

    rows = csv.DictReader(io.StringIO(browser(ben).get(CSV, {"week": week}).text))

    assert next(rows)["rater"] == '\'=HYPERLINK("https://example.org")'


def test_without_a_rate_there_is_no_pay(browser, ben, campaign, week):
    campaigns.change(campaign=campaign, pay_per_hour=None)

    first = next(csv.DictReader(io.StringIO(browser(ben).get(CSV, {"week": week}).text)))

    assert (first["rate"], first["pay"], first["active_hours"]) == ("", "", "1.53")
    assert "has no pay per hour" in browser(ben).get(PAGE, {"week": week}).text


def test_rest_tells_the_same_with_the_total(api, ben, week):
    answer = api(ben).get(REST, {"week": week})

    assert answer.data == {
        "campaign": "feelings",
        "week": "2026-W47",
        "time_zone": "UTC",
        "raters": [
            line("ada", 1, 1, 5490, "1.53", "15.23"),
            line("eve", 1, 0, 36, "0.01", "0.10"),
        ],
        "total": line("", 2, 1, 5526, "1.54", "15.33"),
    }


def test_many_raters_stand_on_pages_with_the_total_of_all_on_each(browser, ben, week, monkeypatch):
    monkeypatch.setattr(staff_views, "SHOWN_RATERS", 1)

    pages = [browser(ben).get(PAGE, {"week": week, "page": n}) for n in (1, 2)]

    shown = [[line.rater for line in page.context["page"]] for page in pages]
    assert shown == [["ada"], ["eve"]]
    assert [page.context["total"].judgements for page in pages] == [2, 2]
    assert f'<a href="?week={week}&amp;page=2">Next</a>' in pages[0].text


def line(rater, judgements, skipped, seconds, hours, pay) -> dict:
    return {
        "week": "2026-W47",
        "rater": rater,
        "judgements": judgements,
        "skipped": skipped,
        "active_seconds": seconds,
        "active_hours": hours,
        "rate": "9.99",
        "currency": "EUR",
        "pay": pay,
    }


def test_the_command_prints_what_the_doors_show(api, ben, week, capsys):
    call_command("hours", campaign="feelings", week=week)
    table = capsys.readouterr().out
    call_command("hours", campaign="feelings", week=week, json=True)
    figures = json.loads(capsys.readouterr().out)

    assert table.replace("\r\n", "\n") == EXPECTED
    assert figures == api(ben).get(REST, {"week": week}).json()


def test_the_page_sums_up_the_week_and_leads_to_its_neighbours(browser, ben, week):
    page = browser(ben).get(PAGE, {"week": week})

    assert [row.rater for row in page.context["lines"]] == ["ada", "eve"]
    assert page.context["total"].pay == Decimal("15.33")
    assert all(part in page.text for part in ("?week=2026-W46", f"{CSV}?week=2026-W47"))
    assert "Nobody worked" in browser(ben).get(PAGE, {"week": "2026-W30"}).text


def test_the_present_week_is_shown_first(browser, ben, api, campaign):
    today = timezone.localdate().isocalendar()
    week = f"{today.year}-W{today.week:02}"

    assert str(browser(ben).get(PAGE).context["week"]) == week
    assert api(ben).get(REST).data["week"] == week
    assert 'rel="next"' not in browser(ben).get(PAGE).text


def test_a_week_that_is_none_is_a_sentence(browser, api, ben, campaign):
    for answer in (browser(ben).get(PAGE, {"week": "47"}), browser(ben).get(CSV, {"week": "47"})):
        assert answer.status_code == 400
        assert "Write it as 2026-W47" in answer.text
    refused = api(ben).get(REST, {"week": "2027-W53"})
    assert (refused.status_code, refused.data["code"]) == (400, "bad_week")
    with pytest.raises(CommandError, match="There is no week 'x'"):
        call_command("hours", campaign="feelings", week="x")


def test_more_raters_ask_no_more_queries(
    browser, ben, campaign, people, judge, week, django_assert_num_queries
):
    page = browser(ben)
    with CaptureQueriesContext(connection) as few:
        page.get(PAGE, {"week": week})
    for number in range(3):
        rater = campaigns.add_rater(campaign=campaign, user=people(f"R{number}")).rater
        judge(rater, "2026-11-18 10:00")

    with django_assert_num_queries(len(few)):
        shown = page.get(PAGE, {"week": week})
    assert len(shown.context["lines"]) == 5
