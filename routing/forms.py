"""What the page sends."""

from django import forms

from routing import rules
from routing.errors import BadRound
from routing.models import Plan
from routing.rules import STRATEGIES, Shares


class PlanForm(forms.ModelForm):
    """The plan as the admin sees it. Shares that are no mixture are refused with the sentence."""

    class Meta:
        model = Plan
        fields = [
            "enabled",
            "strategy",
            "budget",
            "every_judgements",
            "every_hours",
            "exploit",
            "uncertainty",
            "diversity",
            "uniform",
            "temperature",
            "min_raters",
            "collapses",
            "seed",
        ]
        labels = {
            "enabled": "Start rounds by themselves",
            "budget": "Posts a round draws",
            "every_judgements": "New judgements until the next round",
            "every_hours": "Hours until the next round, if anything new was judged",
            "collapses": "Ask only one of several near-duplicates",
            "min_raters": "Judgements a post needs to be learnt from",
            "exploit": "Share for likely carriers of rare, important affects",
            "uncertainty": "Share for posts the heads are unsure about",
            "diversity": "Share spread evenly over groups of posts that are alike",
            "uniform": "Share drawn evenly",
        }
        help_texts = {
            "uniform": "Above 0: it keeps a chance for every post, so figures can be corrected.",
            "temperature": "t in p^t (mixed) and p^(1/t) (focused), where p is an affect’s probability.",
        }

    def clean(self) -> dict:
        cleaned = super().clean()
        parts = [cleaned.get(name) for name in rules.COMPONENTS]
        if None not in parts:
            try:
                Shares(*parts)
            except BadRound as refused:
                self.add_error("uniform", refused.message)
        return cleaned


class RoundForm(forms.Form):
    """One round now."""

    strategy = forms.ChoiceField(choices=[(name, name) for name in STRATEGIES])
    budget = forms.IntegerField(min_value=1, label="Posts to draw")
