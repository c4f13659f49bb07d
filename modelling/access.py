"""Look-ups behind modelling's doors; who may open them is checked there (engineers and admins)."""

from modelling.errors import UnknownModel, UnknownRun
from modelling.models import ModelVersion, TrainingRun


def get_run(run_id: int) -> TrainingRun:
    run = TrainingRun.objects.select_related("snapshot__campaign").filter(id=run_id).first()
    if run is None:
        raise UnknownRun
    return run


def get_version(version_id: int) -> ModelVersion:
    version = ModelVersion.objects.select_related("run").filter(id=version_id).first()
    if version is None:
        raise UnknownModel
    return version
