"""The JSON shapes of hours."""

from rest_framework import serializers


class LineSerializer(serializers.Serializer):
    """A rater's week; `rater` is empty in the total. Exact amounts are texts."""

    week = serializers.CharField()
    rater = serializers.CharField()
    judgements = serializers.IntegerField()
    skipped = serializers.IntegerField()
    active_seconds = serializers.IntegerField()
    active_hours = serializers.DecimalField(max_digits=12, decimal_places=2)
    rate = serializers.DecimalField(max_digits=8, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    pay = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)


class HoursSerializer(serializers.Serializer):
    campaign = serializers.CharField()
    week = serializers.CharField()
    time_zone = serializers.CharField()
    raters = LineSerializer(many=True)
    total = LineSerializer()
