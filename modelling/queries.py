"""Reads on runs and model versions."""

from django.db.models import QuerySet

from annotation.models import Campaign
from modelling.models import ModelVersion, TrainingRun


def of_campaign(runs: QuerySet[TrainingRun], campaign: Campaign) -> QuerySet[TrainingRun]:
    return runs.filter(snapshot__campaign=campaign).select_related("snapshot", "model_version")


def versions_of(versions: QuerySet[ModelVersion], campaign: Campaign) -> QuerySet[ModelVersion]:
    return versions.filter(campaign=campaign.slug).order_by("-version")
