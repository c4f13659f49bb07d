"""Analyses over REST: send a file, watch it being read, see what was left out."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from analysis import analyses
from analysis.errors import BadPlan
from analysis.models import Analysis
from analysis.serializers import AnalysisSerializer, PlanRequest
from analysis.tasks import delete, read_file
from analysis.views import send_rejects
from lib.permissions import IsAdmin
from lib.streams import chunks_of

RETRY_SECONDS = 1
SENT = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary"}},
    "required": ["file"],
}


class AsSent(BaseParser):
    """Leaves the body unread, whatever it is: the view takes it as it arrives."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None) -> dict:
        return {}


class InJson(DefaultContentNegotiation):
    """`format` says what the file is, and not how DRF renders."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class Analyses(ListAPIView):
    """Files of labels that were brought for analysis, the newest first."""

    permission_classes = [IsAdmin]
    parser_classes = [MultiPartParser, AsSent]
    content_negotiation_class = InJson
    serializer_class = AnalysisSerializer
    queryset = Analysis.objects.select_related("campaign")

    @extend_schema(
        request={"multipart/form-data": SENT, "application/octet-stream": OpenApiTypes.BINARY},
        parameters=[PlanRequest],
        responses={202: AnalysisSerializer},
    )
    def post(self, request: Request) -> Response:
        """Takes a file, as a form's `file` or as the body itself, and queues its analysis.

        Its address, in `Location`, tells how far it is. A file that can't be read is refused at
        once if its first rows show it, and otherwise ends in the state `failed`.
        """
        is_form = request.content_type.startswith("multipart/form-data")
        asked = PlanRequest(data=_said(request, is_form))
        asked.is_valid(raise_exception=True)
        chunks, file_name = _file(request, asked.validated_data["file_name"], is_form)
        analysis = analyses.ask(
            chunks=chunks,
            file_name=file_name,
            name=asked.validated_data["name"],
            plan=asked.plan(),
            created_by=request.user,
        )
        read_file.delay_on_commit(analysis.id)
        body = AnalysisSerializer(analysis).data
        address = request.build_absolute_uri(body["url"])
        return Response(body, 202, headers={"Location": address, "Retry-After": str(RETRY_SECONDS)})


class OneAnalysis(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(responses=AnalysisSerializer)
    def get(self, request: Request, analysis_id: int) -> Response:
        """How far it is; once `ready`, where its figures are."""
        return Response(AnalysisSerializer(analyses.find(analysis_id)).data)

    @extend_schema(responses={204: None, 202: None})
    def delete(self, request: Request, analysis_id: int) -> Response:
        """Deletes it, with its files and the campaign that it was brought into. A worker does so
        where there are many judgements (202)."""
        analysis = analyses.find(analysis_id)
        if analysis.campaign:
            return Response(status=204 if delete(analysis.campaign) else 202)
        analyses.delete(analysis=analysis)
        return Response(status=204)


class Rejects(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request, analysis_id: int):
        """The rows that were left out, as CSV: row, field, reason, id."""
        return send_rejects(analyses.find(analysis_id))


def _said(request: Request, is_form: bool) -> dict:
    """The fields beside the file, in the address or in the form."""
    given = request.query_params.copy()
    if is_form:
        for name in request.data.keys() - {"file"}:
            given.setlist(name, request.data.getlist(name))
    return given


def _file(request: Request, file_name: str, is_form: bool) -> tuple:
    """(its chunks, its name). Raises BadPlan when there is none."""
    sent = request.FILES.get("file") if is_form else None
    if sent:
        return sent.chunks(), sent.name
    if is_form or not file_name:
        what = "Send it as a form's 'file', or as the body with ?file_name=labels.csv."
        raise BadPlan(what, errors=[{"where": "file", "what": what}])
    return chunks_of(request), file_name
