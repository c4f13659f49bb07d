"""What can go wrong when a model is asked for."""

from lib.errors import Conflict, NotFound, PathosError


class SnapshotNotReady(Conflict):
    """A model learns from a finished snapshot; this one isn't. Wait until it is ready."""

    code = "snapshot_not_ready"


class UnknownRecipe(PathosError):
    """There is no such recipe."""

    code = "unknown_recipe"


class TrainingFailed(PathosError):
    """The training could not be done."""

    code = "training_failed"


class UnknownRun(NotFound):
    """There is no such training run."""

    code = "unknown_run"


class UnknownModel(NotFound):
    """There is no such model version."""

    code = "unknown_model"


class ModelUnavailable(PathosError):
    """The model's bundle could not be loaded."""

    code = "model_unavailable"
