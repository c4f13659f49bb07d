"""Rounds in the shape of REST."""

from rest_framework import serializers

from routing import yields
from routing.errors import BadRound
from routing.models import Plan, Round
from routing.rules import CHECK, COMPONENTS, Shares, check_importance


class RoundRequest(serializers.Serializer):
    strategy = serializers.CharField(
        required=False, help_text="focused, mixed, uniform or check; the plan's where not given"
    )
    budget = serializers.IntegerField(min_value=1, help_text="posts to draw")
    seed = serializers.IntegerField(min_value=0, max_value=2**63 - 1, required=False)


class PlanSerializer(serializers.ModelSerializer):
    """The admin's hand: budget, shares, importance of affects, and whether rounds start at all."""

    importance = serializers.DictField(
        child=serializers.FloatField(min_value=0),
        required=False,
        help_text="affect → weight, in place of the taxonomy's",
    )

    class Meta:
        model = Plan
        exclude = ["id", "campaign"]

    def validate(self, given: dict) -> dict:
        """Raises BadRound, BadImportance, which the door answers with their sentences."""
        if given.get("strategy") == CHECK:
            raise BadRound("A plan can't have every round draw a check: no head would ever learn.")
        Shares(*(given.get(name, getattr(self.instance, name)) for name in COMPONENTS))
        check_importance(given.get("importance", {}), self.instance.campaign.taxonomy.keys)
        return given


class PinRequest(serializers.Serializer):
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


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
            "near_duplicates",
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
