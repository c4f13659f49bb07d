"""Frozen exports of campaigns, and the secret behind their pseudonyms."""

import secrets
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotation.models import Campaign


class Snapshot(models.Model):
    """One export: what was asked for, how far it is, and what came of it."""

    class State(models.TextChoices):
        QUEUED = "queued"
        BUILDING = "building"
        READY = "ready"
        FAILED = "failed"

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="snapshots")
    name = models.CharField(max_length=100)
    rules = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    progress = models.FloatField(default=0.0)
    error = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    files = models.JSONField(default=dict)  # name → sha256, bytes, rows; as in the manifest
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=1), name="progress_is_a_share"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | ~Q(sha256=""), name="ready_snapshots_are_hashed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (snapshot {self.id})"

    @property
    def folder(self) -> Path:
        """Where the files lie once it is ready."""
        return Path(settings.SNAPSHOTS_DIR) / str(self.id)

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.READY, self.State.FAILED)


def new_secret() -> bytes:
    return secrets.token_bytes(32)


class Secret(models.Model):
    """What pseudonyms are keyed with. It never leaves the database, so they can't be undone."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="+")
    key = models.BinaryField(max_length=32, default=new_secret)
