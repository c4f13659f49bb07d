"""Campaigns over REST: everybody sees their own, admins make them."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from annotation import access, campaigns, queries
from annotation.api import checked
from annotation.errors import BadCampaign
from annotation.models import Campaign
from annotation.serializers import CampaignSerializer
from lib.permissions import IsAdminOrReads, is_engineer
from taxonomy import taxonomies
from taxonomy.errors import UnknownTaxonomy
from taxonomy.models import Taxonomy

#: A break after more minutes than a small number holds is none.
MOST_BREAK = 2**15 - 1


class CampaignRequest(serializers.Serializer):
    """What a new campaign needs; whether it fits together is the verb's to say."""

    slug = serializers.CharField()
    taxonomy = serializers.CharField(help_text="KEY (its highest version) or KEY:VERSION")
    name = serializers.CharField(default="", allow_blank=True)
    guideline = serializers.CharField(default="", allow_blank=True)
    frame = serializers.ChoiceField(Campaign.Frame.choices, default=Campaign.Frame.UNIVERSAL)
    raters_per_post = serializers.IntegerField(default=5, min_value=1, max_value=1000)
    max_picks = serializers.IntegerField(
        default=None, allow_null=True, min_value=1, help_text="null: the taxonomy's"
    )
    any_number_of_picks = serializers.BooleanField(default=False)
    lease_seconds = serializers.IntegerField(default=30 * 60, min_value=1, max_value=7 * 86_400)


class ChangeRequest(serializers.Serializer):
    """What may be changed of a campaign: any of these fields. How they fit is the verb's to say."""

    name = serializers.CharField(max_length=200)
    guideline = serializers.CharField(allow_blank=True)
    raters_per_post = serializers.IntegerField(
        min_value=1, max_value=1000, help_text="fixed once a rater was asked about a post"
    )
    lease_seconds = serializers.IntegerField()
    daily_limit = serializers.IntegerField(
        allow_null=True,
        min_value=1,
        max_value=2**31 - 1,
        help_text="judgements of one rater a day; null: no limit",
    )
    break_after_minutes = serializers.IntegerField(
        allow_null=True, min_value=1, max_value=MOST_BREAK, help_text="null: never"
    )
    support_text = serializers.CharField(allow_blank=True)
    pay_per_hour = serializers.DecimalField(
        max_digits=8, decimal_places=2, min_value=0, allow_null=True, help_text="null: no pay"
    )
    pay_currency = serializers.CharField(help_text="three letters, such as EUR")
    leaves_out_sensitive = serializers.BooleanField()
    cover_reported_from = serializers.IntegerField(
        allow_null=True, min_value=1, max_value=2**31 - 1, help_text="null: never"
    )


class Campaigns(generics.ListAPIView):
    """The campaigns that the user may see: admins and engineers all, raters their own."""

    permission_classes = [IsAdminOrReads]
    serializer_class = CampaignSerializer
    queryset = Campaign.objects.none()

    def get_queryset(self):
        user = self.request.user
        seen = Campaign.objects.all()
        if not is_engineer(user):
            seen = queries.campaigns_of(access.get_rater_for(user))
        return seen.select_related("taxonomy")

    @extend_schema(request=CampaignRequest, responses={201: CampaignSerializer})
    def post(self, request: Request) -> Response:
        """Makes a campaign; from then on its taxonomy is frozen. For admins."""
        asked = checked(CampaignRequest, request)
        campaign = campaigns.create(taxonomy=_taxonomy(asked.pop("taxonomy")), **asked)
        return Response(CampaignSerializer(campaign).data, status=status.HTTP_201_CREATED)


def _taxonomy(key: str) -> Taxonomy:
    try:
        return taxonomies.find(key)
    except UnknownTaxonomy as unknown:
        fault = {"where": "taxonomy", "what": unknown.message}
        raise BadCampaign(unknown.message, errors=[fault]) from None


class OneCampaign(generics.RetrieveAPIView):
    """One of these campaigns."""

    permission_classes = [IsAdminOrReads]
    serializer_class = CampaignSerializer

    def get_object(self) -> Campaign:
        return access.get_campaign_of(self.request.user, self.kwargs["slug"])

    @extend_schema(request=ChangeRequest, responses=CampaignSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """Changes what is sent, all of it or nothing. For admins."""
        asked = ChangeRequest(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        # Fields that can't be changed reach the verb as well: it says so, instead of nobody.
        others = {name: None for name in request.data if name not in asked.fields}
        changed = campaigns.change(campaign=self.get_object(), **others, **asked.validated_data)
        return Response(CampaignSerializer(changed).data)
