import gzip
import json
from io import StringIO

import krippendorff
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from analysis import figures, reading
from analysis.plans import Plan
from annotation.models import Campaign, CampaignPost, Judgement, Post, Rater
from lib.import_command import SOME_REJECTED
from tests.agreement import plain, real_data

pytestmark = pytest.mark.django_db

ROWS = "id,text,rater,label\n" + "".join(
    f"{post},Post {post},{rater},{'joy' if post % 2 or rater == 'c' else 'awe'}\n"
    for post in range(6)
    for rater in "abc"
)


def analyse(path, *options: str) -> str:
    out = StringIO()
    call_command("analyse", str(path), *options, stdout=out)
    return out.getvalue()


def agreement(slug: str) -> dict:
    out = StringIO()
    call_command("agreement", campaign=slug, json=True, stdout=out)
    return json.loads(out.getvalue())


def test_a_file_becomes_a_campaign_and_its_agreement_is_printed(file):
    printed = analyse(file("my study.csv", ROWS))

    campaign = Campaign.objects.get()
    assert (campaign.slug, campaign.name, campaign.analysis_only) == ("my-study", "my study", True)
    assert "6 posts, 18 judgements, 0 unchanged, 3 raters" in printed
    assert "Interrater correlation" in printed
    assert printed.endswith("Its page: /campaigns/my-study/agreement/\n")


def test_the_figures_are_those_of_the_agreement_command(file):
    printed = json.loads(analyse(file("study.csv", ROWS), "--json"))

    assert printed == agreement("study")
    assert (printed["posts"], printed["judgements"], printed["raters"]) == (6, 18, 3)


def test_what_is_printed_while_it_is_stored_is_what_is_stored(file):
    path = file("study.csv", ROWS)

    early = figures.of_file(reading.read(path, Plan(), pytest.fail), campaign="study")
    stored = json.loads(analyse(path, "--json"))

    assert early.keys() <= stored.keys()
    for name in ("posts", "judgements", "raters", "interrater", "set_alpha"):
        assert early[name] == pytest.approx(stored[name], abs=1e-9), name
    assert list(early["affects"]) == list(stored["affects"])
    for key, found in early["affects"].items():
        assert found.pop("votes") == stored["affects"][key].pop("votes")
        assert found == pytest.approx(stored["affects"][key], abs=1e-9)


def test_posts_and_labels_keep_what_they_say(file):
    analyse(file("study.csv", "id,text,rater,label\n7,Sun,a,Joy!\n7,Sun,b,愤怒\n8,,a,Joy!\n"))

    posts = Post.objects.order_by("id").values_list("key", "body")
    affects = Campaign.objects.get().taxonomy.affects.values_list("key", "name")
    assert list(posts) == [("study/7", "Sun"), ("study/8", "8")]
    assert list(affects) == [("joy", "Joy!"), ("label-2", "愤怒")]


def test_keys_stay_readable_where_labels_are_numbers(file):
    analyse(file("study.csv", "id,rater,label\n1,a,1.0\n1,b,10\n2,a,other\n"))

    affects = Campaign.objects.get().taxonomy.affects.values_list("name", "key")
    assert dict(affects) == {"1.0": "1-0", "10": "10", "other": "other-label"}


def test_annotators_become_pseudonyms_that_stay_the_same(file):
    path = file("study.csv", "id,rater,label\n1,ada@example.org,joy\n1,eve,joy\n")
    analyse(path)
    analyse(path, "--name", "again")

    keys = set(Rater.objects.values_list("key", flat=True))
    assert len(keys) == 4
    assert not any("ada" in key or "eve" in key for key in keys)


def test_annotators_may_keep_their_names(file):
    analyse(file("study.csv", "id,rater,label\n1,ada,joy\n1,eve,joy\n"), "--keep-names")

    assert set(Rater.objects.values_list("key", flat=True)) == {"study/ada", "study/eve"}


