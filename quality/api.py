"""Raters' figures over REST, and what an admin does about them."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation import members
from annotation.access import get_campaign
from annotation.api import checked
from annotation.models import Membership
from lib.permissions import IsAdmin, IsEngineer
from quality import access, tasks, text
from quality.serializers import (
    MemberSerializer,
    PauseRequest,
    SetAsideRequest,
    SettingAsideSerializer,
)

RETRY_SECONDS = 2


class Raters(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 202: None})
    def get(self, request: Request, slug: str) -> Response:
        """The figures, as `manage.py raters --json` prints them, and when they were computed.

        Of few judgements they are as of now. Of many they are the last that a worker computed,
        `newer` counting the judgements changed since; where there are none yet, the answer is 202:
        come again after `Retry-After` seconds.
        """
        campaign = get_campaign(slug)
        found = access.get_table(campaign)
        if found.is_stale:
            tasks.ask_for_table(campaign)
        if found.table is None:
            retry = {"Retry-After": str(RETRY_SECONDS)}
            return Response(status=status.HTTP_202_ACCEPTED, headers=retry)
        times = {"computed_at": found.table.computed_at, "newer": found.newer}
        return Response(text.figures(campaign, found.table) | times)

    @extend_schema(request=None, responses={202: None})
    def post(self, request: Request, slug: str) -> Response:
        """Asks a worker for the figures as of now."""
        tasks.ask_for_table(get_campaign(slug))
        return Response(status=status.HTTP_202_ACCEPTED)


class OfMember(APIView):
    """What an admin does to one rater of a campaign."""

    permission_classes = [IsAdmin]

    def membership(self) -> Membership:
        return access.get_membership(
            get_campaign(self.kwargs["slug"]), self.kwargs["membership_id"]
        )

    def shown(self) -> Response:
        return Response(MemberSerializer(self.membership()).data)


class Pause(OfMember):
    @extend_schema(request=PauseRequest, responses=MemberSerializer)
    def post(self, request: Request, slug: str, membership_id: int) -> Response:
        """The rater, who reads the reason, is handed nothing new."""
        asked = checked(PauseRequest, request)
        members.pause(membership=self.membership(), by=request.user, **asked)
        return self.shown()


class Resume(OfMember):
    @extend_schema(request=None, responses=MemberSerializer)
    def post(self, request: Request, slug: str, membership_id: int) -> Response:
        """The rater goes on."""
        members.resume(membership=self.membership(), by=request.user)
        return self.shown()


class SetAside(OfMember):
    @extend_schema(request=SetAsideRequest, responses={201: SettingAsideSerializer})
    def post(self, request: Request, slug: str, membership_id: int) -> Response:
        """Takes the rater's judgements out of every figure, until they are brought back."""
        asked = checked(SetAsideRequest, request)
        made = members.set_aside(membership=self.membership(), by=request.user, **asked)
        return Response(SettingAsideSerializer(made).data, status=status.HTTP_201_CREATED)


class BringBack(OfMember):
    @extend_schema(request=None, responses=SettingAsideSerializer)
    def post(self, request: Request, slug: str, membership_id: int) -> Response:
        """The judgements count again, exactly as before."""
        undone = members.bring_back(membership=self.membership(), by=request.user)
        return Response(SettingAsideSerializer(undone).data)
