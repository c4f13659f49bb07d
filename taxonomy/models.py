"""What raters may pick: numbered taxonomies, their affects, and what a next one may add."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from taxonomy.rules import MAX_AFFECTS

key_validator = RegexValidator(
    r"^[a-z0-9][a-z0-9_-]*$", "Use small letters, digits, '_' and '-', beginning with a letter."
)


class Taxonomy(models.Model):
    """One numbered version of a list of affects. Never edited once a campaign uses it."""

    key = models.SlugField(max_length=60, validators=[key_validator])
    version = models.PositiveIntegerField()
    question = models.TextField()
    question_personal = models.TextField(blank=True)
    min_picks = models.PositiveSmallIntegerField(default=1)
    max_picks = models.PositiveSmallIntegerField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "taxonomies"
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="taxonomy_version_once"),
            models.CheckConstraint(
                condition=Q(max_picks=None) | Q(max_picks__gte=models.F("min_picks")),
                name="taxonomy_picks_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The affects' keys in position order: bit i of a judgement's picks is keys[i]."""
        return tuple(affect.key for affect in self.affects.all())


class Affect(models.Model):
    """One class of a taxonomy: what someone may feel, or think, on seeing a post."""

    class Valence(models.TextChoices):
        POSITIVE = "positive"
        EITHER = "either"
        NEGATIVE = "negative"
        NEUTRAL = "neutral"

    taxonomy = models.ForeignKey(Taxonomy, models.CASCADE, related_name="affects")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60, validators=[key_validator])
    name = models.CharField(max_length=80)
    definition = models.TextField(blank=True)
    example = models.TextField(blank=True)
    near_miss = models.TextField(blank=True)
    valence = models.CharField(max_length=8, choices=Valence, default=Valence.NEUTRAL)
    importance = models.FloatField(default=1.0)
    personalised = models.BooleanField(default=False)

    class Meta:
        ordering = ["taxonomy", "position"]
        constraints = [
            models.UniqueConstraint(fields=["taxonomy", "key"], name="affect_key_once"),
            models.UniqueConstraint(fields=["taxonomy", "position"], name="affect_position_once"),
            models.CheckConstraint(
                condition=Q(position__lt=MAX_AFFECTS), name="affect_position_fits_the_mask"
            ),
            models.CheckConstraint(
                condition=Q(importance__gte=0), name="affect_importance_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Proposal(models.Model):
    """An affect that raters missed in a taxonomy, for those who write its successor."""

    taxonomy = models.ForeignKey(Taxonomy, models.CASCADE, related_name="proposals")
    name = models.CharField(max_length=80)
    note = models.TextField(blank=True)
    # What raters wrote themselves, word for word.
    examples = ArrayField(models.TextField(), default=list, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "taxonomy",
                Lower("name"),
                name="affect_proposed_once",
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name
