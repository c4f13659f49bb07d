import json
from math import isnan

import numpy as np
import pytest

from agreement.errors import UnknownOption
from agreement.report import compute
from tests.agreement import plain, real_data
from tests.agreement.crowds import simulated, table


def numbered(crowd):
    return dict(enumerate(crowd.values()))


def as_table(crowd, affects):
    return table(numbered(crowd), affects, {affect: bit for bit, affect in enumerate(affects)})


def read_aloud(crowd, affects, **ways):
    """The `affects` of a report, by loops."""
    most = max(len(answers) for answers in crowd.values())
    found = {}
    for affect in affects:
        value, raters, left_out = plain.interrater(crowd, affect, **ways)
        found[affect] = {
            "interrater": value,
            "raters": raters,
            "undefined": left_out,
            "alpha": plain.nominal_alpha(crowd, affect),
            "support": plain.support(crowd, affect),
            "prevalence": plain.mean([n for v in plain.indicators(crowd, affect) for n in v]),
            "votes": [plain.posts_with(crowd, affect, k) for k in range(1, most + 1)],
        }
    return found


def rounded(report):
    """Figures to nine places, None for NaN."""
    if isinstance(report, dict):
        return {key: rounded(value) for key, value in report.items()}
    if isinstance(report, list):
        return [rounded(value) for value in report]
    if not isinstance(report, float):
        return report
    return None if isnan(report) else pytest.approx(report, abs=1e-9)


def headline(affects):
    return plain.mean([a["interrater"] for a in affects.values() if not isnan(a["interrater"])])


@real_data.needs("goemotions_raw_sample")
@pytest.mark.parametrize(
    ("ways", "shown"),
    [
        ({}, 0.28),
        ({"undefined": "zero"}, 0.11),  # the same crowd: what an option can do on sparse data
        ({"correlation": "spearman", "min_posts": 30}, None),
    ],
)
def test_the_report_on_goemotions_equals_the_definitions_read_aloud(ways, shown):
    crowd, affects = real_data.goemotions_sample()
    expected = read_aloud(crowd, affects, **ways)

    report = compute(as_table(crowd, affects), **ways)

    assert report["affects"] == rounded(expected)
    assert report["interrater"] == pytest.approx(headline(expected), abs=1e-9)
    assert shown in (None, round(report["interrater"], 2))
    assert report["set_alpha"] == pytest.approx(plain.set_alpha(crowd), abs=1e-9)


@real_data.needs("goemotions_raw_sample")
def test_the_sample_of_goemotions_keeps_its_unclear_rows():
    crowd, affects = real_data.goemotions_sample()

    report = compute(as_table(crowd, affects))

    assert [report["posts"], report["judgements"], report["raters"]] == [13_446, 14_895, 80]
    assert report["compared"] == {
        "posts": 1_390,
        "judgements": 2_839,
        "raters": 78,
        "worth": 1_390.0,
    }


@real_data.needs("redv2")
def test_the_report_on_redv2_equals_the_definitions_read_aloud():
    crowd, affects = real_data.redv2()
    expected = read_aloud(crowd, affects)

    report = compute(as_table(crowd, affects))

    assert report["affects"] == rounded(expected)
    assert report["interrater"] == pytest.approx(headline(expected), abs=1e-9)
    assert report["set_alpha"] == pytest.approx(plain.set_alpha(crowd), abs=1e-9)
    assert report["co_occurrence"]["order"] == list(affects)
    for over in ("post_means", "judgements"):
        loops = plain.co_occurrence(crowd, affects, over)
        assert report["co_occurrence"][over] == rounded(loops)


SMALL = {
    1: {1: {"calm"}, 2: {"calm", "glad"}},
    2: {1: set(), 2: {"glad"}, 3: {"other"}},
    3: {1: {"calm"}, 2: set(), 3: {"calm"}},
    4: {3: {"sad"}},
}


def test_the_report_has_the_promised_shape_and_is_json():
    report = json.loads(json.dumps(compute(table(SMALL), bootstrap=20, seed=3, max_votes=2)))

    figures = {
        *("interrater", "raters", "undefined", "alpha", "support", "prevalence", "votes"),
        *("interrater_interval", "alpha_interval"),
    }
    affects = report["affects"]
    options = ("calm", "glad", "sad", "never", "other")
    assert {key: set(value) for key, value in affects.items()} == dict.fromkeys(options, figures)
    assert affects["calm"]["votes"] == [2, 2]
    assert report["co_occurrence"]["order"] == list(affects)
    assert report["options"] == {
        "correlation": "pearson",
        "undefined": "exclude",
        "min_posts": 2,
        "bootstrap": 20,
        "seed": 3,
        "weighted": False,
    }


def test_undefined_is_null_and_never_a_number():
    report = compute(table(SMALL), bootstrap=20)

    assert report["affects"]["never"] == {
        "interrater": None,
        "raters": 0,
        "undefined": 3,
        "alpha": None,
        "support": None,
        "prevalence": 0.0,
        "votes": [0, 0, 0],
        "interrater_interval": [None, None],
        "alpha_interval": [None, None],
    }
    assert report["co_occurrence"]["post_means"][3] == [None] * 5
    assert report["co_occurrence"]["conditional"][3] == [None] * 5


def test_a_campaign_without_judgements_has_a_report():
    report = compute(table({}), bootstrap=20)

    assert [report[key] for key in ("posts", "judgements", "raters")] == [0, 0, 0]
    assert [report["interrater"], report["set_alpha"]] == [None, None]


def test_other_is_reported_only_where_somebody_used_it():
    without = {
        post: {rater: picks - {"other"} for rater, picks in answers.items()}
        for post, answers in SMALL.items()
    }

    assert "other" not in compute(table(without))["affects"]


def test_the_same_seed_gives_the_same_report():
    judgements = simulated(np.random.default_rng(4), posts=50)

    first, again = (compute(judgements, bootstrap=30, seed=9) for _ in range(2))

    assert first == again


def test_the_intervals_lie_around_their_figures():
    report = compute(simulated(np.random.default_rng(4), posts=200), bootstrap=100)

    figures = [(report["interrater"], report["interrater_interval"])]
    figures += [(report["set_alpha"], report["set_alpha_interval"])]
    for affect in report["affects"].values():
        figures.append((affect["interrater"], affect["interrater_interval"]))
        figures.append((affect["alpha"], affect["alpha_interval"]))
    assert all(low < value < high for value, (low, high) in figures)


def test_an_unknown_way_is_refused_in_a_sentence():
    with pytest.raises(UnknownOption, match='"drop" is no way to treat undefined correlations'):
        compute(table(SMALL), undefined="drop")
