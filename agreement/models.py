"""Reports on agreement, kept with their time, their options and what they rest on."""

import json

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from annotation.models import Campaign


class Report(models.Model):
    """The figures of one campaign at one time, under one set of options."""

    class State(models.TextChoices):
        QUEUED = "queued"
        DONE = "done"
        FAILED = "failed"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="agreement_reports")
    options = models.JSONField()
    state = models.CharField(max_length=6, choices=State, default=State.QUEUED)
    # Text, because jsonb would bring the affects into an order of its own.
    figures_json = models.TextField(blank=True)
    judgements = models.PositiveIntegerField(default=0)
    # The newest rows that the figures know of: whatever has a higher id came later.
    last_judgement = models.BigIntegerField(default=0)
    last_revision = models.BigIntegerField(default=0)
    # The settings aside that were in force: one made or undone since has changed the figures.
    settings_aside = ArrayField(models.BigIntegerField(), default=list, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    computed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "options"],
                name="report_queued_once",
                condition=Q(state="queued"),
            ),
            models.CheckConstraint(
                condition=~Q(state="done", figures_json=""), name="report_done_has_figures"
            ),
        ]

    def __str__(self) -> str:
        return f"agreement in {self.campaign}, {self.computed_at or self.state}"

    @property
    def figures(self) -> dict:
        """As `agreement.report.compute` made them, after the campaign's slug."""
        return json.loads(self.figures_json)


class Change(models.Model):
    """The journal: a judgement that counts came, changed, or went. Written by a trigger."""

    # No foreign keys: to check them would lock rows that others use, in the rater's transaction.
    campaign_id = models.BigIntegerField(db_index=True)
    campaign_post_id = models.BigIntegerField()
    rater_id = models.BigIntegerField()
    before = models.BigIntegerField(null=True)  # picks; null: had no judgement that counts
    after = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.rater_id} on {self.campaign_post_id}: {self.before} to {self.after}"


class RunningSums(models.Model):
    """The sufficient statistics of a campaign, but for what the journal holds."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="+")
    sums = models.BinaryField(default=bytes)  # as agreement.sums writes it; empty: never counted
    folded_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    repaired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "running sums"

    def __str__(self) -> str:
        return f"sums of {self.campaign}"
