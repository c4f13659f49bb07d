"""Agreement over REST."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agreement import access, readings, tasks
from agreement.models import Report
from agreement.options import Options
from agreement.serializers import OptionsRequest, ReadingsRequest, ReportSerializer
from annotation.access import get_campaign
from annotation.models import Campaign
from lib.permissions import IsEngineer

RETRY_SECONDS = 2


def asked_options(request: Request) -> Options:
    asked = OptionsRequest(data=request.query_params)
    asked.is_valid(raise_exception=True)
    return Options(**asked.validated_data)


class Agreement(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(
        parameters=[OptionsRequest], responses={200: OpenApiTypes.OBJECT, 202: ReportSerializer}
    )
    def get(self, request: Request, slug: str) -> Response:
        """The figures, as `manage.py agreement --json` prints them, and when they were computed.

        Of few judgements they are as of now. Of many, or with bootstrap intervals, they are the
        newest stored report's, `newer` counting the judgements since; where there is none yet, a
        worker is asked and the answer is 202: come again after `Retry-After` seconds.
        """
        campaign, options = get_campaign(slug), asked_options(request)
        found = access.get_report(campaign, options)
        if found.report is None:
            return self._accepted(found.latest or self._ask(campaign, options))
        times = {"computed_at": found.report.computed_at, "newer": found.newer}
        return Response(found.report.figures | times)

    @extend_schema(request=None, parameters=[OptionsRequest], responses={202: ReportSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Asks a worker for a new report, to be stored."""
        return self._accepted(self._ask(get_campaign(slug), asked_options(request)))

    def _ask(self, campaign: Campaign, options: Options) -> Report:
        asked = {"campaign": campaign, "options": options, "created_by": self.request.user}
        return tasks.ask_for_report(**asked)

    def _accepted(self, report: Report) -> Response:
        return Response(
            ReportSerializer(report).data,
            status=status.HTTP_202_ACCEPTED,
            headers={"Retry-After": str(RETRY_SECONDS)},
        )


class Consensus(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(parameters=[ReadingsRequest], responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, slug: str) -> Response:
        """Consensus rules side by side, the posts that they and raters split on, other texts, and
        affects beside publishers' feelings and signals, as `manage.py consensus --json` prints them.

        As of now. Where there are too many judgements to wait for it, the answer is 409.
        """
        asked = ReadingsRequest(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(readings.of_few(campaign=get_campaign(slug), **asked.validated_data))
