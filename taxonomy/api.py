"""Taxonomies over REST, in the shape of their files."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from lib.permissions import IsAdminOrReads
from taxonomy import files, taxonomies
from taxonomy.models import Affect, Taxonomy


class AffectSerializer(serializers.ModelSerializer):
    class Meta:
        model = Affect
        fields = list(files.AffectFile.__dataclass_fields__)


class TaxonomySerializer(serializers.ModelSerializer):
    """For reading only: what may come in, the taxonomy files' own reader decides."""

    affects = AffectSerializer(many=True)

    class Meta:
        model = Taxonomy
        fields = [
            "key", "version", "question", "question_personal", "min_picks", "max_picks", "frozen_at",
            "affects",
        ]  # fmt: skip


class Taxonomies(generics.ListAPIView):
    """All taxonomies, with their affects in position order."""

    permission_classes = [IsAdminOrReads]
    serializer_class = TaxonomySerializer
    queryset = Taxonomy.objects.prefetch_related("affects")

    @extend_schema(
        request=TaxonomySerializer, responses={200: TaxonomySerializer, 201: TaxonomySerializer}
    )
    def post(self, request: Request) -> Response:
        """Loads a taxonomy in the shape of its file; 200 when it was here already. For admins."""
        taxonomy, changed = taxonomies.load(file=files.parse(request.data))
        code = status.HTTP_201_CREATED if changed else status.HTTP_200_OK
        return Response(TaxonomySerializer(taxonomy).data, status=code)


class OneTaxonomy(generics.RetrieveAPIView):
    """The taxonomy behind KEY (its highest version) or KEY:VERSION."""

    serializer_class = TaxonomySerializer

    def get_object(self) -> Taxonomy:
        return taxonomies.find(self.kwargs["key"])
