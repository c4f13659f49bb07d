"""The JSON shapes of the analyses' REST doors."""

from django.urls import reverse
from rest_framework import serializers

from analysis.models import Analysis
from analysis.plans import FORMATS, REPEATS, Plan, names_in


class AnalysisSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugRelatedField("slug", read_only=True)
    progress = serializers.FloatField(read_only=True, help_text="from 0 to 1")
    url = serializers.SerializerMethodField()
    agreement = serializers.SerializerMethodField(help_text="the figures; null until it is ready")
    rejects = serializers.SerializerMethodField(help_text="rows left out, as CSV; null for none")

    class Meta:
        model = Analysis
        fields = [
            "id", "url", "name", "file_name", "state", "progress", "error", "campaign",
            "agreement", "headline", "counts", "rejected", "rejects", "created_at", "finished_at",
        ]  # fmt: skip

    def get_url(self, analysis: Analysis) -> str:
        return reverse("api-analysis", args=[analysis.id])

    def get_agreement(self, analysis: Analysis) -> str | None:
        return analysis.campaign and reverse("api-agreement", args=[analysis.campaign.slug])

    def get_rejects(self, analysis: Analysis) -> str | None:
        return reverse("api-rejects", args=[analysis.id]) if analysis.rejected else None


class PlanRequest(serializers.Serializer):
    """What is said about a file. How it fits the file's columns is the reader's to say."""

    file_name = serializers.CharField(default="", help_text="where the file is the body itself")
    name = serializers.CharField(default="", allow_blank=True, max_length=200)
    format = serializers.ChoiceField(FORMATS, default="auto")
    columns = serializers.ListField(
        child=serializers.RegexField(r"^\w+=.+$"), default=[], help_text="ROLE=COLUMN; repeat it"
    )
    labels = serializers.CharField(
        default="", help_text="names for lists of 0 and 1, in their order, with commas"
    )
    separator = serializers.CharField(default="", max_length=10)
    repeats = serializers.ChoiceField(REPEATS, default="auto")
    keep_names = serializers.BooleanField(default=False)
    encoding = serializers.CharField(default="utf-8", max_length=40)

    def plan(self) -> Plan:
        """Raises BadPlan."""
        said = dict(self.validated_data)
        columns = dict(one.split("=", 1) for one in said["columns"])
        names = ("format", "separator", "repeats", "keep_names", "encoding")
        return Plan(
            columns=columns, labels=names_in(said["labels"]), **{name: said[name] for name in names}
        )
