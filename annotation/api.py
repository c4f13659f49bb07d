"""The rater's loop and campaigns over REST."""

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import status
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from annotation import access, assignments, judgements
from annotation.authentication import TokenForAssignment, get_assignment_of
from annotation.models import Assignment
from annotation.serializers import (
    AnswerRequest,
    AssignmentSerializer,
    ClaimRequest,
    FlagRequest,
    JudgementSerializer,
    ReasonRequest,
    SubmitRequest,
    built,
    shown,
)

ASSIGNMENTS = inline_serializer("Assignments", {"assignments": AssignmentSerializer(many=True)})
JUDGED = inline_serializer(
    "Judged", {"judgement": JudgementSerializer(), "next": AssignmentSerializer(allow_null=True)}
)
#: What the description of REST says of every other door, too.
BY_TOKEN_OR_SESSION = [{"tokenAuth": []}, {"cookieAuth": []}]


def checked(serializer_class: type[Serializer], request: Request) -> dict:
    """The request's body in the shape it must have; raises DRF's ValidationError otherwise."""
    return built(serializer_class).run_validation(request.data)


class Claim(APIView):
    @extend_schema(request=ClaimRequest, responses=ASSIGNMENTS)
    def post(self, request: Request, slug: str) -> Response:
        """The rater's live assignments, topped up to `count`; an empty list when nothing is left."""
        rater = access.get_rater_for(request.user)
        campaign = access.get_campaign_for(rater, slug)
        count = checked(ClaimRequest, request)["count"]
        claimed = assignments.claim(campaign=campaign, rater=rater, count=count)
        return Response({"assignments": [shown(AssignmentSerializer, each) for each in claimed]})


class Submit(APIView):
    authentication_classes = [TokenForAssignment, SessionAuthentication]

    @extend_schema(request=SubmitRequest, responses=JUDGED, auth=BY_TOKEN_OR_SESSION)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Stores the judgement; with `next`, the answer carries the next assignment."""
        assignment = get_assignment_of(request, assignment_id)
        answer = checked(SubmitRequest, request)
        wants_next = answer.pop("next")
        judgement = judgements.submit(assignment=assignment, **answer)
        following = _next(assignment) if wants_next else None
        # What is known already needs no further look-up.
        judgement.campaign, judgement.campaign_post = assignment.campaign, assignment.campaign_post
        body = {"judgement": shown(JudgementSerializer, judgement), "next": following}
        return Response(body, status=status.HTTP_201_CREATED)


def _next(assignment: Assignment) -> dict | None:
    following = assignments.claim_next(campaign=assignment.campaign, rater=assignment.rater)
    return following and shown(AssignmentSerializer, following)


class Skip(APIView):
    @extend_schema(request=ReasonRequest, responses={204: None})
    def post(self, request: Request, assignment_id: int) -> Response:
        """Gives the post back unanswered."""
        assignment = access.get_assignment_for(request.user, assignment_id)
        assignments.skip(assignment=assignment, **checked(ReasonRequest, request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class FlagPost(APIView):
    @extend_schema(request=FlagRequest, responses={204: None})
    def post(self, request: Request, assignment_id: int) -> Response:
        """Reports the post to an admin; it may still be judged or skipped."""
        assignment = access.get_assignment_for(request.user, assignment_id)
        assignments.flag(assignment=assignment, **checked(FlagRequest, request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Revise(APIView):
    @extend_schema(responses=JudgementSerializer)
    def get(self, request: Request, judgement_id: int) -> Response:
        """One of the rater's own judgements."""
        judgement = access.get_judgement_for(request.user, judgement_id)
        return Response(shown(JudgementSerializer, judgement))

    @extend_schema(request=AnswerRequest, responses=JudgementSerializer)
    def patch(self, request: Request, judgement_id: int) -> Response:
        """Replaces the answer; the old one is kept as a revision."""
        judgement = access.get_judgement_for(request.user, judgement_id)
        revised = judgements.revise(judgement=judgement, **checked(AnswerRequest, request))
        return Response(shown(JudgementSerializer, revised))