def test_the_same_file_again_changes_nothing(file):
    path = file("study.csv", ROWS)
    first = analyse(path, "--json")
    before = list(Judgement.objects.order_by("id").values())

    printed = analyse(path)

    assert "0 posts, 0 judgements, 18 unchanged, 0 raters" in printed
    assert list(Judgement.objects.order_by("id").values()) == before
    assert json.loads(first) == agreement("study")


def test_a_file_with_more_rows_adds_them(file):
    analyse(file("study.csv", ROWS))

    printed = analyse(file("study.csv", ROWS + "9,Post 9,a,awe\n9,Post 9,d,joy\n"))

    assert "1 posts, 2 judgements, 18 unchanged, 1 raters" in printed
    assert set(CampaignPost.objects.values_list("judged", "wanted")) == {(3, 3), (2, 2)}


def test_more_rows_may_make_another_label_the_most_frequent(file):
    first = "id,rater,label\n1,a,joy\n1,b,joy\n2,a,awe\n"
    analyse(file("study.csv", first))

    printed = analyse(file("study.csv", first + "3,a,awe\n3,b,awe\n"))

    assert "2 judgements, 3 unchanged" in printed
    figures = agreement("study")["affects"]
    assert {key: found["votes"] for key, found in figures.items()} == {
        "joy": [1, 1],
        "awe": [1, 1],
    }


def test_a_label_that_comes_later_is_rejected_with_a_reason(file):
    analyse(file("study.csv", ROWS))

    with pytest.raises(CommandError) as stopped:
        analyse(file("study.csv", ROWS + "9,Post 9,a,fear\n9,Post 9,d,joy\n"))

    assert stopped.value.returncode == SOME_REJECTED
    assert Judgement.objects.count() == 19
    rejects = file("study.csv.rejects.csv.not-there", "").with_name("study.csv.rejects.csv")
    assert "was not made with" in rejects.read_text()


def test_another_answer_of_the_same_rater_is_rejected(file):
    analyse(file("study.csv", "id,rater,label\n1,a,joy\n1,b,awe\n"))

    with pytest.raises(CommandError, match="1 row was left out"):
        analyse(file("study.csv", "id,rater,label\n1,a,awe\n1,b,awe\n"))

    assert Judgement.objects.count() == 2


def test_bad_rows_are_listed_and_the_figures_rest_on_the_others(file, capsys, tmp_path):
    path = file("study.csv", ROWS + ",Post 9,a,awe\n9,Post 9,,awe\n")
    rejects = tmp_path / "elsewhere.csv"

    with pytest.raises(CommandError, match="2 rows were left out"):
        analyse(path, "--rejects", str(rejects))

    assert rejects.read_text().splitlines() == [
        "row,field,reason,id",
        "19,post,is missing,",
        "20,rater,is missing,9",
    ]
    assert agreement("study")["judgements"] == 18


def test_the_name_of_a_campaign_in_which_people_judge_is_refused(file, campaign):
    with pytest.raises(CommandError, match="people judge"):
        analyse(file("feelings.csv", ROWS))


def test_two_analyses_keep_posts_of_the_same_ids_apart(file):
    analyse(file("one.csv", "id,text,rater,label\n1,Sun,a,joy\n1,Sun,b,joy\n"))
    analyse(file("two.csv", "id,text,rater,label\n1,Fog,a,awe\n1,Fog,b,awe\n"))

    assert set(Post.objects.values_list("key", "body")) == {("one/1", "Sun"), ("two/1", "Fog")}


def test_a_taxonomy_of_that_name_is_left_alone(file, taxonomy):
    analyse(file("small.csv", ROWS))

    made = Campaign.objects.get().taxonomy
    assert (made.key, made.version) == ("small", 2)
    assert taxonomy.keys == ("entertained", "saddened", "neutral")


