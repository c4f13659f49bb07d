"""The demo campaign: our own posts, a simulated crowd, and one log-in for each kind of person."""

import secrets
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, Group
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from rest_framework.authtoken.models import Token

from annotation import campaigns, simulation
from annotation.models import Campaign
from config import demo_steps
from lib.permissions import ENGINEERS
from modelling import runs, tasks
from routing import rounds
from routing.models import Plan
from snapshots import plans, snapshots
from taxonomy import taxonomies

CONTENT = settings.BASE_DIR / "annotation" / "demo"
SLUG = "demo"
#: Enough that dashboards and training have something true to show, and posts are left to judge.
RATERS, JUDGEMENTS, SEED = 24, 1600, 7
GUIDELINE = """\
Think of the many people who may see this post, not only of yourself. Pick what someone might feel \
right after seeing it: the strongest one first in your mind, up to three in all. If two seem close, \
read their definitions; if nothing fits, pick other and say it in a word. Some posts are sad. Skip \
any that you would rather not judge, and take a break whenever you like."""


@dataclass(frozen=True)
class LogIns:
    password: str
    token: str
    door: str

    def lines(self) -> list[str]:
        return [
            "Sign in as:",
            *(
                f"  {name:<9} {self.password}   {what}"
                for name, what in (
                    ("rater", "judges posts"),
                    ("admin", "runs campaigns and reads dashboards"),
                    ("engineer", "pulls snapshots and trains models"),
                )
            ),
            f"The engineer's token for REST: {self.token}",
            "To come in as somebody new (consent, guideline, quiz), open there in a private window:",
            f"  {self.door}",
        ]


def load() -> LogIns:
    """Makes what is missing of the demo; what is there stays as people left it."""
    campaign = Campaign.objects.filter(slug=SLUG).first() or create_campaign()
    log_ins = add_people(campaign)
    if not campaign.judgements.exists():
        let_the_crowd_judge(campaign)
    if not campaign.rounds.exists():
        start_routing(campaign)
    if not campaign.snapshots.exists():
        start_training(campaign)
    return log_ins


@transaction.atomic
def create_campaign() -> Campaign:
    campaign = campaigns.create(
        slug=SLUG, name="Demo", taxonomy=taxonomies.find("affects"), guideline=GUIDELINE
    )
    told = StringIO()  # what an import says is for people who bring their own rows
    call_command("import_posts", str(CONTENT / "posts.jsonl"), campaign=SLUG, stdout=told)
    call_command("import_people", str(CONTENT / "people.jsonl"), stdout=told)
    call_command("import_signals", str(CONTENT / "signals.jsonl.gz"), stdout=told)
    demo_steps.ask_for_steps(campaign)
    campaign.refresh_from_db()  # with the share of gold that the crowd is to meet
    return campaign


def add_people(campaign: Campaign) -> LogIns:
    """A rater, an admin and an engineer, all with the one password kept in PATHOS_HOME; and a door
    for those who have no account."""
    password = kept_password(settings.PATHOS_HOME / "demo.password")
    rater = account("rater", password)
    if not campaign.memberships.filter(rater__user=rater).exists():
        demo_steps.take_steps(campaigns.add_rater(campaign=campaign, user=rater))
    account("admin", password, is_staff=True, is_superuser=True)
    engineer = account("engineer", password)
    engineer.groups.add(Group.objects.get_or_create(name=ENGINEERS)[0])
    token, _ = Token.objects.get_or_create(user=engineer)
    door = reverse("joining:enter", args=[demo_steps.door(campaign).token])
    return LogIns(password, token.key, door)


def kept_password(path: Path) -> str:
    """Made once and kept: a password that everybody knows would open a server that is reachable."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(6))
    return path.read_text()


def account(name: str, password: str, **rights: bool) -> AbstractBaseUser:
    user, _ = get_user_model().objects.get_or_create(username=name, defaults=rights)
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return user


def let_the_crowd_judge(campaign: Campaign) -> None:
    """The pictures are kept back: whoever tries the demo shall meet some, too."""
    pictures = campaign.campaign_posts.exclude(post__image="")
    pictures.update(priority=-1)
    work = simulation.simulate(
        campaign=campaign,
        raters=RATERS,
        judgements_wanted=JUDGEMENTS,
        seed=SEED,
        truth=CONTENT / "truth.jsonl",
    )
    for _ in work:
        pass
    pictures.update(priority=0)


def start_routing(campaign: Campaign) -> None:
    """A first round, so that the next claims follow it, and a plan for those to come."""
    Plan.objects.update_or_create(
        campaign=campaign, defaults={"enabled": True, "budget": 40, "every_judgements": 100}
    )
    rounds.run(campaign=campaign, budget=40, seed=SEED)


def start_training(campaign: Campaign) -> None:
    """A first snapshot, and a run that the training worker takes up when it is there."""
    plan = plans.make(name="demo-1", rules=["votes>=3", "soft"])
    snapshot = snapshots.create(campaign=campaign, plan=plan, created_by=None)
    snapshots.build_queued(snapshot=snapshot)
    snapshot.refresh_from_db()
    run = runs.create(snapshot=snapshot, recipe="tiny")
    tasks.execute_run.delay_on_commit(run.id)
