"""A file of labels that somebody sent, and how far it is read."""

from pathlib import Path

from django.conf import settings
from django.db import models

from annotation.models import Campaign


class Analysis(models.Model):
    """What was asked for, and what came of it. The file itself goes once it is read."""

    class State(models.TextChoices):
        QUEUED = "queued"
        READING = "reading"
        READY = "ready"
        FAILED = "failed"

    name = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200)
    plan = models.JSONField(default=dict)  # as analysis.plans.Plan has it
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    answers = models.PositiveIntegerField(default=0)  # in the file, once it is read
    stored = models.PositiveIntegerField(default=0)
    headline = models.JSONField(default=dict)  # of the file, told while its answers are stored
    counts = models.JSONField(default=dict)
    rejected = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)  # by workers
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, null=True, blank=True, related_name="analyses"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "analyses"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} (analysis {self.id})"

    @property
    def folder(self) -> Path:
        return Path(settings.ANALYSES_DIR) / str(self.id)

    @property
    def upload(self) -> Path:
        return self.folder / "upload" / self.file_name

    @property
    def rejects(self) -> Path:
        """Where the rows that were left out are listed, if there are any."""
        return self.folder / "rejects.csv"

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.READY, self.State.FAILED)

    @property
    def progress(self) -> float:
        """From 0 to 1: reading is the first tenth, storing the others."""
        return 0.1 + 0.9 * self.stored / self.answers if self.answers else 0.0
