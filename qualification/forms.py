"""What the quiz's page and the pages for gold send."""

from django import forms

from annotation.forms import AnswerForm
from annotation.gold import USES
from annotation.models import Campaign, CampaignPost, Gold
from qualification.models import Quiz
from qualification.queries import quiz_posts
from taxonomy.models import Affect
from taxonomy.rules import keys_of


class QuizAnswerForm(AnswerForm):
    seconds = forms.FloatField(required=False, min_value=0, max_value=24 * 3600)


class SettingsForm(forms.Form):
    """The quiz and the share of gold, in per cent."""

    asked = forms.BooleanField(
        required=False,
        label="Raters pass the quiz before their first post",
        help_text="Switched on, it is also asked of raters who are at work and never passed it.",
    )
    pass_mark = forms.IntegerField(
        min_value=0, max_value=100, label="Right answers to pass, in %", initial=80
    )
    tries = forms.IntegerField(min_value=1, max_value=100, initial=2)
    posts_per_try = forms.IntegerField(
        required=False, min_value=1, max_value=1000, help_text="Empty: all posts of the quiz."
    )
    gold_share = forms.FloatField(
        min_value=0,
        max_value=50,
        label="Gold among the posts, in %",
        help_text="Each rater gets each gold post at most once.",
    )

    def __init__(self, campaign: Campaign, *args, **kwargs):
        self.campaign = campaign
        stored = {"gold_share": round(campaign.gold_share * 100, 2)}
        if quiz := Quiz.objects.filter(campaign=campaign).first():
            stored |= {
                "asked": True,
                "pass_mark": round(quiz.pass_mark * 100),
                "tries": quiz.tries,
                "posts_per_try": quiz.posts_per_try,
            }
        super().__init__(*args, initial=stored, **kwargs)

    def clean_asked(self) -> bool:
        if self.cleaned_data["asked"] and not quiz_posts(self.campaign).exists():
            raise forms.ValidationError("The quiz has no posts yet. Add some first.")
        return self.cleaned_data["asked"]

    def quiz(self) -> dict:
        """The fields as `quizzes.change` takes them."""
        fields = {name: self.cleaned_data[name] for name in ("tries", "posts_per_try")}
        return {**fields, "pass_mark": self.cleaned_data["pass_mark"] / 100}


class UploadForm(forms.Form):
    file = forms.FileField(
        help_text="CSV, JSON lines or Parquet with the columns post_id, expected (a|b), excluded, "
        "explanation and use (gold or quiz)."
    )


class FindPostForm(forms.Form):
    post_id = forms.CharField(max_length=200, label="Id of the post")


class GoldForm(forms.Form):
    """The gold of one post."""

    use = forms.ChoiceField(
        choices=[("gold", "Gold: mixed in among the other posts"), ("quiz", "Quiz: asked before")],
        widget=forms.RadioSelect,
    )
    expected = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label="Right: at least one of these"
    )
    excluded = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="A misreading: none of these",
    )
    explanation = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), required=False, help_text="Told in the quiz."
    )

    def __init__(self, affects: list[Affect], *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("expected", "excluded"):
            self.fields[name].choices = [(affect.key, affect.name) for affect in affects]

    @classmethod
    def of(cls, campaign_post: CampaignPost, affects: list[Affect]) -> "GoldForm":
        """As the post stands."""
        known = Gold.objects.filter(campaign_post=campaign_post).first()
        use = campaign_post.state if campaign_post.state in USES else CampaignPost.State.GOLD
        if known is None:
            return cls(affects, initial={"use": use})
        keys = [affect.key for affect in affects]
        stored = {name: keys_of(getattr(known, name), keys) for name in ("expected", "excluded")}
        return cls(affects, initial={"use": use, "explanation": known.explanation, **stored})
