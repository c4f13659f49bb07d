"""Agreement over time, over REST."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agreement import access, comparing, marks, queries, tasks
from agreement.api import accepted, asked_options
from agreement.models import Weeks
from agreement.serializers import OptionsRequest, ReportSerializer, WaysRequest
from annotation.access import get_campaign
from lib.permissions import IsEngineer

#: So many of the newest stored reports are listed.
MOST_REPORTS = 200


class WeeksSerializer(ReportSerializer):
    class Meta(ReportSerializer.Meta):
        model = Weeks


class StoredReportSerializer(ReportSerializer):
    """A stored report, and what it rests on."""

    class Meta(ReportSerializer.Meta):
        fields = [
            *ReportSerializer.Meta.fields,
            *("judgements", "seconds", "last_judgement", "last_revision", "settings_aside"),
        ]


class CompareRequest(OptionsRequest):
    older = serializers.IntegerField(required=False)
    newer = serializers.IntegerField(required=False)
    around = serializers.DateField(required=False)

    def validate(self, asked: dict) -> dict:
        if "around" not in asked and not {"older", "newer"} <= asked.keys():
            raise serializers.ValidationError(
                "Say which two stored reports ('older' and 'newer'), or 'around' which day."
            )
        return asked


class OfWeeks(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(
        parameters=[WaysRequest], responses={200: OpenApiTypes.OBJECT, 202: WeeksSerializer}
    )
    def get(self, request: Request, slug: str) -> Response:
        """The figures of each week, as `manage.py agreement --by week --json` prints them, and what
        happened in the campaign. Where a worker has yet to compute them, the answer is 202."""
        campaign, options = get_campaign(slug), asked_options(request)
        asked = {"campaign": campaign, "options": options, "created_by": request.user}
        found = tasks.show_weeks(**asked)
        if found.report is None:
            return accepted(WeeksSerializer(found.latest))
        happened = [{"at": when, "what": what} for when, what in marks.all_of(campaign)]
        times = {"computed_at": found.report.computed_at, "newer": found.newer}
        return Response(found.report.figures | {"marks": happened} | times)

    @extend_schema(request=None, parameters=[WaysRequest], responses={202: WeeksSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Asks a worker for the weeks as of now, to be stored."""
        campaign, options = get_campaign(slug), asked_options(request)
        asked = {"campaign": campaign, "options": options, "created_by": request.user}
        return accepted(WeeksSerializer(tasks.ask_for_weeks(**asked)))


class Reports(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(responses=StoredReportSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The stored reports, newest first: when, how, and on what they rest."""
        kept = queries.stored_reports(get_campaign(slug)).defer("figures_json")[:MOST_REPORTS]
        return Response(StoredReportSerializer(kept, many=True).data)


class Compare(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(
        parameters=[CompareRequest], responses={200: OpenApiTypes.OBJECT, 202: ReportSerializer}
    )
    def get(self, request: Request, slug: str) -> Response:
        """Two reports beside each other: `older` and `newer`, which are stored, or those before and
        after the day `around`, for which a worker may have to be waited for (202)."""
        campaign = get_campaign(slug)
        asked = CompareRequest(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = {
            name: asked.validated_data.pop(name, None) for name in ("older", "newer", "around")
        }
        if wanted["around"] is None:
            two = [access.get_stored(campaign, wanted[name]) for name in ("older", "newer")]
            return Response(comparing.compare(*two))
        found = tasks.show_around(
            campaign=campaign,
            day=wanted["around"],
            options=asked_options(request),
            created_by=request.user,
        )
        for shown in found:
            if shown.report is None:
                return accepted(ReportSerializer(shown.latest))
        return Response(comparing.compare(*(shown.report for shown in found)))
