import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from annotation.models import Post
from tests.agreement.stored import OTHER, ragged, store

pytestmark = pytest.mark.django_db


def consensus(capsys, *arguments):
    call_command("consensus", "--campaign", "feelings", *arguments)
    return capsys.readouterr().out


CROWD = {
    "p1": {"r1": {"entertained"}, "r2": {"entertained"}, "r3": {"entertained", OTHER}},
    "p2": {"r1": {"saddened"}, "r2": {"entertained"}, "r3": {"saddened"}},
    "p3": {"r1": {"neutral"}, "r2": {"neutral"}, "r3": {"neutral"}},
}


def test_the_command_prints_the_rules_and_the_posts_to_read(campaign, capsys):
    store(campaign, CROWD)
    Post.objects.filter(key="p2").update(publisher_feeling="sad")
    Post.objects.filter(key="p3").update(publisher_feeling="calm")

    found = json.loads(consensus(capsys, "--json", "--votes", "2", "--feeling-posts", "1"))

    assert found["affects"] == ["entertained", "saddened", "neutral", OTHER]
    assert found["positives"]["votes>=2"] == [1, 1, 1, 0]
    assert found["positives"]["soft"] == [1, 1, 1, 0]
    assert found["split"][0] == {"post": "p2", "apart": pytest.approx(2 / 3)}
    assert found["other"] == [
        {"text": "a word", "count": 1, "raters": 1, "spellings": ["a word"], "examples": ["p1"]}
    ]
    assert [row["row"] for row in found["feelings"]] == ["calm", "sad"]
    assert found["feelings"][1]["correlations"] == [1, 1, -1, None]
    assert found["signals"] == []


def test_the_command_prints_lines_for_a_reader(campaign, capsys):
    store(campaign, ragged(seed=3))

    printed = consensus(capsys)

    assert "affect" in printed.splitlines()[1]
    assert "dawid_skene came to rest for every affect, after " in printed
    assert "Where raters are farthest apart (0 to 1):\n  1.00  post " in printed
    assert "a word" in printed


def test_a_campaign_without_judgements_is_no_error(campaign, capsys):
    found = json.loads(consensus(capsys, "--json"))

    assert (found["split"], found["disputed"], found["other"]) == ([], [], [])


def test_an_unknown_campaign_is_a_plain_sentence():
    with pytest.raises(CommandError, match="nowhere"):
        call_command("consensus", campaign="nowhere")


def test_no_votes_at_all_are_no_rule(campaign):
    with pytest.raises(CommandError, match='"votes>=0" is no consensus rule'):
        call_command("consensus", campaign="feelings", votes=0)


def test_what_is_set_aside_is_not_read(campaign, capsys):
    store(campaign, CROWD)
    campaign.judgements.filter(rater__key="r3").update(set_aside=True)

    found = json.loads(consensus(capsys, "--json", "--votes", "2"))

    assert found["other"] == []
    assert found["positives"]["votes>=2"] == [1, 0, 1]
