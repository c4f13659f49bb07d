"""What pages would otherwise have to count: rows that add up to the numbers of a campaign.

Triggers write differences, each in the transaction that changes a post or a judgement: one row
more, and no row that two raters share. Their sums are exact at every moment. Now and then
`counts.fold` puts rows together, so that there are few to add up.
"""

from django.db import models


class PostCount(models.Model):
    """So many posts of a campaign are in this state, want so many judgements, and have so many."""

    # No foreign keys: to check them would lock rows that others use, in the rater's transaction.
    campaign_id = models.BigIntegerField(db_index=True)
    state = models.CharField(max_length=9)
    wanted = models.PositiveSmallIntegerField()
    judged = models.PositiveSmallIntegerField()
    posts = models.BigIntegerField()  # a difference: may be negative

    def __str__(self) -> str:
        return f"{self.posts} posts of {self.campaign_id}"


class WorkCount(models.Model):
    """So many judgements a rater made in a campaign on a day."""

    campaign_id = models.BigIntegerField()
    rater_id = models.BigIntegerField()
    at = models.DateTimeField()  # the quarter of an hour; folded, when the day began
    judgements = models.BigIntegerField()  # of posts, set aside or not
    set_aside = models.BigIntegerField()  # of these, those that count no more
    gold = models.BigIntegerField()  # answers to gold, on top
    milliseconds = models.BigIntegerField()  # active ones, of judgements and answers to gold

    class Meta:
        indexes = [models.Index(fields=["campaign_id", "rater_id"], name="work_of_rater")]

    def __str__(self) -> str:
        return f"{self.judgements} judgements by {self.rater_id} in {self.campaign_id}"
