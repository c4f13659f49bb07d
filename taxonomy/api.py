"""Taxonomies over REST, in the shape of their files."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lib.permissions import IsAdmin, IsAdminOrReads, IsEngineer
from taxonomy import files, proposals, taxonomies
from taxonomy.models import Affect, Proposal, Taxonomy


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


class ProposalSerializer(serializers.ModelSerializer):
    """An affect of a successor, in the words of a taxonomy file as far as these are known."""

    taxonomy = serializers.CharField(source="taxonomy.key", read_only=True)
    version = serializers.IntegerField(source="taxonomy.version", read_only=True)
    key = serializers.SerializerMethodField()
    proposed_by = serializers.CharField(source="proposed_by.username", default=None, read_only=True)
    examples = serializers.ListField(
        child=serializers.CharField(), required=False, max_length=proposals.MOST_EXAMPLES
    )

    class Meta:
        model = Proposal
        fields = [
            "id", "taxonomy", "version", "key", "name", "note", "examples", "proposed_by",
            "proposed_at",
        ]  # fmt: skip

    def get_key(self, proposal: Proposal) -> str:
        return proposals.key_of(proposal.name)


class Proposals(generics.ListAPIView):
    """What is proposed for the successor of this taxonomy. Engineers read, admins propose."""

    serializer_class = ProposalSerializer
    pagination_class = None

    def get_permissions(self) -> list:
        return [IsAdmin()] if self.request.method == "POST" else [IsEngineer()]

    def get_queryset(self) -> QuerySet[Proposal]:
        return proposals.standing(taxonomies.find(self.kwargs["key"]))

    @extend_schema(request=ProposalSerializer, responses={201: ProposalSerializer})
    def post(self, request: Request, key: str) -> Response:
        """Proposes an affect; 409 where there is such an affect or such a proposal."""
        asked = ProposalSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        told = {**asked.validated_data, "proposed_by": request.user}
        proposal = proposals.propose(taxonomy=taxonomies.find(key), **told)
        return Response(ProposalSerializer(proposal).data, status=status.HTTP_201_CREATED)


class OneProposal(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, key: str, proposal_id: int) -> Response:
        """Withdraws the proposal."""
        standing = proposals.standing(taxonomies.find(key))
        proposals.withdraw(proposal=get_object_or_404(standing, id=proposal_id))
        return Response(status=status.HTTP_204_NO_CONTENT)
