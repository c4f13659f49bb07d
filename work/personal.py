"""All that is held of a person, table by table: what the export shows and what it leaves out.

A test walks the models from the account and the rater on, and fails for a table or a field that is
named neither here nor among those left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db.models import Model
from rest_framework.authtoken.models import Token

from annotation.judgements import affect_keys
from annotation.models import (
    Assignment,
    Flag,
    Judgement,
    JudgementRevision,
    Membership,
    Pause,
    Rater,
)
from joining.models import Consent, GuidelineReading, Invitation, Participant, Strata
from qualification.models import QuizAnswer, QuizTry
from taxonomy.rules import keys_of

#: Rows read at a time: an export takes no more memory for a hundred thousand judgements than for one.
CHUNK = 2000


@dataclass(frozen=True)
class Table:
    """Rows of one model that belong to a rater.

    whose     the way from a row to the rater
    columns   what is shown: its name, and the way to it from a row
    taxonomy  the way to the taxonomy that `picks` are a mask over
    left_out  fields that are not shown, each with the reason
    """

    name: str
    model: type[Model]
    whose: str
    columns: dict[str, str]
    taxonomy: str = ""
    left_out: dict[str, str] = field(default_factory=dict)

    def rows(self, rater: Rater) -> Iterator[dict]:
        """The rater's rows in the order in which they came, picks as the affects' keys."""
        paths = dict(self.columns) | ({"taxonomy": self.taxonomy} if self.taxonomy else {})
        mine = self.model.objects.filter(**{self.whose: rater.pk}).order_by("pk")
        for values in mine.values_list(*paths.values()).iterator(chunk_size=CHUNK):
            yield self._readable(dict(zip(paths, values, strict=True)))

    def _readable(self, row: dict) -> dict:
        taxonomy = row.pop("taxonomy", None)
        if row.get("picks") is not None:
            row["picks"] = keys_of(row["picks"], affect_keys(taxonomy))
        return row


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


BY_WHOM = "which admin did it is the admin's, not yours"

ACCOUNT = Table(
    "account",
    get_user_model(),
    "rater",
    {"user_name": "username"}
    | _same("email", "first_name", "last_name", "date_joined", "last_login", "is_active")
    | {"is_admin": "is_staff"},
    left_out={
        "password": "only a hash of it is held",
        "is_superuser": "goes with is_admin",
    },
)
RATER = Table(
    "rater",
    Rater,
    "pk",
    _same("key", "created_at", "left_at"),
    left_out={"user": "the account, which is shown"},
)
TOKENS = Table(
    "access_tokens",
    Token,
    "user__rater",
    _same("created"),
    left_out={"key": "it opens the account, so it is in no file"},
)
MEMBERSHIPS = Table(
    "memberships",
    Membership,
    "rater",
    {"campaign": "campaign__slug"}
    | _same("state", "paused_reason", "admitted", "quota", "avoids_sensitive", "stratum")
    | _same("joined_at"),
    left_out=dict.fromkeys(
        ("walked_priority", "walked_id", "walked_spares"),
        "where in the queue the next claim begins",
    ),
)
PAUSES = Table(
    "pauses",
    Pause,
    "membership__rater",
    {"campaign": "membership__campaign__slug"} | _same("reason", "made_at", "ended_at"),
    left_out={"made_by": BY_WHOM, "ended_by": BY_WHOM},
)
CONSENTS = Table(
    "consents",
    Consent,
    "rater",
    {
        "campaign": "consent_text__campaign__slug",
        "version": "consent_text__version",
        "text": "consent_text__text",
    }
    | _same("given_at", "withdrawn_at"),
)
STRATA = Table(
    "strata",
    Strata,
    "rater",
    _same("age_band", "gender", "ethnicity", "ideology", "location", "changed_at"),
)
PARTICIPANTS = Table(
    "participant_ids",
    Participant,
    "rater",
    {"campaign": "entrance__campaign__slug", "entrance": "entrance__name"}
    | _same("participant", "study", "session", "entered_at", "finished_at", "screened_out_at"),
)
INVITATIONS = Table(
    "invitations",
    Invitation,
    "used_by",
    {"campaign": "campaign__slug"}
    | _same("email", "made_at", "expires_at", "sent_at", "failure", "withdrawn_at", "used_at"),
    left_out={"made_by": BY_WHOM},
)
GUIDELINES = Table(
    "guidelines_read",
    GuidelineReading,
    "membership__rater",
    {"campaign": "membership__campaign__slug"} | _same("read_at"),
)
QUIZ_TRIES = Table(
    "quiz_tries",
    QuizTry,
    "membership__rater",
    {"campaign": "membership__campaign__slug"}
    | _same("number", "passed", "started_at", "finished_at"),
)
QUIZ_ANSWERS = Table(
    "quiz_answers",
    QuizAnswer,
    "quiz_try__membership__rater",
    {
        "campaign": "quiz_try__membership__campaign__slug",
        "try": "quiz_try__number",
        "post": "campaign_post__post__key",
    }
    | _same("position", "picks", "other", "seconds", "right", "answered_at"),
    taxonomy="campaign_post__campaign__taxonomy",
)
ASSIGNMENTS = Table(
    "assignments",
    Assignment,
    "rater",
    {"id": "id", "campaign": "campaign__slug", "post": "campaign_post__post__key"}
    | _same("state", "offered_at", "lease_expires_at", "closed_at", "skip_reason", "seconds"),
)
JUDGEMENTS = Table(
    "judgements",
    Judgement,
    "rater",
    {"id": "id", "campaign": "campaign__slug", "post": "campaign_post__post__key"}
    | _same("picks", "other", "frame", "seconds", "judged_at", "revision")
    | {"assignment": "assignment"},
    taxonomy="campaign__taxonomy",
    left_out={
        "gold_right": "it would tell which posts are gold",
        "set_aside": "an admin's check on the answers, with a reason that stays with the admins",
        "idempotency_key": "a random word of the browser's",
        "request_hash": "tells one request from another, nothing of you",
    },
)
REVISIONS = Table(
    "revisions",
    JudgementRevision,
    "judgement__rater",
    _same("judgement", "revision", "picks", "other", "seconds", "judged_at"),
    taxonomy="judgement__campaign__taxonomy",
)
FLAGS = Table(
    "flags",
    Flag,
    "rater",
    {"campaign": "campaign_post__campaign__slug", "post": "campaign_post__post__key"}
    | _same("reason", "flagged_at", "resolved_at"),
)

TABLES = (
    ACCOUNT, RATER, TOKENS, MEMBERSHIPS, PAUSES, CONSENTS, STRATA, PARTICIPANTS, INVITATIONS,
    GUIDELINES, QUIZ_TRIES, QUIZ_ANSWERS, ASSIGNMENTS, JUDGEMENTS, REVISIONS, FLAGS,
)  # fmt: skip
