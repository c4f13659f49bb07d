import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db(transaction=True)


def snapshot(*arguments: str) -> str:
    out = StringIO()
    call_command("snapshot", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_command_writes_a_folder_and_prints_its_figures(campaign, add_posts, judge, tmp_path):
    (post,) = add_posts(campaign, "A dog")
    judge(post, "ada", "touched")
    folder = tmp_path / "out"

    printed = snapshot(
        "--campaign", "feelings", "--rule", "votes>=1", "--rule", "soft", "--out", folder,
        "--format", "parquet,csv", "--json",
    )  # fmt: skip

    manifest = json.loads((folder / "manifest.json").read_text())
    assert json.loads(printed) == manifest
    assert [rule["rule"] for rule in manifest["rules"]] == ["votes>=1", "soft"]
    assert (folder / "labels.csv").read_text().splitlines()[1:] == [
        '"p1","entertained",0,1,0,0,1,1',
        '"p1","saddened",0,1,0,0,1,1',
        '"p1","touched",1,1,1,1,1,1',
        '"p1","other",0,1,0,0,1,1',
    ]


def test_the_command_says_it_in_words_too(campaign, add_posts, tmp_path):
    add_posts(campaign, "A dog")

    printed = snapshot("--campaign", "feelings", "--out", tmp_path / "out")

    assert printed.startswith("1 posts, 0 judgements by 0 raters and 0 labels are in")
    assert printed.splitlines()[-1].startswith("sha256 ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--campaign", "nowhere"], "There is no campaign 'nowhere'. There are: feelings."),
        (["--campaign", "feelings", "--rule", "most"], '"most" is no consensus rule.'),
        (["--campaign", "feelings", "--format", "xlsx"], "There is no format 'xlsx'"),
    ],
)
def test_a_mistake_is_one_sentence(campaign, tmp_path, arguments, says):
    with pytest.raises(CommandError) as caught:
        snapshot(*arguments, "--out", tmp_path / "out")

    assert says in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_empty_is_left_alone(campaign, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")

    with pytest.raises(CommandError, match="is not an empty folder"):
        snapshot("--campaign", "feelings", "--out", tmp_path)
