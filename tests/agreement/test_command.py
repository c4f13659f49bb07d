import json
from io import StringIO

import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from agreement.models import Report
from annotation import campaigns
from taxonomy import files, taxonomies
from tests.agreement import real_data
from tests.agreement.stored import as_printed, promised, read_aloud, store

CROWD = {
    "p1": {"r1": {"entertained"}, "r2": {"entertained", "neutral"}},
    "p2": {"r1": {"saddened"}, "r2": {"saddened"}},
    "p3": {"r1": {"entertained"}, "r2": set()},
    "p4": {"r1": {"entertained"}},
}


def run(*arguments, **options):
    out = StringIO()
    call_command("agreement", *arguments, stdout=out, **options)
    return out.getvalue()


def as_json(*arguments):
    return json.loads(run(*arguments, "--json"))


def matrix(entertained_saddened, entertained_neutral, saddened_neutral):
    a, b, c = entertained_saddened, entertained_neutral, saddened_neutral
    return [[pytest.approx(r) for r in row] for row in ([1, a, b], [a, 1, c], [b, c, 1])]


@pytest.fixture
def judged(campaign):
    store(campaign, CROWD)
    return campaign


def test_the_json_has_the_promised_shape(judged):
    undefined = {"prevalence": pytest.approx(1 / 6), "support": 1.0, "votes": [1, 0]}

    assert as_json("--campaign", "feelings") == {
        "campaign": "feelings",
        "posts": 4,
        "judgements": 7,
        "raters": 2,
        "compared": {"posts": 3, "judgements": 6, "raters": 2, "worth": 3.0},
        "interrater": pytest.approx(0.75),
        "set_alpha": pytest.approx(12 / 37),
        "affects": {
            "entertained": {
                "interrater": pytest.approx(0.5),
                "raters": 2,
                "undefined": 0,
                "alpha": pytest.approx(4 / 9),
                "support": 1.5,
                "prevalence": 0.5,
                "votes": [2, 1],
            },
            "saddened": {
                "interrater": pytest.approx(1.0),
                "raters": 2,
                "undefined": 0,
                "alpha": 1.0,
                "support": 2.0,
                "prevalence": pytest.approx(1 / 3),
                "votes": [1, 1],
            },
            "neutral": {"interrater": None, "raters": 0, "undefined": 2, "alpha": 0.0, **undefined},
        },
        "co_occurrence": {
            "order": ["entertained", "saddened", "neutral"],
            "post_means": matrix(-(0.75**0.5), 0.75**0.5, -0.5),
            "judgements": matrix(-(0.5**0.5), 0.2**0.5, -(0.1**0.5)),
            "counts": [[3, 0, 1], [0, 2, 0], [1, 0, 1]],
            "conditional": [[1.0, 0.0, pytest.approx(1 / 3)], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0]],
        },
        "options": {
            "correlation": "pearson",
            "undefined": "exclude",
            "min_posts": 2,
            "bootstrap": 0,
            "seed": 0,
            "weighted": False,
        },
        "corrected": None,
    }


def test_the_options_reach_the_figures(judged):
    ways = ["--correlation=spearman", "--undefined=zero", "--min-posts=3"]

    printed = as_json("--campaign=feelings", *ways, "--bootstrap=10", "--seed=3")

    expected = read_aloud(
        CROWD,
        ("entertained", "saddened", "neutral"),
        correlation="spearman",
        undefined="zero",
        min_posts=3,
    )
    assert promised(printed, expected) == as_printed(expected)
    assert printed["options"] == {
        "correlation": "spearman",
        "undefined": "zero",
        "min_posts": 3,
        "bootstrap": 10,
        "seed": 3,
        "weighted": False,
    }
    assert len(printed["interrater_interval"]) == 2


def test_without_json_a_person_can_read_it(judged):
    *lines, first, second, third = run("--campaign", "feelings").splitlines()

    assert lines == [
        "Agreement in 'feelings': 7 judgements of 4 posts by 2 raters.",
        "Compared: 3 posts with two judgements or more, 6 judgements.",
        "",
        "Interrater correlation  0.750  (Pearson, raters with 2 shared posts or more, undefined"
        " left out)",
        "Set-valued alpha        0.324",
        "",
        "affect       interrater  raters  undefined  alpha  support  1x  2x",
        "entertained       0.500       2          0  0.444     1.50   2   1",
        "saddened          1.000       2          0  1.000     2.00   1   1",
        "neutral               –       0          2  0.000     1.00   1   0",
        "",
        "Strongest co-occurrences (over the means of posts):",
    ]
    assert {first, second} == {
        "  -0.866  entertained – saddened",
        "   0.866  entertained – neutral",
    }
    assert third == "  -0.500  saddened – neutral"


