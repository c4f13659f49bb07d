"""The doors of entrances, and people who come through them."""

from django.test import Client

from annotation import assignments, judgements
from joining.models import Entrance, Participant

EVE = "?PROLIFIC_PID=5f1aEVE&STUDY_ID=60c2&SESSION_ID=61d3"
ZOE = "?PROLIFIC_PID=70bbZOE&STUDY_ID=60c2&SESSION_ID=62e4"
HIT = "?workerId=A1EVE&hitId=3XYZ&assignmentId=3QQQ"
PREVIEW = "?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId=3XYZ"
WELCOME = "/campaigns/feelings/welcome/"


def door(entrance: Entrance, query: str = "") -> str:
    return f"/enter/{entrance.token}/{query}"


def came(client: Client, entrance: Entrance, query: str = EVE) -> Participant:
    """Somebody has pressed "Begin"."""
    assert client.post(door(entrance, query)).status_code == 302
    return Participant.objects.get(rater__user_id=client.session["_auth_user_id"])


def judge(participant: Participant, count: int) -> None:
    campaign, rater = participant.entrance.campaign, participant.rater
    for _ in range(count):
        held = assignments.claim(campaign=campaign, rater=rater)[0]
        judgements.submit(assignment=held, picks=["neutral"])
