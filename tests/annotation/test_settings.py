"""Ben changes what may be changed of a campaign that runs."""

from decimal import Decimal

import pytest

from annotation import assignments, campaigns
from annotation.errors import BadCampaign
from annotation.models import Campaign, CampaignPost

SETTINGS = "/campaigns/feelings/settings/"
REST = "/api/v1/campaigns/feelings/"


@pytest.fixture
def filled(browser, ben, campaign):
    """What the page sends when nothing is changed on it."""
    form = browser(ben).get(SETTINGS).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_ben_changes_everything_that_may_be_changed(browser, ben, campaign, filled):
    changed = filled | {
        "name": "Feelings, second wave",
        "guideline": "Take your time.",
        "raters_per_post": 3,
        "lease_minutes": 10,
        "daily_limit": 200,
        "leaves_out_sensitive": "on",
        "cover_reported_from": 4,
        "break_after_minutes": 30,
        "support_text": "Mira Kern, care@example.org",
        "pay_per_hour": "12.50",
        "pay_currency": "usd",
    }

    page = browser(ben).post(SETTINGS, changed, follow=True)

    campaign.refresh_from_db()
    assert page.redirect_chain == [(SETTINGS, 302)]
    assert "The settings are stored." in page.text
    assert {name: getattr(campaign, name) for name in campaigns.CHANGEABLE} == {
        "name": "Feelings, second wave",
        "guideline": "Take your time.",
        "raters_per_post": 3,
        "lease_seconds": 600,
        "daily_limit": 200,
        "leaves_out_sensitive": True,
        "cover_reported_from": 4,
        "break_after_minutes": 30,
        "support_text": "Mira Kern, care@example.org",
        "pay_per_hour": Decimal("12.50"),
        "pay_currency": "USD",
    }


def test_an_unchanged_page_changes_nothing(browser, ben, campaign, filled):
    before = Campaign.objects.values().get()

    browser(ben).post(SETTINGS, filled)

    assert Campaign.objects.values().get() == before


def test_an_odd_lease_survives_a_page_that_shows_minutes(browser, ben, campaign):
    Campaign.objects.update(lease_seconds=100)
    form = browser(ben).get(SETTINGS).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"leaves_out_sensitive": ""}

    browser(ben).post(SETTINGS, sent | {"name": "Other"})

    assert Campaign.objects.values_list("name", "lease_seconds").get() == ("Other", 100)


def test_empty_means_never(browser, ben, campaign, filled):
    browser(ben).post(SETTINGS, filled | {"break_after_minutes": "", "pay_per_hour": ""})

    campaign.refresh_from_db()
    assert (campaign.break_after_minutes, campaign.pay_per_hour) == (None, None)


def test_refused_settings_stay_on_the_page_with_the_fault_at_its_field(
    browser, ben, campaign, filled
):
    page = browser(ben).post(SETTINGS, filled | {"name": "New", "pay_currency": "€€€"})

    assert page.status_code == 422
    assert page.context["form"].errors == {
        "pay_currency": ["A currency has three capital letters, such as EUR."]
    }
    assert 'value="New"' in page.text
    assert Campaign.objects.get().name == "Feelings"


def test_posts_follow_the_number_of_raters_until_one_is_asked(campaign, add_posts):
    gold, _ = add_posts(campaign, "first", "second")
    CampaignPost.objects.filter(id=gold.id).update(state="gold", wanted=32767)

    campaigns.change(campaign=campaign, raters_per_post=4)

    wanted = CampaignPost.objects.order_by("id").values_list("wanted", flat=True)
    assert list(wanted) == [32767, 4]


def test_the_number_of_raters_is_fixed_once_a_post_was_asked(browser, ben, campaign, held, filled):
    with pytest.raises(BadCampaign) as refused:
        campaigns.change(campaign=campaign, raters_per_post=4, name="New")

    assert refused.value.errors == [{"where": "raters_per_post", "what": campaigns.FIXED}]
    assert Campaign.objects.values_list("raters_per_post", "name").get() == (2, "Feelings")
    assert "so this is fixed" in browser(ben).get(SETTINGS).text


