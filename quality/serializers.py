"""What quality's REST doors take and answer."""

from rest_framework import serializers

from annotation.models import Membership, SettingAside
from quality.forms import REASON_LENGTH


class PauseRequest(serializers.Serializer):
    reason = serializers.CharField(default="", allow_blank=True, max_length=REASON_LENGTH)


class SetAsideRequest(serializers.Serializer):
    reason = serializers.CharField(max_length=REASON_LENGTH)
    since = serializers.DateTimeField(
        default=None, allow_null=True, help_text="null: from the first judgement on"
    )
    ask_again = serializers.BooleanField(
        default=False, help_text="other raters are asked in this one's stead"
    )
    pause = serializers.BooleanField(default=True, help_text="the rater is paused, too")


class SettingAsideSerializer(serializers.ModelSerializer):
    class Meta:
        model = SettingAside
        fields = ["reason", "since", "asks_again", "judgements", "made_at", "undone_at"]


class MemberSerializer(serializers.ModelSerializer):
    membership = serializers.IntegerField(source="id")
    rater = serializers.CharField(source="rater.key")

    class Meta:
        model = Membership
        fields = ["membership", "rater", "state", "paused_reason"]
