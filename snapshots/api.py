"""Snapshots over REST: create one, watch it, download its files."""

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.access import get_campaign
from lib.permissions import IsEngineer
from snapshots import access, plans, snapshots
from snapshots.downloads import send_file, send_pieces
from snapshots.errors import BadPlan
from snapshots.formats import CONVERSIONS
from snapshots.models import Snapshot
from snapshots.serializers import CreateRequest, SnapshotSerializer
from snapshots.tasks import build_snapshot


class CampaignSnapshots(ListAPIView):
    permission_classes = [IsEngineer]
    serializer_class = SnapshotSerializer

    def get_queryset(self):
        campaign = get_campaign(self.kwargs["slug"])
        return Snapshot.objects.filter(campaign=campaign).select_related("campaign")

    @extend_schema(request=CreateRequest, responses={202: SnapshotSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Queues a snapshot. Its address, in `Location`, tells how far it is."""
        campaign = get_campaign(slug)
        asked = CreateRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        name = asked.validated_data.pop("name") or slug
        plan = plans.make(name=name, **asked.validated_data)
        snapshot = snapshots.create(campaign=campaign, plan=plan, created_by=request.user)
        build_snapshot.delay_on_commit(snapshot.id)
        body = SnapshotSerializer(snapshot).data
        return Response(
            body,
            status.HTTP_202_ACCEPTED,
            headers={"Location": request.build_absolute_uri(body["url"])},
        )


class SnapshotDetail(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(responses=SnapshotSerializer)
    def get(self, request: Request, snapshot_id: int) -> Response:
        """State, progress, counts, and the files once it is ready."""
        return Response(SnapshotSerializer(access.get_snapshot(snapshot_id)).data)


class AsAsked(BaseContentNegotiation):
    """`format` says what to convert to, here, and not how DRF renders."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class SnapshotFile(APIView):
    permission_classes = [IsEngineer]
    content_negotiation_class = AsAsked

    @extend_schema(
        parameters=[OpenApiParameter("format", enum=list(CONVERSIONS), required=False)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, snapshot_id: int, name: str) -> HttpResponseBase:
        """The file's bytes, or a table converted to CSV or JSON lines. Knows ETag and Range."""
        snapshot = access.get_snapshot(snapshot_id)
        sha256 = access.get_file(snapshot, name)["sha256"]
        path = snapshot.folder / name
        wanted = request.query_params.get("format", path.suffix[1:])
        if path.suffix == f".{wanted}":
            return send_file(request, path, sha256)
        if path.suffix != ".parquet" or wanted not in CONVERSIONS:
            raise BadPlan(f"{name} can't be had as '{wanted}', only tables as csv or jsonl.")
        pieces, content_type = CONVERSIONS[wanted]
        return send_pieces(
            request,
            pieces(path),
            name=path.with_suffix(f".{wanted}").name,
            content_type=content_type,
            tag=f"{sha256}-{wanted}",
        )
