from lib.errors import PathosError


class UnknownRule(PathosError):
    """There is no such consensus rule; use "soft" or "votes>=k" with a whole number k from 1."""

    code = "unknown_rule"


class UnknownOption(PathosError):
    """There is no such way to compute agreement."""

    code = "unknown_option"


class SlicesWithheld(PathosError):
    """Judgements were set aside or brought back since strata were last shown, and of fewer than five
    raters: to show them anew would tell of these."""

    status = 409
    code = "slices_withheld"
