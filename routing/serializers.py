"""Rounds in the shape of REST."""

from rest_framework import serializers

from routing import yields
from routing.models import Round


class RoundRequest(serializers.Serializer):
    strategy = serializers.CharField(default="mixed", help_text="mixed, focused or uniform")
    budget = serializers.IntegerField(min_value=1, help_text="posts to draw")
    seed = serializers.IntegerField(min_value=0, max_value=2**63 - 1, required=False)


class RoundSerializer(serializers.ModelSerializer):
    asked = serializers.IntegerField(help_text="drawn posts that have a judgement by now")

    class Meta:
        model = Round
        fields = [
            "number",
            "state",
            "strategy",
            "budget",
            "seed",
            "options",
            "asked_at",
            "started_at",
            "finished_at",
            "pool_size",
            "drawn",
            "asked",
            "heads",
            "scores",
            "error",
        ]


class RoundWithYieldSerializer(RoundSerializer):
    found = serializers.SerializerMethodField(help_text="positives per 1,000 judgements, by affect")

    class Meta(RoundSerializer.Meta):
        fields = [*RoundSerializer.Meta.fields, "found"]

    def get_found(self, round: Round) -> dict:
        return yields.report(round)
