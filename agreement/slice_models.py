"""What is kept of a campaign's strata."""

from agreement.kept import Kept


class Slices(Kept):
    """How groups of raters agree: as `agreement.slices.compute` makes it. Who was in which group
    is not kept anywhere but in what raters declared."""

    class Meta(Kept.Meta):
        verbose_name_plural = "slices"

    def __str__(self) -> str:
        return f"strata in {self.campaign}, {self.computed_at or self.state}"
