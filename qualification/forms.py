"""What the quiz's page and the page for gold send."""

from django import forms

from annotation.forms import AnswerForm


class QuizAnswerForm(AnswerForm):
    seconds = forms.FloatField(required=False, min_value=0, max_value=24 * 3600)
