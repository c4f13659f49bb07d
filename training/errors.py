"""What can go wrong in training that its caller can mend. Every message is a full sentence."""


class TrainingError(Exception):
    """Training cannot go on; the message says what is wrong, where, and how to mend it."""


class SnapshotError(TrainingError):
    """The snapshot folder is incomplete, altered, or of a format this version does not read."""


class NothingToLearn(TrainingError):
    """No task has enough positive and negative cells in the train split."""


class CheckpointError(TrainingError):
    """A checkpoint belongs to another snapshot or recipe than the run that would resume from it."""


class BundleError(TrainingError):
    """A bundle's files do not match their checksums, or a file is missing."""


class RegistryError(TrainingError):
    """The MLflow store cannot be reached, or refused what it was asked."""
