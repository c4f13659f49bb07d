"""The verbs on campaigns: create one, change it, add raters, open and close it."""

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from annotation import assignments
from annotation.errors import AnalysisOnly, BadCampaign, GoldWithdrawn
from annotation.models import Assignment, Campaign, CampaignPost, Gold, Membership, Rater
from annotation.rules import faults_of_settings
from taxonomy import taxonomies
from taxonomy.models import Taxonomy

#: What may be changed of a campaign that is there. Whatever else figures rest on stays as it was.
CHANGEABLE = frozenset({
    "name", "guideline", "raters_per_post", "lease_seconds", "daily_limit", "break_after_minutes",
    "support_text", "pay_per_hour", "pay_currency", "leaves_out_sensitive", "cover_reported_from",
})  # fmt: skip
#: Those of them that have rules of their own.
RULED = [
    "lease_seconds", "daily_limit", "break_after_minutes", "cover_reported_from", "pay_per_hour",
    "pay_currency",
]  # fmt: skip

FIXED = (
    "Raters were asked about posts already, so this is fixed: posts with different numbers of "
    "raters don't compare. Make a new campaign instead."
)


def create(
    *,
    slug: str,
    taxonomy: Taxonomy,
    name: str = "",
    raters_per_post: int = 5,
    max_picks: int | None = None,
    any_number_of_picks: bool = False,
    frame: str = Campaign.Frame.UNIVERSAL,
    guideline: str = "",
    lease_seconds: int = 30 * 60,
    analysis_only: bool = False,
) -> Campaign:
    """A new campaign; from here on its taxonomy is frozen.

    `max_picks=None` takes the taxonomy's own limit; `any_number_of_picks` lifts it. A campaign for
    `analysis_only` takes judgements made elsewhere, and stays closed for good.
    Raises BadCampaign with the fields that don't fit.
    """
    campaign = Campaign(
        slug=slug,
        name=name or slug.replace("-", " ").replace("_", " ").capitalize(),
        taxonomy=taxonomy,
        raters_per_post=raters_per_post,
        min_picks=taxonomy.min_picks,
        max_picks=None if any_number_of_picks else max_picks or taxonomy.max_picks,
        frame=frame,
        guideline=guideline,
        lease_seconds=lease_seconds,
        state=Campaign.State.CLOSED if analysis_only else Campaign.State.OPEN,
        analysis_only=analysis_only,
    )
    if faults := _faults(campaign):
        raise _bad_campaign(f"The campaign '{slug}' can't be made", faults)
    try:
        with transaction.atomic():
            campaign.save()
            taxonomies.freeze(taxonomy=taxonomy)
    except IntegrityError:  # somebody took the slug since it was checked
        raise BadCampaign(f"The campaign '{slug}' was made by somebody else just now.") from None
    return campaign


@transaction.atomic
def change(*, campaign: Campaign, **changes) -> Campaign:
    """Changes fields of the campaign, all of them or, when one of them doesn't fit, none.

    How many raters a post wants is fixed from the first post on that somebody was asked about; until
    then the posts follow. A new lease goes for posts handed out from now on.
    Raises BadCampaign with the fields that don't fit.
    """
    changed = Campaign.objects.select_for_update(no_key=True).get(id=campaign.id)
    before = changed.raters_per_post
    faults = {name: "This can't be changed." for name in changes if name not in CHANGEABLE}
    for name in CHANGEABLE & changes.keys():
        setattr(changed, name, changes[name])
    faults |= _faults(changed) or _faults_of_settings(changed)
    if changed.raters_per_post != before and was_asked(changed):
        faults["raters_per_post"] = FIXED
    if faults:
        raise _bad_campaign(f"The campaign '{campaign.slug}' can't be changed so", faults)
    changed.save(update_fields=sorted(CHANGEABLE & changes.keys()))
    if changed.raters_per_post != before:
        _recount(changed)
    return changed


def was_asked(campaign: Campaign) -> bool:
    """Whether any post of the campaign was ever handed out, or came with judgements."""
    handed_out = Assignment.objects.filter(campaign_post__campaign=campaign)
    return handed_out.exists() or campaign.judgements.exists()


def add_rater(*, campaign: Campaign, user: AbstractBaseUser) -> Membership:
    """Gives the account a part in the campaign. Adding twice changes nothing.

    Where the campaign asks for more than a name, the rater first takes those steps.
    Raises AnalysisOnly.
    """
    check_takes_raters(campaign=campaign)
    rater, _ = Rater.objects.get_or_create(user=user, defaults={"key": user.get_username()})
    membership, _ = Membership.objects.get_or_create(
        campaign=campaign, rater=rater, defaults={"admitted": not campaign.entry_required}
    )
    return membership


def check_takes_raters(*, campaign: Campaign) -> None:
    """To be called before anybody is asked to judge here. Raises AnalysisOnly."""
    if campaign.analysis_only:
        raise AnalysisOnly


def change_state(*, campaign: Campaign, state: str) -> None:
    """Opens, pauses or closes the campaign. What raters hold may still be judged.

    Raises BadCampaign, AnalysisOnly.
    """
    check_takes_raters(campaign=campaign)
    if state not in Campaign.State.values:
        raise BadCampaign(f"A campaign can be {', '.join(Campaign.State.values)}; not '{state}'.")
    Campaign.objects.filter(id=campaign.id).update(state=state)


@transaction.atomic
def withdraw_post(*, campaign_post: CampaignPost) -> None:
    """The post is asked no more, not even of those who hold it. Judgements it already has stay."""
    CampaignPost.objects.filter(id=campaign_post.id).update(state=CampaignPost.State.WITHDRAWN)
    assignments.give_back_post(campaign_post=campaign_post)


@transaction.atomic
def put_post_back(*, campaign_post: CampaignPost) -> bool:
    """A withdrawn post is open again; any other stays as it is, and the answer is False. Raises
    GoldWithdrawn."""
    withdrawn = CampaignPost.objects.filter(id=campaign_post.id, state=CampaignPost.State.WITHDRAWN)
    if Gold.objects.filter(campaign_post__in=withdrawn).exists():
        raise GoldWithdrawn
    wanted = campaign_post.campaign.raters_per_post
    return withdrawn.update(state=CampaignPost.State.OPEN, wanted=wanted) > 0


def _faults(campaign: Campaign) -> dict[str, str]:
    try:
        campaign.full_clean()
    except ValidationError as error:
        return {field: " ".join(messages) for field, messages in error.message_dict.items()}
    return {}


def _faults_of_settings(campaign: Campaign) -> dict[str, str]:
    return faults_of_settings(**{name: getattr(campaign, name) for name in RULED})


def _recount(campaign: Campaign) -> None:
    assignments.change_many_posts(campaign=campaign)
    posts = campaign.campaign_posts.filter(state=CampaignPost.State.OPEN)
    posts.update(wanted=campaign.raters_per_post)


def _bad_campaign(what: str, faults: dict[str, str]) -> BadCampaign:
    shown = "; ".join(f"{where}: {fault}" for where, fault in faults.items())
    errors = [{"where": where, "what": fault} for where, fault in faults.items()]
    return BadCampaign(f"{what}: {shown}", errors=errors)
