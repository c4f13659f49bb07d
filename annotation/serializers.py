"""The JSON shapes of annotation's REST doors."""

from functools import cache

from django.db.models import Model
from django.urls import reverse
from rest_framework import serializers

from annotation.judgements import affect_keys
from annotation.models import Assignment, Campaign, Judgement, Post
from annotation.rules import MAX_AHEAD
from taxonomy.rules import keys_of


@cache
def built(serializer_class: type[serializers.Serializer]) -> serializers.Serializer:
    """Built once: the fields of a serializer cost more to make than to use, and don't change."""
    return serializer_class()


def shown(serializer_class: type[serializers.Serializer], instance: Model) -> dict:
    """The object as its JSON."""
    return built(serializer_class).to_representation(instance)


class PostSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="key")
    image = serializers.SerializerMethodField()

    class Meta:
        model = Post
        fields = [
            "id", "title", "body", "ocr_text", "transcript", "image", "image_alt", "language",
            "publisher", "sensitive", "created_at",
        ]  # fmt: skip

    def get_image(self, post: Post) -> str | None:
        return reverse("annotation:post-image", args=[post.id]) if post.image else None


class AssignmentSerializer(serializers.ModelSerializer):
    post = PostSerializer(source="campaign_post.post")

    class Meta:
        model = Assignment
        fields = ["id", "post", "lease_expires_at"]


class JudgementSerializer(serializers.ModelSerializer):
    post_id = serializers.CharField(source="campaign_post.post.key")
    picks = serializers.SerializerMethodField()

    class Meta:
        model = Judgement
        fields = [
            "id", "post_id", "picks", "other", "frame", "seconds", "judged_at", "revision",
        ]  # fmt: skip

    def get_picks(self, judgement: Judgement) -> list[str]:
        return keys_of(judgement.picks, affect_keys(judgement.campaign.taxonomy_id))


class CampaignSerializer(serializers.ModelSerializer):
    taxonomy = serializers.StringRelatedField()

    class Meta:
        model = Campaign
        fields = [
            "slug", "name", "state", "question", "frame", "taxonomy", "raters_per_post",
            "min_picks", "max_picks", "lease_seconds", "daily_limit", "break_after_minutes",
            "support_text", "pay_per_hour", "pay_currency", "leaves_out_sensitive", "created_at",
        ]  # fmt: skip


class ClaimRequest(serializers.Serializer):
    count = serializers.IntegerField(min_value=1, max_value=MAX_AHEAD, default=1)


class AnswerRequest(serializers.Serializer):
    """What a rater says about one post. Unknown affects and too many picks are the verb's to refuse."""

    picks = serializers.ListField(child=serializers.CharField(), allow_empty=True)
    other = serializers.CharField(default="", allow_blank=True)
    seconds = serializers.FloatField(
        default=None, allow_null=True, min_value=0, max_value=24 * 3600
    )


class SubmitRequest(AnswerRequest):
    idempotency_key = serializers.CharField(default=None, allow_null=True, max_length=80)
    next = serializers.BooleanField(default=False)


class ReasonRequest(serializers.Serializer):
    reason = serializers.CharField(default="", allow_blank=True, max_length=200)


class FlagRequest(serializers.Serializer):
    reason = serializers.CharField(max_length=200)
