"""What agreement's REST door takes and answers."""

from rest_framework import serializers

from agreement.interrater import CORRELATIONS, UNDEFINED
from agreement.models import Reading, Report
from agreement.options import DRAWN, LIMITS, Options, numbers
from agreement.readings import Asked


def _whole_number(name: str) -> serializers.IntegerField:
    least, most = LIMITS[name]
    default = getattr(Options, name)
    return serializers.IntegerField(min_value=least, max_value=most, default=default)


class Numbers(serializers.CharField):
    """Raters' numbers with commas between."""

    def to_internal_value(self, data: str) -> tuple[int, ...]:
        return numbers(super().to_internal_value(data))


class WaysRequest(serializers.Serializer):
    correlation = serializers.ChoiceField(CORRELATIONS, default=Options.correlation)
    undefined = serializers.ChoiceField(UNDEFINED, default=Options.undefined)
    min_posts = _whole_number("min_posts")
    bootstrap = _whole_number("bootstrap")
    seed = _whole_number("seed")


class OptionsRequest(WaysRequest):
    without = Numbers(default=(), help_text="raters by the numbers of their memberships: 12,15")
    since = serializers.DateField(default=None, allow_null=True)
    until = serializers.DateField(default=None, allow_null=True)
    drawn = serializers.ChoiceField(DRAWN, default=Options.drawn)


class ReadingsRequest(serializers.Serializer):
    at_least = serializers.IntegerField(min_value=1, max_value=9999, default=Asked.at_least)
    most = serializers.IntegerField(min_value=1, max_value=1000, default=Asked.most)
    feeling_posts = serializers.IntegerField(
        min_value=1, max_value=10**9, default=Asked.feeling_posts
    )


class ReportSerializer(serializers.ModelSerializer):
    """How far a report is that a worker computes; the figures themselves are the report's own."""

    campaign = serializers.SlugField(source="campaign.slug")

    class Meta:
        model = Report
        fields = ["id", "campaign", "state", "options", "error", "created_at", "computed_at"]


class ReadingSerializer(ReportSerializer):
    class Meta(ReportSerializer.Meta):
        model = Reading
