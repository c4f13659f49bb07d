from lib.errors import PathosError


class UnknownRule(PathosError):
    """There is no such consensus rule; use "soft" or "votes>=k" with a whole number k from 1."""

    code = "unknown_rule"


class UnknownOption(PathosError):
    """There is no such way to compute agreement."""

    code = "unknown_option"
