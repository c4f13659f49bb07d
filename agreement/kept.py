"""What a worker computed once, and doors show until somebody asks for it anew."""

import json

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from annotation.models import Campaign


class Kept(models.Model):
    """Figures of one campaign at one time, under one set of options. Never edited once done."""

    class State(models.TextChoices):
        QUEUED = "queued"
        DONE = "done"
        FAILED = "failed"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="%(app_label)s_%(class)ss")
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
        abstract = True
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "options"],
                name="%(class)s_queued_once",
                condition=Q(state="queued"),
            ),
            models.CheckConstraint(
                condition=~Q(state="done", figures_json=""), name="%(class)s_done_has_figures"
            ),
        ]

    @property
    def figures(self) -> dict:
        """What was computed, after the campaign's slug."""
        return json.loads(self.figures_json)
