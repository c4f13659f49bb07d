"""Gold over REST, for programs of engineers (to read) and admins."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation import access, imported_gold
from annotation.api_posts import REJECTED, imported, rows
from annotation.judgements import affect_keys
from annotation.models import CampaignPost
from annotation.post_rows import MAX_KEY
from lib.permissions import IsAdmin, IsEngineer
from lib.streams import Rejects, answer, rows_of
from qualification import quizzes
from qualification.queries import gold_of, with_results
from taxonomy.rules import keys_of

GOLD_ADDED = inline_serializer(
    "GoldAdded",
    {name: serializers.IntegerField() for name in ("added", "changed", "unchanged")} | REJECTED,
)


class GoldRowSerializer(serializers.Serializer):
    """What makes a post gold; the import's own reader decides."""

    post_id = serializers.CharField(max_length=MAX_KEY)
    expected = serializers.ListField(
        child=serializers.CharField(), help_text="one of them has to be picked"
    )
    excluded = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="none of them may be picked"
    )
    explanation = serializers.CharField(required=False, help_text="told in the quiz")
    use = serializers.ChoiceField(["gold", "quiz"], default="gold")


class GoldSerializer(serializers.ModelSerializer):
    post_id = serializers.CharField(source="post.key")
    use = serializers.CharField(source="state")
    expected = serializers.SerializerMethodField()
    excluded = serializers.SerializerMethodField()
    explanation = serializers.CharField(source="gold.explanation")
    answered = serializers.IntegerField(help_text="how often raters have met it")
    right = serializers.IntegerField(help_text="how often they were right")

    class Meta:
        model = CampaignPost
        fields = ["post_id", "use", "expected", "excluded", "explanation", "answered", "right"]

    def get_expected(self, post: CampaignPost) -> list[str]:
        return keys_of(post.gold.expected, affect_keys(post.campaign.taxonomy_id))

    def get_excluded(self, post: CampaignPost) -> list[str]:
        return keys_of(post.gold.excluded, affect_keys(post.campaign.taxonomy_id))


class GoldPosts(generics.ListAPIView):
    serializer_class = GoldSerializer
    queryset = CampaignPost.objects.none()

    def get_permissions(self) -> list:
        return [IsAdmin() if self.request.method == "POST" else IsEngineer()]

    def get_queryset(self):
        return with_results(gold_of(access.get_campaign(self.kwargs["slug"])))

    @extend_schema(request=rows(GoldRowSerializer), responses=imported(GOLD_ADDED))
    def post(self, request: Request, slug: str) -> Response:
        """Makes posts gold or of the quiz, from NDJSON or a JSON array; 207 when some rows can't be.

        The same rows again change nothing; new right picks grade earlier judgements anew.
        """
        campaign, rejects = access.get_campaign(slug), Rejects()
        done = imported_gold.add(campaign=campaign, rows=rows_of(request), reject=rejects.add)
        quizzes.require_new(campaign=campaign)
        return answer(asdict(done), rejects)
