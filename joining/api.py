"""Invitations over REST, for admins."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from annotation import access
from annotation.api import checked
from joining import invitations
from joining.invitation_links import link_of
from joining.models import Invitation
from lib.permissions import IsAdmin


class InvitationRequest(serializers.Serializer):
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    days = serializers.IntegerField(
        required=False, default=invitations.DAYS, min_value=1, max_value=365
    )


class InvitationSerializer(serializers.ModelSerializer):
    state = serializers.ChoiceField(choices=Invitation.State)
    link = serializers.SerializerMethodField(help_text="for one person; lets in whoever has it")

    class Meta:
        model = Invitation
        fields = ["id", "email", "state", "link", "made_at", "expires_at", "sent_at", "used_at"]

    def get_link(self, invitation: Invitation) -> str:
        return link_of(self.context["request"].build_absolute_uri("/"), invitation)


class Invitations(generics.ListAPIView):
    """A campaign's invitations, with their links."""

    permission_classes = [IsAdmin]
    serializer_class = InvitationSerializer
    queryset = Invitation.objects.none()

    def get_queryset(self):
        return access.get_campaign(self.kwargs["slug"]).invitations.all()

    @extend_schema(request=InvitationRequest, responses={201: InvitationSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Makes an invitation, or answers with the open one of that e-mail. Nothing is mailed."""
        campaign = access.get_campaign(slug)
        asked = checked(InvitationRequest, request)
        invitation = invitations.make(campaign=campaign, by=request.user, **asked)
        body = InvitationSerializer(invitation, context={"request": request}).data
        return Response(body, status=status.HTTP_201_CREATED)
