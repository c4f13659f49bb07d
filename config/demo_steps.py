"""What the demo asks for before the first post: its rater is past it, its door leads through it."""

from io import StringIO

from django.conf import settings
from django.core.management import call_command

from annotation import gold
from annotation.judgements import affect_keys
from annotation.models import Campaign, Membership
from joining import consents, entrances, entries, members, strata
from joining.models import Entrance
from joining.queries import latest_text
from joining.rules import Step
from qualification import quizzes
from taxonomy.rules import keys_of

GOLD = settings.BASE_DIR / "annotation" / "demo" / "gold.jsonl"
GOLD_SHARE = 0.05
#: Half of the quiz at a time, so that a second try asks other posts; tries enough to play with.
QUIZ = {"posts_per_try": 4, "pass_mark": 0.75, "tries": 20}
CONSENT = """\
This is a demonstration. You read made-up posts and pick what someone might feel after seeing each.

We store what you pick, how long it takes, and, only if you like, what you tell about yourself. It \
stays on this machine. You can stop at any time, take your consent back, and delete your account.

Some posts tell of loss or danger. They are covered until you ask for them."""


def ask_for_steps(campaign: Campaign) -> None:
    """Consent, a few questions about the rater, the guideline and a quiz; gold later on."""
    call_command("import_gold", str(GOLD), campaign=campaign.slug, stdout=StringIO())
    gold.change_share(campaign=campaign, share=GOLD_SHARE)
    quizzes.change(campaign=campaign, **QUIZ)
    consents.publish(campaign=campaign, text=CONSENT)
    entries.change(campaign=campaign, asks_strata=True, shows_guideline=True)


def take_steps(membership: Membership) -> None:
    """The way of somebody who agrees, tells nothing, reads, and knows what the quiz wants."""
    while take := TAKEN.get(members.admit(membership=membership)):
        take(membership)


def door(campaign: Campaign) -> Entrance:
    """The entrance for whoever wants to see how raters come in; made once."""
    return campaign.entrances.first() or entrances.make(
        campaign=campaign, name="Demo", kind="open", quota=10, completion_code="THANK-YOU"
    )


def _agree(membership: Membership) -> None:
    consents.give(membership=membership, consent_text=latest_text(membership.campaign))


def _tell_nothing(membership: Membership) -> None:
    strata.declare(rater=membership.rater)


def _read(membership: Membership) -> None:
    members.note_guideline_read(membership=membership)


def _pass_the_quiz(membership: Membership) -> None:
    campaign = membership.campaign
    for asked in quizzes.start(membership=membership).answers.all():
        right = keys_of(asked.campaign_post.gold.expected, affect_keys(campaign.taxonomy_id))
        quizzes.answer(asked=asked, picks=right[: campaign.max_picks])


TAKEN = {
    Step.CONSENT: _agree,
    Step.STRATA: _tell_nothing,
    Step.GUIDELINE: _read,
    Step.QUIZ: _pass_the_quiz,
}
