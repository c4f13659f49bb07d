import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreement import queries, reports, tasks
from agreement.models import Report
from agreement.options import Options
from tests.agreement.stored import ragged, store

PAGE = "/campaigns/feelings/agreement/"
DRAWS = {"bootstrap": "20"}
PAIR = {"r1": {"entertained"}, "r2": {"entertained", "saddened"}}


@pytest.fixture
def judged(campaign):
    store(campaign, ragged(5))
    return campaign


@pytest.fixture
def browser(client, ben):
    """The client, signed in as the admin."""
    client.force_login(ben)
    return client


@pytest.fixture
def rung(monkeypatch):
    """The ids that the worker was rung for; no worker runs."""
    ids = []
    monkeypatch.setattr(tasks.compute_report, "delay_on_commit", ids.append)
    return ids


@pytest.fixture
def many(monkeypatch):
    """From two judgements on, a report is a matter for the worker."""
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)


def shown(page) -> str:
    return " ".join(page.content.decode().split())


def cells(page) -> list[list]:
    return [row["cells"] for row in page.context["heat_map"]]


@pytest.mark.parametrize(
    ("who", "status"), [("ben", 200), ("dan", 200), ("ada", 403), ("cleo", 403)]
)
@pytest.mark.parametrize("path", ["", "charts/agreement.csv", "charts/co-occurrence.csv"])
def test_admins_and_engineers_see_agreement_and_raters_do_not(
    client, judged, request, who, status, path
):
    person = request.getfixturevalue(who)
    client.force_login(getattr(person, "user", person))

    assert client.get(PAGE + path).status_code == status


@pytest.mark.parametrize("path", ["", "charts/agreement.csv"])
def test_strangers_sign_in_first(client, judged, path):
    answer = client.get(PAGE + path)

    assert [answer.status_code, answer.url] == [302, f"/signin/?next={PAGE}{path}"]


def test_raters_cannot_ask_for_a_report(client, judged, ada, rung):
    client.force_login(ada.user)

    assert client.post(f"{PAGE}recompute/").status_code == 403
    assert [rung, Report.objects.count()] == [[], 0]


def test_an_unknown_campaign_is_a_plain_404(browser, campaign):
    page = browser.get("/campaigns/nowhere/agreement/")

    assert page.status_code == 404
    assert "There is no campaign" in shown(page)


def test_the_page_shows_the_figures_as_of_now(browser, judged):
    figures = reports.compute(campaign=judged, options=Options()).figures

    page = browser.get(PAGE)

    assert page.context["figures"] == figures
    assert [row["name"] for row in page.context["rows"]] == [
        *("Entertained", "Saddened", "Neutral"),
        "Other",
    ]
    assert f"<b>{figures['interrater']:.2f}</b>" in shown(page)
    assert "Computed just now" in shown(page)
    assert not Report.objects.exists()

    store(judged, {"one more": PAIR})
    assert browser.get(PAGE).context["figures"]["judgements"] == figures["judgements"] + 2


def test_the_heat_map_shows_post_means_or_judgements(browser, judged):
    figures = reports.compute(campaign=judged, options=Options()).figures["co_occurrence"]

    for address, over in (
        ("", "post_means"),
        ("?over=judgements", "judgements"),
        ("?over=x", "post_means"),
    ):
        page = browser.get(PAGE + address)
        assert [[cell["value"] for cell in row] for row in cells(page)] == figures[over]
        assert page.context["over"] == over


def test_undefined_figures_and_the_diagonal_are_marked(browser, campaign):
    store(campaign, {"a": PAIR, "b": {"r1": {"entertained"}, "r2": {"entertained"}}})

    page = shown(browser.get(PAGE))

    assert '<th scope="row">Neutral</th> <td class="num">– </td> <td></td>' in page
    assert page.count('<span aria-label="itself">·</span>') == 3
    assert page.count('<td class="heat-none num">–</td>') == 6


@pytest.mark.parametrize(
    ("crowd", "said"),
    [
        ({}, "Nobody has judged a post here yet"),
        ({"a": {"r1": {"neutral"}}}, "There is 1 judgement so far, each on a post of its own."),
        ({"a": {"r1": {"neutral"}}, "b": {"r1": set()}}, "There are 2 judgements so far"),
    ],
)
def test_where_nothing_can_be_compared_the_page_says_so(browser, campaign, crowd, said):
    store(campaign, crowd)

    page = browser.get(PAGE)

    assert page.status_code == 200
    assert said in shown(page)
    assert "Affect by affect" not in shown(page)


