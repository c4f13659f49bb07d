"""The token in the header `Authorization: Token …`, looked up by a prepared statement."""

from django.contrib.auth import get_user_model
from django.db.models import Model
from rest_framework import authentication, exceptions
from rest_framework.authtoken.models import Token

from lib.prepared import Joined, rows

OWNED_PARTS = {
    "token": (Token, "created"),
    "owner": (get_user_model(), "last_login", "date_joined"),
}
OWNED = Joined(**OWNED_PARTS)
OWNERS = f"""
{Token._meta.db_table} AS token
JOIN {get_user_model()._meta.db_table} AS owner ON owner.id = token.user_id
"""
OWNER_OF = f"SELECT {OWNED.columns} FROM {OWNERS} WHERE token.key = %(key)s"


class TokenAuthentication(authentication.TokenAuthentication):
    """As its parent, which has the ORM write the same statement anew for each request."""

    def authenticate_credentials(self, key: str) -> tuple:
        found = self.find(key)
        if found is None:
            raise exceptions.AuthenticationFailed("Invalid token.")
        token, token.user = found
        if not token.user.is_active:
            raise exceptions.AuthenticationFailed("User inactive or deleted.")
        return token.user, token

    def find(self, key: str) -> list[Model] | None:
        """The token and its owner."""
        found = rows(OWNER_OF, {"key": key})
        return OWNED.read(found[0]) if found else None
