"""The JSON shapes of runs and model versions."""

from rest_framework import serializers

from modelling.models import ModelVersion, TrainingRun


class ModelVersionSerializer(serializers.ModelSerializer):
    class Meta:
        model = ModelVersion
        fields = [
            "id", "name", "version", "champion", "run", "mlflow_run_id", "recipe", "bundle",
            "sha256", "taxonomy", "campaign", "snapshot_sha256", "metrics", "created_at",
        ]  # fmt: skip


class TrainingRunSerializer(serializers.ModelSerializer):
    model_version = serializers.PrimaryKeyRelatedField(read_only=True, default=None)

    class Meta:
        model = TrainingRun
        fields = [
            "id", "snapshot", "recipe", "state", "stage", "progress", "curve", "error",
            "model_version", "created_at", "started_at", "finished_at",
        ]  # fmt: skip


class RunRequest(serializers.Serializer):
    recipe = serializers.CharField(default="small")
