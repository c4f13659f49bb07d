"""Agreement over REST."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agreement import access, tasks
from agreement.models import Reading
from agreement.options import Options
from agreement.readings import Asked
from agreement.serializers import (
    OptionsRequest,
    ReadingSerializer,
    ReadingsRequest,
    ReportSerializer,
)
from annotation.access import get_campaign
from annotation.models import Campaign
from lib.permissions import IsEngineer

RETRY_SECONDS = 2


def asked_options(request: Request) -> Options:
    asked = OptionsRequest(data=request.query_params)
    asked.is_valid(raise_exception=True)
    return Options(**asked.validated_data)


def asked_readings(request: Request) -> Asked:
    asked = ReadingsRequest(data=request.query_params)
    asked.is_valid(raise_exception=True)
    return Asked(**asked.validated_data)


class Agreement(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(
        parameters=[OptionsRequest], responses={200: OpenApiTypes.OBJECT, 202: ReportSerializer}
    )
    def get(self, request: Request, slug: str) -> Response:
        """The figures, as `manage.py agreement --json` prints them, and when they were computed.

        Of few judgements they are as of now. Of many, or with bootstrap intervals, they are the
        newest stored report's, `newer` counting the judgements since; where there is none yet, a
        worker is asked and the answer is 202: come again after `Retry-After` seconds. Where routing
        chose many posts, the figures are as of now and `corrected` is of `corrected_at`.

        Of chosen judgements (`without`, `since`, `until`, `drawn`), `beside_all` has the figures of
        all and the differences.
        """
        campaign, options = get_campaign(slug), asked_options(request)
        asked = {"campaign": campaign, "options": options, "created_by": request.user}
        found = tasks.show_report(**asked)
        if found.report is None:
            return accepted(ReportSerializer(found.latest))
        figures = found.report.figures
        more = {"computed_at": found.report.computed_at, "newer": found.newer}
        if found.stored:
            more["corrected_at"] = found.stored.computed_at
        if options.choice:
            more["beside_all"] = access.beside_all(campaign, options, figures)
        return Response(figures | more)

    @extend_schema(request=None, parameters=[OptionsRequest], responses={202: ReportSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Asks a worker for a new report, to be stored."""
        campaign, options = get_campaign(slug), asked_options(request)
        asked = {"campaign": campaign, "options": options, "created_by": request.user}
        return accepted(ReportSerializer(tasks.ask_for_report(**asked)))


class Consensus(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(
        parameters=[ReadingsRequest], responses={200: OpenApiTypes.OBJECT, 202: ReadingSerializer}
    )
    def get(self, request: Request, slug: str) -> Response:
        """Consensus rules side by side, the posts that they and raters split on, other texts, and
        affects beside publishers' feelings and signals, as `manage.py consensus --json` prints them.

        Of few judgements they are as of now. Of many they are the newest that a worker computed,
        `newer` counting the judgements since; where there are none yet, a worker is asked and the
        answer is 202: come again after `Retry-After` seconds.
        """
        campaign, asked = get_campaign(slug), asked_readings(request)
        found = access.get_reading(campaign, asked)
        if found.report is None:
            return accepted(ReadingSerializer(found.latest or self._ask(campaign, asked)))
        times = {"computed_at": found.report.computed_at, "newer": found.newer}
        return Response(found.report.figures | times)

    @extend_schema(request=None, parameters=[ReadingsRequest], responses={202: ReadingSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Asks a worker for new readings, to be stored."""
        return accepted(ReadingSerializer(self._ask(get_campaign(slug), asked_readings(request))))

    def _ask(self, campaign: Campaign, asked: Asked) -> Reading:
        return tasks.ask_for_reading(campaign=campaign, asked=asked, created_by=self.request.user)


def accepted(shown: ReportSerializer) -> Response:
    """What is queued, and when to come again."""
    retry = {"Retry-After": str(RETRY_SECONDS)}
    return Response(shown.data, status=status.HTTP_202_ACCEPTED, headers=retry)
