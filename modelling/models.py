"""Training runs and registered models, as the rest of the app sees them: without torch or MLflow."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q

from snapshots.models import Snapshot


class TrainingRun(models.Model):
    """One training of one recipe on one snapshot: what was asked for, and how far it is."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="runs")
    recipe = models.CharField(max_length=60)
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=40, blank=True)
    progress = models.FloatField(default=0.0)
    #: Mean average precision on the validation split after each epoch.
    curve = models.JSONField(default=list)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=1), name="run_progress_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.id} ({self.recipe})"

    @property
    def folder(self) -> Path:
        """Where its checkpoint and, in the end, its bundle lie."""
        return Path(settings.MODELS_DIR) / f"run-{self.id}"

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)


class ModelVersion(models.Model):
    """A version in the registry, with all that a page or a program wants to know of it."""

    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    champion = models.BooleanField(default=False)
    run = models.OneToOneField(
        TrainingRun, models.SET_NULL, null=True, blank=True, related_name="model_version"
    )
    mlflow_run_id = models.CharField(max_length=64)
    recipe = models.CharField(max_length=60)
    bundle = models.TextField()  # its URI, for any MLflow client
    sha256 = models.CharField(max_length=64)
    taxonomy = models.CharField(max_length=80)
    campaign = models.CharField(max_length=60)
    snapshot_sha256 = models.CharField(max_length=64)
    metrics = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="model_version_once"),
            models.UniqueConstraint(
                fields=["name"], name="one_champion", condition=Q(champion=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
