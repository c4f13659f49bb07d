"""Who sends an answer, and to what: the door that is knocked at most asks the database once."""

from django.db.models import Model
from rest_framework.request import Request

from annotation import access
from annotation.errors import NotYours
from annotation.models import Assignment
from lib.prepared import Joined, rows
from lib.tokens import OWNED_PARTS, OWNERS, TokenAuthentication

BOTH = Joined(**OWNED_PARTS, **access.HELD_PARTS)
OWNER_AND_ASSIGNMENT = f"""
SELECT {BOTH.columns} FROM {OWNERS}
LEFT JOIN ({access.HELD_TABLES}) ON assignment.id = %(assignment)s AND rater.user_id = owner.id
WHERE token.key = %(key)s
"""


class TokenForAssignment(TokenAuthentication):
    """Brings along the assignment that the address names, if it is the owner's."""

    def authenticate(self, request: Request) -> tuple | None:
        self.assignment_id = request.parser_context["kwargs"]["assignment_id"]
        return super().authenticate(request)

    def find(self, key: str) -> list[Model] | None:
        found = rows(OWNER_AND_ASSIGNMENT, {"key": key, "assignment": self.assignment_id})
        if not found:
            return None
        token, owner, *held = BOTH.read(found[0])
        token.assignment = access.together(*held) if held[0].id else None
        return [token, owner]


def get_assignment_of(request: Request, assignment_id: int) -> Assignment:
    """The assignment that came with the token, or the session's own. Raises NotYours."""
    if request.auth is None:
        return access.get_assignment_for(request.user, assignment_id)
    if request.auth.assignment is None:
        raise NotYours
    return request.auth.assignment