def test_other_settings_may_change_while_raters_judge(campaign, held):
    campaigns.change(campaign=campaign, raters_per_post=2, lease_seconds=60)

    again = assignments.claim(campaign=campaign, rater=held.rater)
    assert [post.id for post in again] == [held.id]
    assert Campaign.objects.get().lease_seconds == 60


FAULTS = [
    ({"lease_seconds": 59}, "lease_seconds", "A lease lasts a minute to a week."),
    ({"break_after_minutes": 0}, "break_after_minutes", "At least 1, or empty for never."),
    ({"cover_reported_from": 0}, "cover_reported_from", "At least 1, or empty for never."),
    ({"pay_per_hour": Decimal("-1")}, "pay_per_hour", "Pay can't be below 0."),
    (
        {"pay_currency": "Eur"},
        "pay_currency",
        "A currency has three capital letters, such as EUR.",
    ),
    ({"name": ""}, "name", "This field cannot be blank."),
    ({"slug": "other"}, "slug", "This can't be changed."),
    ({"taxonomy": 7}, "taxonomy", "This can't be changed."),
]


@pytest.mark.parametrize(("changes", "where", "what"), FAULTS)
def test_what_does_not_fit_is_named(changes, where, what, campaign):
    with pytest.raises(BadCampaign) as refused:
        campaigns.change(campaign=campaign, **changes)

    assert refused.value.errors == [{"where": where, "what": what}]
    assert refused.value.message == f"The campaign 'feelings' can't be changed so: {where}: {what}"


def test_ben_changes_settings_over_rest(api, ben, campaign):
    answer = api(ben).patch(
        REST, {"break_after_minutes": None, "pay_per_hour": "9.5", "support_text": "Call us."}
    )

    assert answer.status_code == 200
    assert {name: answer.data[name] for name in ("break_after_minutes", "support_text")} == {
        "break_after_minutes": None,
        "support_text": "Call us.",
    }
    assert (answer.data["pay_per_hour"], answer.data["pay_currency"]) == ("9.50", "EUR")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"lease_seconds": "long"}, "lease_seconds"),
        ({"pay_per_hour": "1.234"}, "pay_per_hour"),
        ({"slug": "other"}, "slug"),
        ({"nonsense": 1}, "nonsense"),
        ({"name": None}, "name"),
    ],
)
def test_rest_names_what_does_not_fit(change, where, api, ben, campaign):
    answer = api(ben).patch(REST, change)

    assert answer.status_code == 400
    assert [fault["where"] for fault in answer.data["errors"]] == [where]


def test_only_ben_changes_settings(client, browser, api, ada, cleo, dan, ben, campaign):
    people = {"ada": ada, "cleo": cleo, "dan": dan}
    pages = {who: browser(person).get(SETTINGS).status_code for who, person in people.items()}
    rest = {
        who: api(person).patch(REST, {"name": "x"}).status_code for who, person in people.items()
    }

    assert pages == rest == {"ada": 403, "cleo": 403, "dan": 403}
    assert api().patch(REST, {"name": "x"}).status_code == 401
    client.logout()
    assert client.get(SETTINGS).url == f"/signin/?next={SETTINGS}"
    assert Campaign.objects.get().name == "Feelings"


def test_raters_read_what_concerns_them_over_rest(api, ada, campaign):
    campaigns.change(campaign=campaign, pay_per_hour=Decimal(12), support_text="Call us.")

    seen = api(ada).get(REST).data

    assert {
        name: seen[name] for name in ("pay_per_hour", "support_text", "break_after_minutes")
    } == {
        "pay_per_hour": "12.00",
        "support_text": "Call us.",
        "break_after_minutes": 45,
    }
    assert {"gold_share", "cover_reported_from"} & seen.keys() == set()
