"""Figures on agreement that are kept, and the journal and the sums that follow every judgement."""

from django.db import models

from agreement.drift_models import GuidelineChange, Weeks  # noqa: F401 (Django looks here)
from agreement.kept import Kept
from agreement.slice_models import Slices  # noqa: F401
from annotation.models import Campaign


class Report(Kept):
    """How far raters agree: as `agreement.report.compute` makes it."""

    def __str__(self) -> str:
        return f"agreement in {self.campaign}, {self.computed_at or self.state}"


class Reading(Kept):
    """Where rules and raters part, and what is missing: as `agreement.readings.compute` makes it."""

    def __str__(self) -> str:
        return f"consensus in {self.campaign}, {self.computed_at or self.state}"


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
