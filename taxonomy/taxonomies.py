"""The verbs on taxonomies: load one, freeze one."""

from django.db import transaction
from django.utils import timezone

from taxonomy.errors import TaxonomyFrozen, UnknownTaxonomy
from taxonomy.files import AffectFile, TaxonomyFile
from taxonomy.models import Affect, Taxonomy

HEAD = ("question", "question_personal", "min_picks", "max_picks")
BODY = tuple(AffectFile.__dataclass_fields__)


@transaction.atomic
def load(*, file: TaxonomyFile) -> tuple[Taxonomy, bool]:
    """Stores the taxonomy; the second value says whether anything changed.

    The same file twice changes nothing. A version that no campaign uses yet is replaced; one that
    is frozen raises TaxonomyFrozen unless the file says just what is stored.
    """
    taxonomy = Taxonomy.objects.filter(key=file.key, version=file.version).first()
    if taxonomy and as_file(taxonomy) == file:
        return taxonomy, False
    if taxonomy and taxonomy.frozen_at:
        raise TaxonomyFrozen(
            f"{taxonomy} is used by a campaign and differs from this file. "
            f"Give the file a higher version (say {file.version + 1}) and load it again."
        )
    head = {name: getattr(file, name) for name in HEAD}
    taxonomy, _ = Taxonomy.objects.update_or_create(
        key=file.key, version=file.version, defaults=head
    )
    taxonomy.affects.all().delete()
    Affect.objects.bulk_create(
        Affect(
            taxonomy=taxonomy, position=position, **{name: getattr(affect, name) for name in BODY}
        )
        for position, affect in enumerate(file.affects)
    )
    return taxonomy, True


def freeze(*, taxonomy: Taxonomy) -> None:
    """From now on the taxonomy can only be succeeded. Harmless when it already is frozen."""
    Taxonomy.objects.filter(id=taxonomy.id, frozen_at=None).update(frozen_at=timezone.now())


def as_file(taxonomy: Taxonomy) -> TaxonomyFile:
    """The taxonomy in the shape of its file, as snapshots and REST show it."""
    return TaxonomyFile(
        key=taxonomy.key,
        version=taxonomy.version,
        **{name: getattr(taxonomy, name) for name in HEAD},
        affects=tuple(
            AffectFile(**{name: getattr(affect, name) for name in BODY})
            for affect in taxonomy.affects.all()
        ),
    )


def find(text: str) -> Taxonomy:
    """The taxonomy behind 'key' (its highest version) or 'key:version'. Raises UnknownTaxonomy."""
    key, _, version = text.partition(":")
    found = Taxonomy.objects.filter(key=key)
    if version:
        found = found.filter(version=int(version)) if version.isdigit() else found.none()
    taxonomy = found.order_by("-version").first()
    if taxonomy is None:
        known = ", ".join(f"{t.key}:{t.version}" for t in Taxonomy.objects.all()) or "none yet"
        raise UnknownTaxonomy(
            f"There is no taxonomy '{text}'. Loaded are: {known}. "
            "Load one with 'manage.py import_taxonomy FILE.json'."
        )
    return taxonomy
