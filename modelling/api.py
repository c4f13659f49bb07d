"""Training runs and model versions over REST."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from lib.permissions import IsEngineer
from modelling import access, runs, tasks
from modelling.models import ModelVersion, TrainingRun
from modelling.serializers import ModelVersionSerializer, RunRequest, TrainingRunSerializer
from snapshots.access import get_snapshot


class StartRun(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(request=RunRequest, responses={202: TrainingRunSerializer})
    def post(self, request: Request, snapshot_id: int) -> Response:
        """Queues a training run on a ready snapshot; Location is where to see how far it is."""
        asked = RunRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        run = runs.create(
            snapshot=get_snapshot(snapshot_id), created_by=request.user, **asked.validated_data
        )
        tasks.execute_run.delay_on_commit(run.id)
        return Response(
            TrainingRunSerializer(run).data,
            status=status.HTTP_202_ACCEPTED,
            headers={"Location": reverse("api-run", args=[run.id], request=request)},
        )


class Runs(generics.ListAPIView):
    """All training runs, oldest first."""

    permission_classes = [IsEngineer]
    serializer_class = TrainingRunSerializer
    queryset = TrainingRun.objects.select_related("model_version")


class Run(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(responses=TrainingRunSerializer)
    def get(self, request: Request, run_id: int) -> Response:
        """One training run: state, progress, and its model version once there is one."""
        run = access.get_run(run_id)
        runs.settle(run=run)
        return Response(TrainingRunSerializer(run).data)


class Models(generics.ListAPIView):
    """All registered model versions, oldest first."""

    permission_classes = [IsEngineer]
    serializer_class = ModelVersionSerializer
    queryset = ModelVersion.objects.all()


class Model(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(responses=ModelVersionSerializer)
    def get(self, request: Request, version_id: int) -> Response:
        """One model version with its metrics."""
        return Response(ModelVersionSerializer(access.get_version(version_id)).data)


class Champion(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(request=None, responses={202: ModelVersionSerializer})
    def post(self, request: Request, version_id: int) -> Response:
        """Makes this version the champion; the worker that knows the registry does it."""
        version = access.get_version(version_id)
        tasks.crown.delay_on_commit(version.id)
        return Response(ModelVersionSerializer(version).data, status=status.HTTP_202_ACCEPTED)
