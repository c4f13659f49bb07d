"""The verbs on proposals: what an affect of the next taxonomy might be, until it is one."""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import slugify

from taxonomy.errors import AlreadyThere
from taxonomy.models import Proposal, Taxonomy

#: Examples beyond these tell nobody more.
MOST_EXAMPLES = 20


def propose(
    *,
    taxonomy: Taxonomy,
    name: str,
    note: str = "",
    examples: Iterable[str] = (),
    proposed_by: AbstractBaseUser | None = None,
) -> Proposal:
    """Keeps the proposal. Raises AlreadyThere if there is such an affect or such a proposal."""
    name = " ".join(name.split())
    if taxonomy.affects.filter(Q(name__iexact=name) | Q(key=key_of(name))).exists():
        raise AlreadyThere(f"{taxonomy} has the affect '{name}' already.")
    told = list(dict.fromkeys(text for example in examples if (text := example.strip())))
    try:
        with transaction.atomic():
            return Proposal.objects.create(
                taxonomy=taxonomy,
                name=name,
                note=note.strip(),
                examples=told[:MOST_EXAMPLES],
                proposed_by=proposed_by,
            )
    except IntegrityError as error:
        raise AlreadyThere(f"'{name}' has been proposed for {taxonomy} already.") from error


def withdraw(*, proposal: Proposal) -> None:
    """It is listed no more. Harmless when it was withdrawn before."""
    Proposal.objects.filter(id=proposal.id, withdrawn_at=None).update(withdrawn_at=timezone.now())


def standing(taxonomy: Taxonomy) -> QuerySet[Proposal]:
    """What is proposed for the successor of any version of this taxonomy, newest first."""
    found = Proposal.objects.filter(taxonomy__key=taxonomy.key, withdrawn_at=None)
    return found.select_related("taxonomy", "proposed_by").order_by("-id")


def key_of(name: str) -> str:
    """The key that an affect of this name would have; empty where none can be made of it.

    >>> key_of("Mildly  Amused!")
    'mildly_amused'
    """
    return slugify(name).replace("-", "_")
