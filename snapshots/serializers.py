"""The JSON shapes of the snapshots' REST doors."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from snapshots import plans
from snapshots.formats import CONVERSIONS
from snapshots.models import Snapshot


class FileSerializer(serializers.Serializer):
    name = serializers.CharField()
    sha256 = serializers.CharField()
    bytes = serializers.IntegerField()
    rows = serializers.IntegerField(allow_null=True)
    url = serializers.CharField()
    formats = serializers.ListField(help_text="what ?format= can be")


class SnapshotSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugRelatedField("slug", read_only=True)
    url = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()

    class Meta:
        model = Snapshot
        fields = [
            "id", "url", "campaign", "name", "rules", "options", "state", "progress", "error",
            "sha256", "counts", "files", "created_at", "finished_at",
        ]  # fmt: skip

    def get_url(self, snapshot: Snapshot) -> str:
        return reverse("api-snapshot", args=[snapshot.id])

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, snapshot: Snapshot) -> list[dict]:
        return [
            {
                "name": name,
                **facts,
                "url": reverse("api-snapshot-file", args=[snapshot.id, name]),
                "formats": list(CONVERSIONS) if name.endswith(".parquet") else [],
            }
            for name, facts in snapshot.files.items()
        ]


class CreateRequest(serializers.Serializer):
    """What a snapshot shall be. Unknown rules and formats are the plan's to refuse."""

    rules = serializers.ListField(
        child=serializers.CharField(), default=[plans.DEFAULT_RULE], allow_empty=False
    )
    name = serializers.CharField(default="", allow_blank=True, help_text="the campaign's slug")
    formats = serializers.ListField(child=serializers.CharField(), default=[])
    withdrawn = serializers.BooleanField(default=False)
    seed = serializers.IntegerField(default=plans.DEFAULT_SEED, min_value=0)
