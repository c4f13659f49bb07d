"""Rounds over REST, for engineers."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from annotation.access import get_campaign
from annotation.api import checked
from lib.pages import ByIdPagination
from lib.permissions import IsEngineer
from routing import access, queries, rounds, tasks
from routing.models import Round
from routing.serializers import RoundRequest, RoundSerializer, RoundWithYieldSerializer


class NewestFirst(ByIdPagination):
    ordering = "-id"


class Rounds(ListAPIView):
    permission_classes = [IsEngineer]
    serializer_class = RoundSerializer
    pagination_class = NewestFirst

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Round.objects.none()
        return queries.with_progress(get_campaign(self.kwargs["slug"]).rounds.all())

    @extend_schema(request=RoundRequest, responses={202: RoundSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Asks for a round; a worker carries it out."""
        campaign = get_campaign(slug)
        asked = rounds.ask(campaign=campaign, **checked(RoundRequest, request))
        tasks.run_round.delay_on_commit(asked.id)
        body = RoundSerializer(access.get_round(campaign, asked.number)).data
        location = reverse("routing-round", args=[slug, asked.number], request=request)
        return Response(body, status.HTTP_202_ACCEPTED, headers={"Location": location})


class OneRound(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(responses=RoundWithYieldSerializer)
    def get(self, request: Request, slug: str, number: int) -> Response:
        """One round, and what its components found so far."""
        round = access.get_round(get_campaign(slug), number)
        return Response(RoundWithYieldSerializer(round).data)
