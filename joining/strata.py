"""The verbs on what raters declare of themselves."""

from annotation.models import Rater
from joining.models import Strata

PARTS = ("age_band", "gender", "ethnicity", "ideology", "location")


def declare(*, rater: Rater, **parts: str) -> Strata:
    """Stores what the rater says of themselves now; parts that are left out become blank."""
    said = {part: " ".join(parts.get(part, "").split()) for part in PARTS}
    strata, _ = Strata.objects.update_or_create(rater=rater, defaults=said)
    return strata


def withdraw(*, rater: Rater) -> None:
    """Erases every value. That the rater was asked stays, so that nobody asks again."""
    declare(rater=rater)
