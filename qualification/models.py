"""The gold quiz before the first real post: what it asks for, and every try at it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from annotation.models import Campaign, CampaignPost, Membership


class Quiz(models.Model):
    """A campaign's quiz: its posts are the campaign posts in the state `quiz`."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="quiz")
    posts_per_try = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)]
    )  # null: all of them
    pass_mark = models.FloatField(
        default=0.8, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)]
    )
    tries = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1)])

    class Meta:
        verbose_name_plural = "quizzes"
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_mark__gte=0.0, pass_mark__lte=1.0), name="quiz_pass_mark_a_share"
            ),
            models.CheckConstraint(condition=Q(tries__gte=1), name="quiz_has_a_try"),
        ]

    def __str__(self) -> str:
        return f"quiz of {self.campaign}"


class QuizTry(models.Model):
    """One go at the quiz. `passed` is null until its last post is answered."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="quiz_tries")
    number = models.PositiveSmallIntegerField()
    passed = models.BooleanField(null=True, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "quiz tries"
        ordering = ["membership", "number"]
        constraints = [
            models.UniqueConstraint(fields=["membership", "number"], name="quiz_try_once"),
            models.UniqueConstraint(
                fields=["membership"], name="one_open_quiz_try", condition=Q(passed=None)
            ),
        ]

    def __str__(self) -> str:
        return f"try {self.number} of {self.membership}"


class QuizAnswer(models.Model):
    """A post of a try, with what the rater said of it once it is answered."""

    quiz_try = models.ForeignKey(QuizTry, models.CASCADE, related_name="answers")
    campaign_post = models.ForeignKey(CampaignPost, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    picks = models.BigIntegerField(null=True, blank=True)
    other = models.CharField(max_length=200, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    right = models.BooleanField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["quiz_try", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["quiz_try", "campaign_post"], name="quiz_post_once_a_try"
            ),
            models.UniqueConstraint(fields=["quiz_try", "position"], name="quiz_position_once"),
            models.CheckConstraint(
                condition=Q(picks=None, right=None, answered_at=None)
                | Q(picks__isnull=False, right__isnull=False, answered_at__isnull=False),
                name="quiz_answer_whole_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.position} in {self.quiz_try}"