def test_with_draws_the_intervals_stand_beside_the_figures(judged):
    lines = run("--campaign", "feelings", "--bootstrap", "30").splitlines()

    assert lines[8].startswith("saddened")
    assert "1.000 [1.00, 1.00]" in lines[8]
    assert "– [–, –]" in lines[9]


@pytest.mark.parametrize(
    ("crowd", "said"),
    [
        ({}, "0 judgements of 0 posts by 0 raters."),
        (
            {"p1": {"r1": {"saddened"}}, "p2": {"r2": set()}},
            "2 judgements of 2 posts by 2 raters.",
        ),
    ],
)
def test_where_nothing_can_be_compared_the_command_says_so(campaign, crowd, said):
    store(campaign, crowd)

    assert run("--campaign", "feelings").splitlines() == [
        f"Agreement in 'feelings': {said}",
        "No post has two judgements yet, so there is nothing to compare.",
    ]
    printed = as_json("--campaign", "feelings", "--bootstrap", "10")
    assert [printed["interrater"], printed["set_alpha"]] == [None, None]
    assert printed["interrater_interval"] == [None, None]


def test_a_report_is_kept_on_request_only(judged):
    run("--campaign", "feelings")
    assert not Report.objects.exists()

    figures = as_json("--campaign", "feelings", "--store")

    report = Report.objects.get()
    assert [report.campaign, report.figures, report.state] == [judged, figures, "done"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--campaign=nowhere"], "There is no campaign 'nowhere'. There are: feelings."),
        (["--correlation=kendall"], "argument --correlation: invalid choice: 'kendall'"),
        (["--undefined=drop"], "argument --undefined: invalid choice: 'drop'"),
        (["--min-posts=1"], "'min_posts' must be a whole number from 2 to 1,000,000, not 1."),
        (["--min-posts=few"], "argument --min-posts: invalid int value: 'few'"),
        (["--bootstrap=-1"], "'bootstrap' must be a whole number from 0 to 10,000, not -1."),
        (["--seed=-1"], "'seed' must be a whole number from 0 to 4,294,967,295, not -1."),
    ],
)
def test_what_cannot_be_computed_is_refused_in_a_sentence(campaign, arguments, sentence):
    with pytest.raises(CommandError) as refused:
        run(*(["--campaign=feelings"] if "--campaign" not in arguments[0] else []), *arguments)

    assert sentence in str(refused.value)


def imported(tmp_path, crowd, affects):
    """A campaign whose posts and judgements came in through the import commands."""
    raw = {"key": "real", "version": 1, "question": "?", "min_picks": 0, "max_picks": None}
    raw["affects"] = [{"key": affect, "name": affect} for affect in affects]
    taxonomy = taxonomies.load(file=files.parse(raw))[0]
    campaigns.create(slug="real", taxonomy=taxonomy)
    posts, judgements = tmp_path / "posts.csv", tmp_path / "judgements.csv"
    pd.DataFrame({"id": list(crowd), "body": "x"}).to_csv(posts, index=False)
    rows = [
        (post, rater, "|".join(sorted(picks)))
        for post, answers in crowd.items()
        for rater, picks in answers.items()
    ]
    pd.DataFrame(rows, columns=["post_id", "rater_id", "picks"]).to_csv(judgements, index=False)
    call_command("import_posts", str(posts), campaign="real", stdout=StringIO())
    call_command("import_judgements", str(judgements), campaign="real", stdout=StringIO())


@pytest.mark.parametrize(
    ("name", "read", "counts"),
    [
        pytest.param(
            "goemotions_raw_sample",
            real_data.goemotions_sample,
            [13_446, 14_895, 80],
            marks=real_data.needs("goemotions_raw_sample"),
        ),
        pytest.param("redv2", real_data.redv2, [1_361, 4_083, 3], marks=real_data.needs("redv2")),
    ],
)
def test_imported_judgements_give_the_figures_of_plain_loops(db, tmp_path, name, read, counts):
    crowd, affects = read()
    imported(tmp_path, crowd, affects)
    expected = read_aloud(crowd, affects, pairs_among=5)

    printed = as_json("--campaign", "real")

    assert [printed["posts"], printed["judgements"], printed["raters"]] == counts
    assert promised(printed, expected) == as_printed(expected)
