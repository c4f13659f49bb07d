"""The verb that takes a campaign for analysis only away again, with all that files brought there."""

from django.db import connection, transaction
from django.db.models import PROTECT

from agreement.models import Change
from analysis.errors import InUse, NotBrought
from annotation.models import (
    Campaign,
    JudgementRevision,
    Post,
    PostCount,
    Rater,
    WorkCount,
)

# Django would load millions of them first, to see what hangs on each.
DELETE_JUDGEMENTS = "DELETE FROM annotation_judgement WHERE campaign_id = %s"


def check(*, campaign: Campaign) -> None:
    """Raises NotBrought where people judge, InUse where something rests on the campaign."""
    if not campaign.analysis_only:
        raise NotBrought
    for each in Campaign._meta.related_objects:
        resting = each.related_model.objects.filter(**{each.field.name: campaign})
        if each.on_delete is PROTECT and resting.exists():
            what = each.related_model._meta.verbose_name_plural
            raise InUse(f"The analysis '{campaign}' stays: {what} rest on it.")


@transaction.atomic
def remove(*, campaign: Campaign) -> None:
    """Deletes the campaign: its judgements, and the posts, raters and labels that are nobody else's.

    Raises NotBrought, InUse.
    """
    check(campaign=campaign)
    posts = list(campaign.campaign_posts.values_list("post_id", flat=True))
    raters = list(campaign.memberships.values_list("rater_id", flat=True))
    JudgementRevision.objects.filter(judgement__campaign=campaign).delete()
    with connection.cursor() as cursor:
        cursor.execute(DELETE_JUDGEMENTS, [campaign.id])
    Campaign.objects.get(id=campaign.id).delete()
    for counts in (PostCount, WorkCount, Change):
        counts.objects.filter(campaign_id=campaign.id).delete()
    _delete_what_is_left(campaign, posts, raters)


def _delete_what_is_left(campaign: Campaign, posts: list[int], raters: list[int]) -> None:
    """Posts and raters carry the campaign's slug before their ids, unless they were there before."""
    prefix = f"{campaign.slug}/"
    own = Rater.objects.filter(id__in=raters, key__startswith=prefix, user=None)
    own.filter(memberships=None, judgements=None).delete()
    own = Post.objects.filter(id__in=posts, key__startswith=prefix)
    own.filter(campaign_posts=None, signals=None).delete()
    taxonomy = campaign.taxonomy
    if taxonomy.key == campaign.slug and not taxonomy.campaigns.exists():
        taxonomy.delete()
