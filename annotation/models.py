"""Posts, campaigns, raters, assignments, judgements. The constraints here keep the promises."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

# Django looks for every model here.
from annotation.count_models import PostCount, WorkCount  # noqa: F401
from annotation.oversight_models import Flag, Pause, SettingAside  # noqa: F401
from taxonomy import wordings
from taxonomy.models import Taxonomy


class Post(models.Model):
    """What is shown. `key` is the post's own id, as its publisher's platform knows it."""

    key = models.CharField(max_length=200, unique=True)
    title = models.TextField(blank=True)
    body = models.TextField(blank=True)
    ocr_text = models.TextField(blank=True)
    transcript = models.TextField(blank=True)
    image = models.CharField(max_length=200, blank=True)  # path below MEDIA_ROOT
    image_alt = models.TextField(blank=True)
    language = models.CharField(max_length=35, blank=True)
    publisher = models.TextField(blank=True)
    publisher_feeling = models.TextField(blank=True)
    sensitive = models.BooleanField(default=False)
    created_at = models.DateTimeField(null=True, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    # Tells, without reading the texts, whether a row imported again says the same as before.
    content_hash = models.BinaryField(max_length=16)
    imported_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title or self.body[:60] or self.key


class Campaign(models.Model):
    """One study: taxonomy, guideline, posts, raters, and how many raters a post wants."""

    class Frame(models.TextChoices):
        UNIVERSAL = "universal", "How might someone feel?"
        PERSONAL = "personal", "How does it make you feel?"

    class State(models.TextChoices):
        OPEN = "open"
        PAUSED = "paused"
        CLOSED = "closed"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    guideline = models.TextField(blank=True)
    taxonomy = models.ForeignKey(Taxonomy, models.PROTECT, related_name="campaigns")
    frame = models.CharField(max_length=9, choices=Frame, default=Frame.UNIVERSAL)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    raters_per_post = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    min_picks = models.PositiveSmallIntegerField(default=1)
    max_picks = models.PositiveSmallIntegerField(null=True, blank=True, default=3)
    lease_seconds = models.PositiveIntegerField(default=30 * 60)
    daily_limit = models.PositiveIntegerField(null=True, blank=True)  # judgements of one rater
    # New raters first give consent, read or pass a quiz; set by the rooms that ask for it.
    entry_required = models.BooleanField(default=False)
    gold_share = models.FloatField(
        default=0.0, validators=[MinValueValidator(0.0), MaxValueValidator(0.5)]
    )
    leaves_out_sensitive = models.BooleanField(default=False)
    cover_reported_from = models.PositiveIntegerField(null=True, blank=True)
    break_after_minutes = models.PositiveSmallIntegerField(null=True, blank=True, default=45)
    support_text = models.TextField(blank=True)
    pay_per_hour = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    pay_currency = models.CharField(max_length=3, blank=True, default="EUR")
    # What members' strata are taken from where each post is to be judged by several; set by the room
    # that asks raters for it. Empty: posts aren't shared out.
    spread = models.CharField(max_length=20, blank=True, default="", db_default="")
    # Holds judgements made elsewhere, so that their agreement can be read. Nobody judges here.
    analysis_only = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(raters_per_post__gte=1), name="campaign_wants_raters"
            ),
            models.CheckConstraint(
                condition=Q(gold_share__gte=0.0, gold_share__lte=0.5), name="campaign_gold_share"
            ),
            models.CheckConstraint(
                condition=Q(max_picks=None) | Q(max_picks__gte=F("min_picks")),
                name="campaign_picks_in_order",
            ),
            models.CheckConstraint(
                condition=Q(analysis_only=False) | Q(state="closed"),
                name="analysis_only_campaigns_are_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def question(self) -> str:
        personal = self.frame == self.Frame.PERSONAL and self.taxonomy.question_personal
        return personal or self.taxonomy.question

    @property
    def spoken_question(self) -> str:
        """The question in the language of the page."""
        wording = wordings.find(self.taxonomy, get_language() or "")
        is_personal = self.frame == self.Frame.PERSONAL and self.taxonomy.question_personal
        return (wording.question_personal if is_personal else wording.question) or self.question


class CampaignPost(models.Model):
    """A post inside a campaign. `reserved` counts live leases and judgements, `judged` the latter."""

    class State(models.TextChoices):
        OPEN = "open"
        GOLD = "gold"  # mixed in among the others, for every rater
        QUIZ = "quiz"  # asked in the qualification only
        WITHDRAWN = "withdrawn"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="campaign_posts")
    post = models.ForeignKey(Post, models.PROTECT, related_name="campaign_posts")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    priority = models.FloatField(default=0.0)
    wanted = models.PositiveSmallIntegerField()
    sensitive = models.BooleanField(
        default=False, db_default=False
    )  # covered until the rater asks for it
    reserved = models.PositiveSmallIntegerField(default=0)
    judged = models.PositiveSmallIntegerField(default=0)
    # Got a place again, or moved up, after raters may have walked past it; set by a trigger.
    reopened = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "post"], name="post_once_per_campaign"),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("wanted")), name="post_never_over_its_number"
            ),
            models.CheckConstraint(
                condition=Q(judged__lte=F("reserved")), name="judged_posts_were_reserved"
            ),
        ]
        indexes = [
            # The queue: claims walk it in priority order, and full posts have left it.
            models.Index(
                F("campaign"),
                F("priority").desc(),
                F("id"),
                name="queue",
                condition=Q(state="open", reserved__lt=F("wanted")),
            ),
            models.Index(
                F("campaign"),
                F("priority").desc(),
                F("id"),
                name="reopened_queue",
                condition=Q(state="open", reserved__lt=F("wanted"), reopened=True),
            ),
            models.Index(fields=["campaign"], name="gold_posts", condition=Q(state="gold")),
        ]

    def __str__(self) -> str:
        return f"{self.post} in {self.campaign}"

    @property
    def is_done(self) -> bool:
        return self.judged >= self.wanted


class Gold(models.Model):
    """The picks known beforehand of a post for the quiz, or mixed in to check raters."""

    campaign_post = models.OneToOneField(CampaignPost, models.CASCADE, related_name="gold")
    expected = models.BigIntegerField()  # at least one of these has to be picked
    excluded = models.BigIntegerField(default=0)  # none of these may be
    explanation = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "gold"
        constraints = [
            models.CheckConstraint(condition=Q(expected__gt=0), name="gold_expects_something"),
            models.CheckConstraint(condition=Q(excluded__gte=0), name="gold_excluded_is_a_mask"),
        ]

    def __str__(self) -> str:
        return f"gold {self.campaign_post_id}"


class Rater(models.Model):
    """A person who judges. Raters of imported judgements have a key and no account."""

    key = models.CharField(max_length=250, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="rater"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)  # deleted the account; judgements stay

    def __str__(self) -> str:
        return self.key


class Membership(models.Model):
    """A rater's part in a campaign. Its row is the lock under which that rater's claims queue up."""

    class State(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="memberships")
    rater = models.ForeignKey(Rater, models.CASCADE, related_name="memberships")
    state = models.CharField(max_length=6, choices=State, default=State.ACTIVE)
    paused_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    # Has done everything that the campaign asks for before the first real post.
    admitted = models.BooleanField(default=True, db_default=True)
    quota = models.PositiveIntegerField(null=True, blank=True)  # judgements this rater may make
    avoids_sensitive = models.BooleanField(default=False, db_default=False)
    # Tells strata of the campaign apart, and says nothing else of them. Null: not told, or not asked.
    stratum = models.PositiveSmallIntegerField(null=True, blank=True)
    # How far down the queue the rater has had everything; where the next claim begins.
    walked_priority = models.FloatField(null=True, blank=True)
    walked_id = models.BigIntegerField(null=True, blank=True)
    walked_spares = models.BooleanField(null=True, blank=True)  # left out sensitive posts
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "rater"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rater} in {self.campaign}"


class Assignment(models.Model):
    """This post is reserved for this rater until its lease ends."""

    class State(models.TextChoices):
        OFFERED = "offered"
        DONE = "done"
        SKIPPED = "skipped"
        EXPIRED = "expired"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", db_index=False)
    campaign_post = models.ForeignKey(
        CampaignPost, models.CASCADE, related_name="assignments", db_index=False
    )
    rater = models.ForeignKey(Rater, models.CASCADE, related_name="assignments", db_index=False)
    state = models.CharField(max_length=7, choices=State, default=State.OFFERED)
    offered_at = models.DateTimeField()
    lease_expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    skip_reason = models.CharField(max_length=200, blank=True)
    seconds = models.FloatField(null=True, blank=True)  # active ones, where no judgement holds them

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_post", "rater"], name="rater_never_gets_a_post_twice"
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "lease_expires_at"],
                name="live_leases",
                condition=Q(state="offered"),
            ),
            models.Index(
                fields=["rater", "campaign"], name="live_of_rater", condition=Q(state="offered")
            ),
            models.Index(
                fields=["rater", "campaign"], name="expired_of_rater", condition=Q(state="expired")
            ),
            # Work that no judgement tells of. Few rows have it, and none gets it at a submit.
            models.Index(
                fields=["rater", "campaign"],
                name="unjudged_work_of_rater",
                condition=Q(state="skipped") | Q(seconds__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_post_id} for {self.rater_id}: {self.state}"


class Judgement(models.Model):
    """One rater's whole answer to one post: the current version. Older ones are revisions."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="judgements")
    campaign_post = models.ForeignKey(
        CampaignPost, models.CASCADE, related_name="judgements", db_index=False
    )
    rater = models.ForeignKey(Rater, models.CASCADE, related_name="judgements", db_index=False)
    assignment = models.OneToOneField(
        Assignment, models.SET_NULL, null=True, blank=True, related_name="judgement"
    )
    picks = models.BigIntegerField()  # bit i: the affect at position i; bit 62: other
    other = models.CharField(max_length=200, blank=True)
    frame = models.CharField(max_length=9, choices=Campaign.Frame)
    seconds = models.FloatField(null=True, blank=True)
    judged_at = models.DateTimeField()
    revision = models.PositiveSmallIntegerField(default=0)
    set_aside = models.BooleanField(default=False)
    gold_right = models.BooleanField(null=True, blank=True)  # null: the post is no gold
    idempotency_key = models.CharField(max_length=80, null=True, blank=True)
    request_hash = models.BinaryField(max_length=16, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign_post", "rater"], name="judgement_once"),
            models.UniqueConstraint(
                fields=["rater", "idempotency_key"],
                name="idempotency_key_once",
                condition=Q(idempotency_key__isnull=False),
            ),
            models.CheckConstraint(condition=Q(picks__gte=0), name="picks_are_a_mask"),
            models.CheckConstraint(
                condition=Q(seconds=None) | Q(seconds__gte=0), name="seconds_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["rater", "-judged_at"], name="recent_of_rater"),
            models.Index(
                fields=["campaign", "rater"],
                name="gold_of_rater",
                condition=Q(gold_right__isnull=False),
            ),
            models.Index(
                fields=["campaign", "rater"],
                name="set_aside_of_rater",
                condition=Q(set_aside=True),
            ),
        ]

    def __str__(self) -> str:
        return f"judgement {self.id} by {self.rater_id}"


class JudgementRevision(models.Model):
    """What a judgement said before it was revised: never overwritten."""

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="revisions")
    revision = models.PositiveSmallIntegerField()
    picks = models.BigIntegerField()
    other = models.CharField(max_length=200, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    judged_at = models.DateTimeField()

    class Meta:
        ordering = ["judgement", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["judgement", "revision"], name="revision_once"),
        ]

    def __str__(self) -> str:
        return f"revision {self.revision} of judgement {self.judgement_id}"
