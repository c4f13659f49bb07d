import pytest
from django.core.management import CommandError, call_command

from annotation.models import Campaign

pytestmark = pytest.mark.django_db


def test_it_makes_a_campaign_and_freezes_its_taxonomy(taxonomy, capsys):
    call_command("create_campaign", "my-study", taxonomy="small")

    taxonomy.refresh_from_db()
    campaign = Campaign.objects.get()
    assert taxonomy.frozen_at
    assert (campaign.slug, campaign.name, campaign.taxonomy) == ("my-study", "My study", taxonomy)
    assert (campaign.raters_per_post, campaign.min_picks, campaign.max_picks) == (5, 1, 2)
    assert (campaign.frame, campaign.lease_seconds, campaign.guideline) == ("universal", 1800, "")
    assert "The campaign 'my-study' is made: small v1" in capsys.readouterr().out


def test_everything_can_be_chosen(taxonomy, tmp_path):
    (tmp_path / "guide.md").write_text("\ufeffBe kind.", encoding="utf-8")

    call_command(
        "create_campaign", "s", "--taxonomy=small:1", "--name=A study", "--raters-per-post=3",
        "--max-picks=1", "--frame=personal", f"--guideline={tmp_path / 'guide.md'}",
        "--lease-minutes=10",
    )  # fmt: skip

    campaign = Campaign.objects.get()
    assert (campaign.name, campaign.raters_per_post, campaign.max_picks) == ("A study", 3, 1)
    assert (campaign.frame, campaign.guideline) == ("personal", "Be kind.")
    assert campaign.lease_seconds == 600


def test_any_number_of_picks(taxonomy):
    call_command("create_campaign", "s", "--taxonomy=small", "--any-number-of-picks")

    assert Campaign.objects.get().max_picks is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["s", "--taxonomy=large"], "There is no taxonomy 'large'. Loaded are: "),
        (["s", "--taxonomy=small:2"], "There is no taxonomy 'small:2'"),
        (["no slug", "--taxonomy=small"], "The campaign 'no slug' can't be made: slug"),
        (["s", "--taxonomy=small", "--raters-per-post=0"], "can't be made: raters_per_post"),
        (["s", "--taxonomy=small", "--guideline=/missing"], "can't be read as UTF-8 text"),
        (["s", "--taxonomy=small", "--frame=shared"], "invalid choice: 'shared'"),
        (["s", "--taxonomy=small", "--max-picks=2", "--any-number-of-picks"], "not allowed with"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_a_sentence(taxonomy, words, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("create_campaign", *words)

    assert not Campaign.objects.exists()


def test_a_slug_is_used_once(taxonomy):
    call_command("create_campaign", "s", taxonomy="small")

    with pytest.raises(CommandError, match="can't be made: slug"):
        call_command("create_campaign", "s", taxonomy="small")
