"""People of the platform and what they did with posts. People are not raters."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from annotation.models import Post


class Person(models.Model):
    """A platform user. `key` is the person's own id, as the platform knows it."""

    key = models.CharField(max_length=200, unique=True)
    bio = models.TextField(blank=True)
    # Dense numbers about the person, always in the same order; null where one is not known.
    features = ArrayField(models.FloatField(null=True), default=list, blank=True)
    # Nothing about a person who does not consent ever leaves the database.
    consented = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.key


#: What people do with a post that they, or others, should not see. A sad or angry reaction is none
#: of these: what moves people is what raters are asked about.
REPORTING = ("report", "hide")


class Signal(models.Model):
    """One engagement act of a person on a post."""

    class Kind(models.TextChoices):
        IMPRESSION = "impression"
        LIKE = "like"
        LOVE = "love"
        CARE = "care"
        HAHA = "haha"
        WOW = "wow"
        SAD = "sad"
        ANGRY = "angry"
        SHARE = "share"
        OUTBOUND_CLICK = "outbound_click"
        HIDE = "hide"
        SNOOZE = "snooze"
        UNFOLLOW = "unfollow"
        REPORT = "report"

    person = models.ForeignKey(Person, models.CASCADE, related_name="signals", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="signals", db_index=False)
    kind = models.CharField(max_length=14, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "post", "kind", "at"], name="signal_once"),
        ]
        indexes = [
            # Snapshots read all signals of a campaign's posts, and of those the likes alone.
            models.Index(fields=["post", "kind", "person"], name="signals_of_post"),
            # Few posts are reported; which ones is looked up every few minutes.
            models.Index(
                fields=["post", "person"], name="reports_of_post", condition=Q(kind__in=REPORTING)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.post_id}"
