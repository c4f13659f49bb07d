"""What routing decided, and why: plans, rounds, their pools, the posts they drew."""

from pathlib import Path

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from annotation.models import Campaign, CampaignPost
from routing.rules import DEFAULT, STRATEGIES, Shares
from routing.sampling import METHODS

share_validators = [MinValueValidator(0.0), MaxValueValidator(1.0)]


def named(names) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


class Plan(models.Model):
    """How a campaign is routed while nobody is looking. Disabled until an admin enables it."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="plan")
    enabled = models.BooleanField(default=False)
    strategy = models.CharField(max_length=20, choices=named(STRATEGIES), default=DEFAULT)
    sampling = models.CharField(max_length=20, choices=named(METHODS), default="systematic")
    budget = models.PositiveIntegerField(default=200, validators=[MinValueValidator(1)])
    exploit = models.FloatField(default=0.8, validators=share_validators)
    uncertainty = models.FloatField(default=0.0, validators=share_validators)
    diversity = models.FloatField(default=0.0, validators=share_validators)
    uniform = models.FloatField(default=0.2, validators=share_validators)
    #: t of the exploit share; null: what the strategy does best with
    temperature = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0.01)])
    min_raters = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    every_judgements = models.PositiveIntegerField(default=500, validators=[MinValueValidator(1)])
    every_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)]
    )
    collapses = models.BooleanField(default=True, db_default=True)  # near-duplicates into one
    seed = models.BigIntegerField(default=0, validators=[MinValueValidator(0)])
    #: affect key -> weight, in place of the taxonomy's; only affects for which they differ
    importance = models.JSONField(default=dict, blank=True, db_default={})

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    exploit__gte=0,
                    uncertainty__gte=0,
                    diversity__gte=0,
                    uniform__gt=0,
                    temperature__gt=0,
                ),
                name="every_post_keeps_a_chance",
            ),
            models.CheckConstraint(
                condition=Q(budget__gte=1, every_judgements__gte=1, min_raters__gte=1, seed__gte=0),
                name="plan_counts_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"plan of {self.campaign}"

    @property
    def importances(self) -> dict[str, float]:
        """How much each affect of the campaign is looked for, in the order of the taxonomy."""
        affects = self.campaign.taxonomy.affects.all()
        return {each.key: self.importance.get(each.key, each.importance) for each in affects}

    @property
    def shares(self) -> Shares:
        return Shares(self.exploit, self.uncertainty, self.diversity, self.uniform)


class Round(models.Model):
    """One run of routing: everything needed to run it again and to judge what it gained.

    options  shares, temperature, sampling, min_raters, training_posts, collapses
    heads    what they look at, and per affect what it learnt from; their numbers lie in `heads_file`
    scores   per trained affect the mean and some quantiles over the pool
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    UNFINISHED = (State.QUEUED, State.RUNNING)

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    strategy = models.CharField(max_length=20)
    seed = models.BigIntegerField()
    budget = models.PositiveIntegerField()
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    judgements = models.PositiveIntegerField(default=0)  # what the campaign had when it was asked
    pool_size = models.PositiveIntegerField(default=0)
    near_duplicates = models.PositiveIntegerField(default=0, db_default=0)  # left out of the pool
    drawn = models.PositiveIntegerField(default=0)
    heads = models.JSONField(default=dict)
    scores = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="round_number_once"),
            models.UniqueConstraint(
                fields=["campaign"],
                name="one_unfinished_round",
                condition=Q(state__in=["queued", "running"]),
            ),
            models.CheckConstraint(condition=Q(budget__gte=1), name="round_has_a_budget"),
            models.CheckConstraint(
                condition=Q(drawn__lte=F("pool_size")), name="drawn_from_the_pool"
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.number} of {self.campaign}"

    @property
    def heads_file(self) -> Path:
        """The heads' coefficients, as safetensors. Only rounds that trained a head have one."""
        return Path(settings.MODELS_DIR) / "routing" / f"round-{self.id}.safetensors"

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it isn't finished."""
        if not (self.started_at and self.finished_at):
            return None
        return round((self.finished_at - self.started_at).total_seconds(), 3)

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    @property
    def affects(self) -> list[str]:
        """The affects with a trained head, in the order of every post's scores."""
        return [head["affect"] for head in self.heads.get("affects", []) if head["trained"]]


class Chunk(models.Model):
    """A part of the campaign's posts that one worker scores; gone when the round is done.

    Whoever scores it holds the row's lock meanwhile, so a killed worker's chunk is free at once.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="chunks", db_index=False)
    first = models.BigIntegerField()  # campaign posts by id, both ends included
    last = models.BigIntegerField()
    posts = models.PositiveIntegerField()
    result = models.BinaryField(null=True)  # as by `scoring.score`; null: not scored yet

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "first"], name="chunk_once_per_round"),
        ]

    def __str__(self) -> str:
        return f"campaign posts {self.first} to {self.last} in {self.round}"


class NearDuplicate(models.Model):
    """A post that says nearly the same as another one, which is drawn in its stead."""

    campaign_post = models.OneToOneField(
        CampaignPost, models.CASCADE, related_name="near_duplicate"
    )
    representative = models.ForeignKey(CampaignPost, models.CASCADE, related_name="near_duplicates")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(campaign_post=F("representative")), name="no_duplicate_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_post_id} is nearly {self.representative_id}"


class Pin(models.Model):
    """An admin wants this post asked next, whatever rounds draw, until the pin is taken out."""

    campaign_post = models.ForeignKey(CampaignPost, models.CASCADE, related_name="pins")
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_post"], name="pinned_once_at_a_time", condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"pin of {self.campaign_post_id}"


class Measurement(models.Model):
    """How well the heads of a round rank the posts of the check.

    posts     judged posts of the check at that time
    carriers  how many of them carry each affect
    figures   average precision per affect; null where nobody carries it
    """

    round = models.OneToOneField(Round, models.CASCADE, related_name="measurement")
    posts = models.PositiveIntegerField()
    carriers = models.JSONField()
    figures = models.JSONField()
    measured_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"heads of {self.round} on {self.posts} posts"


class Gained(models.Model):
    """What a campaign's rounds gained, as it was last counted: figures as by `gains.report`."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="+")
    figures = models.JSONField()
    rounds = models.PositiveIntegerField()  # done by then, as the judgements
    judgements = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"gains of {self.campaign}"


class PoolBlock(models.Model):
    """The propensities of neighbouring posts in a round's pool, packed as `pools` says.

    A row per post and round would be 820,000 rows a round; 200 blocks take some megabytes, and one
    of them says what chance a post had. They are written in the same transaction as the priorities.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="pool_blocks", db_index=False)
    number = models.BigIntegerField()  # of the block, as by `pools.block_of`
    propensities = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="block_once_per_round"),
        ]

    def __str__(self) -> str:
        return f"block {self.number} in the pool of {self.round}"


class Selection(models.Model):
    """A post that a round drew: with which probability, and which component wanted it how much."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="selections", db_index=False)
    campaign_post = models.ForeignKey(CampaignPost, models.CASCADE, related_name="selections")
    propensity = models.FloatField()
    exploit = models.FloatField()
    uncertainty = models.FloatField()
    diversity = models.FloatField(default=0.0, db_default=0.0)
    uniform = models.FloatField()
    scores = ArrayField(models.FloatField())  # in the order of Round.affects

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "campaign_post"], name="drawn_once_per_round"),
            models.CheckConstraint(
                condition=Q(propensity__gt=0, propensity__lte=1), name="propensity_is_a_chance"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_post_id} by round {self.round_id}"
