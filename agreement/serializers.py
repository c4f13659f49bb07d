"""What agreement's REST door takes and answers."""

from rest_framework import serializers

from agreement.interrater import CORRELATIONS, UNDEFINED
from agreement.models import Report
from agreement.options import LIMITS, Options


def _whole_number(name: str) -> serializers.IntegerField:
    least, most = LIMITS[name]
    default = getattr(Options, name)
    return serializers.IntegerField(min_value=least, max_value=most, default=default)


class OptionsRequest(serializers.Serializer):
    correlation = serializers.ChoiceField(CORRELATIONS, default=Options.correlation)
    undefined = serializers.ChoiceField(UNDEFINED, default=Options.undefined)
    min_posts = _whole_number("min_posts")
    bootstrap = _whole_number("bootstrap")
    seed = _whole_number("seed")


class ReadingsRequest(serializers.Serializer):
    at_least = serializers.IntegerField(min_value=1, max_value=9999, default=3)
    most = serializers.IntegerField(min_value=1, max_value=1000, default=20)
    feeling_posts = serializers.IntegerField(min_value=1, default=1000)


class ReportSerializer(serializers.ModelSerializer):
    """How far a report is that a worker computes; the figures themselves are the report's own."""

    campaign = serializers.SlugField(source="campaign.slug")

    class Meta:
        model = Report
        fields = ["id", "campaign", "state", "options", "error", "created_at", "computed_at"]
