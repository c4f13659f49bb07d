import pytest
from django.utils import timezone

from agreement import queries
from agreement.others import EXAMPLES, fold, grouped
from annotation import campaigns
from annotation.models import CampaignPost
from signals.models import Person, Signal
from tests.agreement.stored import OTHER, store


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Confused", "confused"),
        ("confused!", " confused "),
        ("déçu", "DECU"),
        ("mixed-feelings", "mixed  feelings"),
        ("soooo sad", "sooo sad"),
        ("ｗｏｗ", "wow"),
    ],
)
def test_spellings_of_one_text_are_folded(one, other):
    assert fold(one) == fold(other)


def test_scared_and_scarred_stay_two_things():
    assert fold("scared") != fold("scarred")


def test_groups_count_texts_and_raters_and_name_a_few_posts():
    texts = [("Yummy", 1, post) for post in range(8)] + [
        ("yummy!", 2, 0),
        ("...", 3, 3),
        (" ", 3, 4),
    ]

    first, second = grouped(texts)

    assert (first.text, first.count, first.raters) == ("Yummy", 9, {1, 2})
    assert first.examples == [*range(EXAMPLES)]
    assert (second.text, second.count) == ("...", 1)


@pytest.mark.django_db
def test_only_texts_that_count_are_read(campaign):
    store(campaign, {"a": {"r1": {OTHER}, "r2": {OTHER}, "r3": {"neutral"}}})
    campaign.judgements.filter(rater__key="r2").update(set_aside=True)

    (found,) = queries.other_texts(campaign)

    kept = campaign.judgements.get(rater__key="r1")
    assert found == ("a word", kept.rater_id, kept.campaign_post_id)


@pytest.mark.django_db
def test_feelings_and_signals_are_the_campaigns_own(campaign, add_posts):
    sad, silent = add_posts(campaign, "one", publisher_feeling="sad") + add_posts(campaign, "two")
    elsewhere = campaigns.create(slug="elsewhere", taxonomy=campaign.taxonomy)
    CampaignPost.objects.create(campaign=elsewhere, post=sad.post, wanted=1)
    eve, fay = (Person.objects.create(key=key) for key in ("eve", "fay"))
    now = timezone.now()
    for person, post, kind in [(eve, sad, "like"), (fay, sad, "like"), (eve, sad, "share")]:
        Signal.objects.create(person=person, post=post.post, kind=kind, at=now)

    assert queries.feelings(campaign).to_dict() == {sad.id: "sad"}
    assert queries.signal_counts(campaign).to_dict("index") == {sad.id: {"like": 2, "share": 1}}
