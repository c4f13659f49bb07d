"""What is kept of a campaign's weeks, and when its guideline changed."""

from django.db import models

from agreement.kept import Kept
from annotation.models import Campaign


class Weeks(Kept):
    """How far raters agreed in each week: as `agreement.drift.compute` makes it."""

    class Meta(Kept.Meta):
        verbose_name_plural = "weeks"

    def __str__(self) -> str:
        return f"weeks of {self.campaign}, {self.computed_at or self.state}"


class GuidelineChange(models.Model):
    """Raters read another guideline from here on. Written by a trigger."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="guideline_changes")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["changed_at"]

    def __str__(self) -> str:
        return f"guideline of {self.campaign}, {self.changed_at}"