def test_the_options_in_the_address_are_those_of_the_figures(browser, judged):
    ways = {"correlation": "spearman", "undefined": "zero", "min_posts": "5"}

    page = browser.get(PAGE, ways)

    expected = Options(correlation="spearman", undefined="zero", min_posts=5)
    assert page.context["figures"] == reports.compute(campaign=judged, options=expected).figures
    assert 'value="5"' in shown(page)
    assert (
        'href="?correlation=spearman&amp;undefined=zero&amp;min_posts=5&amp;over=judgements'
        in shown(page)
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "correlation",
            "kendall",
            "Select a valid choice. kendall is not one of the available choices.",
        ),
        ("undefined", "drop", "Select a valid choice. drop is not one of the available choices."),
        ("min_posts", "1", "Ensure this value is greater than or equal to 2."),
        ("bootstrap", "10001", "Ensure this value is less than or equal to 10000."),
        ("seed", "x", "Enter a whole number."),
    ],
)
def test_options_that_cannot_be_used_are_told_at_their_field(
    browser, judged, rung, name, value, sentence
):
    page = browser.get(PAGE, {name: value})

    assert page.status_code == 422
    assert page.context["form"].errors == {name: [sentence]}
    assert "Affect by affect" not in shown(page)
    assert browser.get(f"{PAGE}charts/agreement.csv", {name: value}).status_code == 404


def test_intervals_are_the_workers_matter_and_the_page_waits(browser, judged, ben, rung):
    page = browser.get(PAGE, DRAWS)

    report = Report.objects.get()
    assert rung == [report.id]
    assert [report.options["bootstrap"], report.created_by] == [20, ben]
    assert f'hx-get="{PAGE}?bootstrap=20" hx-trigger="every 2s"' in shown(page)

    waiting = browser.get(PAGE, DRAWS, headers={"HX-Request": "true"})
    assert shown(waiting).startswith('<p class="notice" id="waiting"')
    assert rung == [report.id]

    tasks.compute_report(report.id)
    done = browser.get(PAGE, DRAWS, headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    page = browser.get(PAGE, DRAWS)
    assert page.context["figures"] == Report.objects.get().figures
    assert 'interrater correlation <span class="muted">[' in shown(page)
    assert "hx-get" not in shown(page)


def test_a_stored_report_tells_how_much_is_newer(browser, judged, rung, many):
    report = reports.compute(campaign=judged, options=Options())
    report.save()

    assert "newer" not in shown(browser.get(PAGE))
    store(judged, {"one more": PAIR})
    page = browser.get(PAGE)

    assert "<b>2 judgements</b> are newer." in shown(page)
    assert page.context["figures"] == report.figures
    assert rung == []


def test_a_report_is_computed_again_on_request(browser, judged, rung, many):
    reports.compute(campaign=judged, options=Options(min_posts=3)).save()
    store(judged, {"one more": PAIR})

    for _ in range(2):
        answer = browser.post(f"{PAGE}recompute/", Options(min_posts=3).as_dict())
        assert [answer.status_code, answer.url] == [302, f"{PAGE}?min_posts=3"]

    queued = Report.objects.get(state="queued")
    assert rung == [queued.id, queued.id]
    assert "A worker is computing a new report; below is the last one" in shown(
        browser.get(answer.url)
    )
    tasks.compute_report(queued.id)
    assert browser.get(answer.url).context["found"].report == queued


def test_a_report_that_failed_is_told_and_can_be_asked_for_again(browser, judged, rung, many):
    Report.objects.create(
        campaign=judged, options=Options().as_dict(), state="failed", error="It went wrong."
    )

    page = shown(browser.get(PAGE))

    assert "It went wrong." in page
    assert f'action="{PAGE}recompute/"' in page
    assert rung == []


def test_a_request_for_another_way_that_does_not_exist_leads_back(browser, judged, rung):
    answer = browser.post(f"{PAGE}recompute/", {"min_posts": "0"})

    assert [answer.status_code, answer.url, rung] == [302, PAGE, []]


def test_more_judgements_and_reports_need_no_more_queries(browser, campaign, rung):
    counts = []
    for posts, draws in ((1, 1), (3, 3)):
        store(campaign, {f"p{posts}{n}": PAIR for n in range(posts)})
        for _ in range(draws):
            reports.compute(campaign=campaign, options=Options(bootstrap=20)).save()
        for ways in ({}, DRAWS):
            with CaptureQueriesContext(
                connection,
            ) as queries_made:
                assert browser.get(PAGE, ways).status_code == 200
            counts.append(len(queries_made))

    assert counts[:2] == counts[2:]
    assert max(counts) <= 14
