"""Posts and judgements by the thousand over REST, for programs of engineers and admins."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation import access, imported_judgements, posts
from annotation.models import CampaignPost
from annotation.post_rows import MAX_KEY
from lib.permissions import IsEngineer
from lib.streams import NDJSON, Rejects, answer, rows_of


class RejectSerializer(serializers.Serializer):
    row = serializers.IntegerField(help_text="line of NDJSON, or element of an array, from 1")
    field = serializers.CharField(help_text="empty when the row as a whole is at fault")
    reason = serializers.CharField()
    id = serializers.CharField(help_text="of the row, where it is known")


REJECTED = {
    "rejected": RejectSerializer(many=True, help_text="the first 1,000"),
    "rejected_total": serializers.IntegerField(),
}
POSTS_ADDED = inline_serializer(
    "PostsAdded",
    {name: serializers.IntegerField() for name in ("added", "unchanged", "linked")} | REJECTED,
)
JUDGEMENTS_ADDED = inline_serializer(
    "JudgementsAdded",
    {name: serializers.IntegerField() for name in ("added", "unchanged", "raters")} | REJECTED,
)


class PostRowSerializer(serializers.Serializer):
    """What a post may bring; the import's own reader decides. Other fields are kept as metadata."""

    id = serializers.CharField(max_length=MAX_KEY, help_text="the post's own")
    title = serializers.CharField(required=False)
    body = serializers.CharField(required=False)
    ocr_text = serializers.CharField(required=False, help_text="read off its image")
    transcript = serializers.CharField(required=False)
    language = serializers.CharField(required=False, help_text="such as en or pt-BR")
    publisher = serializers.CharField(required=False)
    publisher_feeling = serializers.CharField(required=False)
    sensitive = serializers.BooleanField(required=False)
    created_at = serializers.DateTimeField(required=False)


class JudgementRowSerializer(serializers.Serializer):
    """A judgement made elsewhere; the import's own reader decides."""

    post_id = serializers.CharField(max_length=MAX_KEY)
    rater_id = serializers.CharField()
    picks = serializers.ListField(child=serializers.CharField())
    other = serializers.CharField(required=False)
    seconds = serializers.FloatField(required=False)
    judged_at = serializers.DateTimeField(required=False)


def rows(serializer: type) -> dict:
    """Request bodies for the schema: one object a line, or an array."""
    return {NDJSON: serializer, "application/json": serializer(many=True)}


def imported(body) -> dict:
    """The answers of an import for the schema."""
    return {200: body, 207: body}


class CampaignPostSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="post.key")

    class Meta:
        model = CampaignPost
        fields = ["id", "state", "priority", "judged", "wanted"]


class Posts(generics.ListAPIView):
    permission_classes = [IsEngineer]
    serializer_class = CampaignPostSerializer
    queryset = CampaignPost.objects.none()

    def get_queryset(self):
        campaign = access.get_campaign(self.kwargs["slug"])
        return campaign.campaign_posts.select_related("post")

    @extend_schema(request=rows(PostRowSerializer), responses=imported(POSTS_ADDED))
    def post(self, request: Request, slug: str) -> Response:
        """Adds posts from NDJSON or a JSON array, streamed; 207 when some rows can't be used.

        The same posts again change nothing. Pictures come with `import_posts` only.
        """
        campaign, rejects = access.get_campaign(slug), Rejects()
        done = posts.add(campaign=campaign, rows=rows_of(request), reject=rejects.add)
        return answer(asdict(done), rejects)


class Judgements(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(request=rows(JudgementRowSerializer), responses=imported(JUDGEMENTS_ADDED))
    def post(self, request: Request, slug: str) -> Response:
        """Adds judgements that were made elsewhere: post_id, rater_id, picks (a list or "a|b"),
        other, seconds, judged_at; streamed like posts."""
        campaign, rejects = access.get_campaign(slug), Rejects()
        done = imported_judgements.add(campaign=campaign, rows=rows_of(request), reject=rejects.add)
        return answer(asdict(done), rejects)
