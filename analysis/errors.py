"""What people who bring labels can get wrong."""

from lib.errors import Conflict, NotFound, PathosError, Unprocessable
from lib.tables import BadFile


class UnknownColumns(BadFile):
    """The file's columns don't say which holds what."""

    code = "unknown_columns"


class TooManyLabels(BadFile):
    """There are more labels than a campaign holds."""

    code = "too_many_labels"


class NothingToAnalyse(BadFile):
    """No row of the file can be used."""

    code = "nothing_to_analyse"


class BadPlan(Unprocessable):
    """What is asked of the file can't be done."""

    code = "bad_plan"


class TooLarge(PathosError):
    """The file is too large to be sent."""

    status = 413
    code = "too_large"


class Stopped(PathosError):
    """Workers were stopped again and again while they read the file. It may take more memory than
    they have: split it, or read it where there is more, with 'manage.py analyse FILE'."""

    code = "stopped"


class UnknownAnalysis(NotFound):
    """There is no such analysis."""

    code = "unknown_analysis"


class BeingRead(Conflict):
    """A worker is reading the file. Delete the analysis when it has ended."""

    code = "being_read"


class InUse(Conflict):
    """Something rests on the analysis."""

    code = "in_use"


class NotBrought(Conflict):
    """People judge in this campaign; only a campaign for analysis can be deleted."""

    code = "not_brought"
