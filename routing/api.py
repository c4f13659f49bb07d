"""Rounds over REST, for engineers."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from annotation.access import get_campaign
from annotation.api import checked
from annotation.campaigns import withdraw_post
from annotation.models import CampaignPost
from lib.pages import ByIdPagination
from lib.permissions import IsAdmin, IsEngineer
from routing import access, gained, pins, plans, queries, reasons, rounds, tasks
from routing.models import Round
from routing.serializers import (
    PinRequest,
    PlanSerializer,
    RoundRequest,
    RoundSerializer,
    RoundWithYieldSerializer,
)


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


class RoutingPlan(APIView):
    """How the campaign is routed. Engineers read it, admins change it."""

    def get_permissions(self) -> list:
        return [IsAdmin()] if self.request.method == "PATCH" else [IsEngineer()]

    @extend_schema(responses=PlanSerializer)
    def get(self, request: Request, slug: str) -> Response:
        return Response(PlanSerializer(plans.plan_of(get_campaign(slug))).data)

    @extend_schema(request=PlanSerializer(partial=True), responses=PlanSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """Changes what is given. `enabled: false` pauses: no round starts by itself any more."""
        plan = plans.plan_of(get_campaign(slug))
        asked = PlanSerializer(plan, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        asked.save()
        return Response(asked.data)


class Gains(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 202: OpenApiTypes.OBJECT})
    def get(self, request: Request, slug: str) -> Response:
        """What routing gained, corrected prevalence, what the weights are worth, when to stop; as
        `manage.py route --report --json` prints them, without the single rounds. Where rounds drew
        thousands of posts a worker counts: `newer` judgements came since `made_at`, and the answer
        is 202 until it has counted once."""
        campaign = get_campaign(slug)
        found = gained.find(campaign)
        if found.is_due:
            tasks.ring_for_gains(campaign)
        as_of = {"made_at": found.made_at, "newer": found.newer}
        if found.figures is None:
            return Response(as_of, status.HTTP_202_ACCEPTED, headers={"Retry-After": "10"})
        return Response(found.figures | as_of)


class RoutedPost(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, key: str) -> Response:
        """Why this post was asked: rounds, propensities, components, scores, pin. Where rounds drew
        thousands of posts, its weight follows from what a worker had counted at `counted_at`."""
        found = find_post(slug, key)
        if gained.is_due(found.campaign):
            tasks.ring_for_gains(found.campaign)
        return Response(reasons.of_post(found))


class PostPin(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(request=PinRequest, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, slug: str, key: str) -> Response:
        """Asks the post before all that rounds draw, until the pin is taken out."""
        found = find_post(slug, key)
        pins.pin(campaign_post=found, by=request.user, **checked(PinRequest, request))
        return Response(reasons.of_post(find_post(slug, key)))

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def delete(self, request: Request, slug: str, key: str) -> Response:
        """Takes the pin out; without one it changes nothing."""
        pins.unpin(campaign_post=find_post(slug, key))
        return Response(reasons.of_post(find_post(slug, key)))


class WithdrawPost(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, slug: str, key: str) -> Response:
        """The post is asked no more. Judgements that it has stay."""
        withdraw_post(campaign_post=find_post(slug, key))
        return Response(reasons.of_post(find_post(slug, key)))

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def delete(self, request: Request, slug: str, key: str) -> Response:
        """Puts the post back: it is asked again. If it isn't withdrawn, nothing changes."""
        pins.put_back(campaign_post=find_post(slug, key))
        return Response(reasons.of_post(find_post(slug, key)))


def find_post(slug: str, key: str) -> CampaignPost:
    return access.get_campaign_post(get_campaign(slug), post__key=key)