def test_grades_get_an_ordinal_alpha_and_nothing_is_stored(file):
    rows = "id,rater,rude\n1,a,1.0\n1,b,1.0\n2,a,10.0\n2,b,2.0\n"

    printed = json.loads(analyse(file("grades.csv", rows), "--ordinal", "rude", "--json"))

    assert list(printed["grades"]) == ["1.0", "2.0", "10.0"]
    assert printed["ordinal_alpha"] == pytest.approx(5 / 6)
    assert not Campaign.objects.exists()


def test_grades_in_words_need_their_order(file):
    path = file("grades.csv", "id,rater,rude\n1,a,low\n1,b,low\n2,a,high\n2,b,mid\n")

    with pytest.raises(CommandError, match="--labels, the lowest first"):
        analyse(path, "--ordinal", "rude")
    printed = analyse(path, "--ordinal", "rude", "--labels", "low,mid,high")

    assert "Ordinal alpha  0.833" in printed
    assert "low (2), mid (1), high (1)" in printed


def test_a_file_without_any_label_is_refused(file):
    with pytest.raises(CommandError, match="No row of the file gives a label"):
        analyse(file("study.csv", "id,rater,label\n1,a,\n1,b,\n"))


def check_against_plain(printed: dict, crowd: dict, names: dict[str, str]) -> None:
    """Counts, and interrater correlation and alpha of each named label, by the plain loops."""
    assert printed["posts"] == len(crowd)
    assert printed["judgements"] == sum(map(len, crowd.values()))
    for key, name in names.items():
        value, raters, left_out = plain.interrater(crowd, name)
        found = printed["affects"][key]
        assert (found["raters"], found["undefined"]) == (raters, left_out)
        assert found["interrater"] == pytest.approx(value, abs=1e-9)
        assert found["alpha"] == pytest.approx(plain.nominal_alpha(crowd, name), abs=1e-9)


@real_data.needs("goemotions_raw_sample")
def test_goemotions_reads_as_the_plain_loops_do(tmp_path):
    """Columns of 0 and 1; raters who found a text unclear have judged it, without labels."""
    (path,) = (real_data.FOLDER / "goemotions_raw_sample").glob("*.csv.gz")
    crowd, affects = real_data.goemotions_sample()

    out = analyse(
        path, "--name", "goemotions", "--json", "--rejects", str(tmp_path / "rejects.csv")
    )

    printed = json.loads(out)
    assert set(printed["affects"]) - {"other"} == set(affects)
    check_against_plain(printed, crowd, {name: name for name in ("neutral", "fear", "grief")})


@real_data.needs("redv2")
def test_redv2_reads_as_the_plain_loops_do(tmp_path):
    """JSON with a list of 0 and 1 for each of three annotators; valid.json has 543 tweets."""
    path = real_data.FOLDER / "redv2" / "valid.json.gz"
    names = "sadness,surprise,fear,anger,neutral,trust,joy"
    crowd, _ = real_data.redv2()
    with gzip.open(path, "rt", encoding="utf-8") as file:
        count = len(json.load(file))
    last = dict(list(crowd.items())[-count:])  # the files come in the order of their names

    out = analyse(path, "--labels", names, "--json", "--rejects", str(tmp_path / "rejects.csv"))

    check_against_plain(json.loads(out), last, {name: name for name in names.split(",")})


@real_data.needs("popquorn")
def test_popquorn_reads_as_krippendorffs_package_does(tmp_path):
    """Grades from 1 to 5, in a column that must be named among those on the raters."""
    (path,) = (real_data.FOLDER / "popquorn").glob("*.csv.gz")
    crowd, grades = real_data.popquorn()

    out = analyse(
        path, "--ordinal", "offensiveness", "--json", "--rejects", str(tmp_path / "rejects.csv")
    )

    counts = [[list(a.values()).count({g}) for g in grades] for a in crowd.values()]
    expected = krippendorff.alpha(
        value_counts=np.array(counts), level_of_measurement="ordinal", value_domain=[1, 2, 3, 4, 5]
    )
    assert json.loads(out)["ordinal_alpha"] == pytest.approx(expected, abs=1e-9)
