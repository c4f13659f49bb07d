"""Hours over REST, for whoever pays."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.access import get_campaign
from lib.permissions import IsAdmin
from work import hours
from work.access import get_week
from work.serializers import HoursSerializer


class Hours(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(
        parameters=[OpenApiParameter("week", str, description="as 2026-W47; left out: this week")],
        responses=HoursSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """A week's judgements, active time and pay of each rater who did something in it."""
        week = get_week(request.query_params.get("week"))
        return Response(HoursSerializer(hours.report(get_campaign(slug), week)).data)
