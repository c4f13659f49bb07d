"""How people become raters: invitations, entrances, consent, strata, the guideline read.

Who somebody is on another platform (Participant), what they declared of themselves (Strata) and
what they answered (annotation.Judgement) lie apart; only the rater's row joins them.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotation.models import Campaign, Membership, Rater


class Entry(models.Model):
    """What a campaign asks for before the first real post, besides the quiz."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="entry")
    asks_strata = models.BooleanField(default=False)
    shows_guideline = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"entry to {self.campaign}"


class ConsentText(models.Model):
    """A version of what raters consent to. Never edited, only succeeded."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="consent_texts")
    version = models.PositiveIntegerField()
    text = models.TextField()
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["campaign", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="consent_version_once"),
        ]

    def __str__(self) -> str:
        return f"consent {self.version} of {self.campaign}"


class Consent(models.Model):
    """A rater agreed to a version of the text, at a time."""

    consent_text = models.ForeignKey(ConsentText, models.PROTECT, related_name="consents")
    rater = models.ForeignKey(Rater, models.CASCADE, related_name="consents")
    given_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consent_text", "rater"],
                name="consent_once",
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rater}: {self.consent_text}"


class Strata(models.Model):
    """What a rater declared, each part of their own free will. A row of blanks: asked, not told."""

    rater = models.OneToOneField(Rater, models.CASCADE, related_name="strata")
    age_band = models.CharField(max_length=20, blank=True)
    gender = models.CharField(max_length=40, blank=True)
    ethnicity = models.CharField(max_length=60, blank=True)
    ideology = models.CharField(max_length=40, blank=True)
    location = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "strata"

    def __str__(self) -> str:
        return f"strata of {self.rater}"


class GuidelineReading(models.Model):
    """The rater said that the guideline is read."""

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="guideline_reading")
    read_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"guideline read: {self.membership}"


class Invitation(models.Model):
    """A link for one person. Its address is signed, so that no list of secrets lies anywhere."""

    class State(models.TextChoices):
        OPEN = "open"
        USED = "used"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True, default="")  # why it can't be sent
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        Rater, models.SET_NULL, null=True, blank=True, related_name="invitations"
    )

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "email"],
                name="one_open_invitation_each",
                condition=Q(used_at=None, withdrawn_at=None) & ~Q(email=""),
            ),
        ]

    def __str__(self) -> str:
        return self.email or f"invitation {self.id}"

    @property
    def state(self) -> State:
        """Where it stands now. Used stays used, whatever happens later."""
        if self.used_at:
            return self.State.USED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        return self.State.EXPIRED if self.expires_at <= timezone.now() else self.State.OPEN


class Entrance(models.Model):
    """A link for many: a crowd platform's, a lab's, a class's. No account is needed behind it."""

    class Kind(models.TextChoices):
        PROLIFIC = "prolific", "Prolific"
        MTURK = "mturk", "Mechanical Turk"
        OPEN = "open", "A link of one's own"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="entrances")
    token = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.OPEN)
    quota = models.PositiveIntegerField(null=True, blank=True)  # judgements a participant makes
    places = models.PositiveIntegerField(null=True, blank=True)  # participants at most
    completion_code = models.CharField(max_length=80, blank=True)
    completion_url = models.URLField(max_length=500, blank=True)
    screen_out_url = models.URLField(max_length=500, blank=True)
    is_open = models.BooleanField(default=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        """Whether newcomers are kept out, by an admin, by the clock or with the whole campaign."""
        expired = self.closes_at is not None and self.closes_at <= timezone.now()
        return expired or not self.is_open or self.campaign.state != Campaign.State.OPEN


class Participant(models.Model):
    """Who a rater is on the platform they came from. Nothing else knows these ids."""

    entrance = models.ForeignKey(Entrance, models.CASCADE, related_name="participants")
    rater = models.ForeignKey(Rater, models.CASCADE, related_name="participants")
    participant = models.CharField(max_length=200)
    study = models.CharField(max_length=200, blank=True)
    session = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    screened_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entrance", "participant"], name="participant_once_per_entrance"
            ),
        ]

    def __str__(self) -> str:
        return f"participant {self.id}"
