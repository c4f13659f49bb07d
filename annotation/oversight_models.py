"""What admins see to: raters who pause, raters set aside, posts that raters flag."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Pause(models.Model):
    """For a time the rater is handed no post of the campaign."""

    membership = models.ForeignKey("Membership", models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], name="paused_once_at_a_time", condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.reason}"


class SettingAside(models.Model):
    """An admin takes a rater's judgements out of every figure, for a reason, until undone.

    What it covers was known when it was made: judgements that come later count.
    """

    membership = models.ForeignKey("Membership", models.CASCADE, related_name="settings_aside")
    reason = models.CharField(max_length=200)
    since = models.DateTimeField(null=True, blank=True)  # null: from the first judgement on
    asks_again = models.BooleanField(default=False)  # other raters are asked in this one's stead
    judgements = models.PositiveIntegerField(default=0, db_default=0)  # how many it covers
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "settings aside"
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], name="set_aside_once_at_a_time", condition=Q(undone_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.reason}"


class Flag(models.Model):
    """A rater reports a post; it goes to an admin."""

    campaign_post = models.ForeignKey("CampaignPost", models.CASCADE, related_name="flags")
    rater = models.ForeignKey("Rater", models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=200)
    flagged_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign_post", "rater"], name="flag_once_per_rater"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_post_id}: {self.reason}"
