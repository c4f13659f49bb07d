"""Entrances over REST, for admins. Participants' ids are on the pages only."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from annotation import access
from annotation.api import checked
from joining import crowd_queries, entrances
from joining.crowd_links import link_of
from joining.models import Entrance
from lib.permissions import IsAdmin

SETTINGS = [
    "name", "kind", "quota", "places", "closes_at", "completion_code", "completion_url",
    "screen_out_url",
]  # fmt: skip


class EntranceRequest(serializers.ModelSerializer):
    """What a new entrance needs; whether it fits together is the verb's to say."""

    class Meta:
        model = Entrance
        fields = SETTINGS


class EntranceSerializer(serializers.ModelSerializer):
    link = serializers.SerializerMethodField(help_text="as its platform wants it pasted")
    entered = serializers.IntegerField(default=0, help_text="participants so far")
    finished = serializers.IntegerField(default=0)
    screened_out = serializers.IntegerField(default=0)

    class Meta:
        model = Entrance
        fields = [
            "id", *SETTINGS, "is_open", "made_at", "link", "entered", "finished", "screened_out",
        ]  # fmt: skip

    def get_link(self, entrance: Entrance) -> str:
        return link_of(self.context["request"], entrance)


class Entrances(generics.ListAPIView):
    """A campaign's entrances: links by which people come in without an account."""

    permission_classes = [IsAdmin]
    serializer_class = EntranceSerializer
    queryset = Entrance.objects.none()

    def get_queryset(self):
        campaign = access.get_campaign(self.kwargs["slug"])
        return crowd_queries.with_counts(campaign.entrances.all())

    @extend_schema(request=EntranceRequest, responses={201: EntranceSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Makes an entrance, open at once; its `link` is what to paste on the platform."""
        campaign = access.get_campaign(slug)
        entrance = entrances.make(campaign=campaign, **checked(EntranceRequest, request))
        body = EntranceSerializer(entrance, context={"request": request}).data
        return Response(body, status=status.HTTP_201_CREATED)
