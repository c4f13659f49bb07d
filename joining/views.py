"""The steps that a rater takes before the first post, and may come back to later."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from annotation import access
from annotation.models import Membership
from annotation.views import signed_in
from joining import consents, entrances, members, strata
from joining.errors import ConsentTextReplaced
from joining.forms import StrataForm
from joining.models import Strata
from joining.queries import latest_text
from joining.rules import Step
from joining.steps import address_of, membership_of, place_of


@never_cache
@signed_in
def next_step(request: HttpRequest, slug: str) -> HttpResponse:
    """Sends the rater to the first step that is left, or to the posts."""
    membership = membership_of(request.user, slug)
    step = Step.READY if membership.admitted else members.admit(membership=membership)
    return redirect(address_of(step, slug))


@never_cache
@signed_in
def consent(request: HttpRequest, slug: str) -> HttpResponse:
    """The consent text, to agree to or not; later, to read again or to withdraw."""
    membership = membership_of(request.user, slug)
    text = latest_text(membership.campaign)
    if text is None:
        return redirect("joining:next", slug)
    if request.method == "POST":
        return _consent_said(request, membership, text)
    return _consent(request, membership, text)


@signed_in
@require_POST
def withdraw_consent(request: HttpRequest, slug: str) -> HttpResponse:
    """The rater takes consent back, for all versions of the text."""
    membership = membership_of(request.user, slug)
    consents.withdraw(membership=membership)
    return redirect("joining:declined", slug)


@signed_in
def declined(request: HttpRequest, slug: str) -> HttpResponse:
    """What holds for those who don't agree, and the way back."""
    membership = membership_of(request.user, slug)
    if membership.admitted:
        return redirect("joining:consent", slug)
    shown = {
        "campaign": membership.campaign,
        "judged": membership.campaign.judgements.filter(rater=membership.rater).exists(),
    }
    return render(request, "joining/declined.html", shown)


@never_cache
@signed_in
def my_strata(request: HttpRequest) -> HttpResponse:
    """What the rater says of themselves. As a step on the way to a campaign it leads on there."""
    rater = access.get_rater_for(request.user)
    then = request.GET.get("then", "")
    membership = membership_of(request.user, then) if then else None
    if "withdraw" in request.POST:
        strata.withdraw(rater=rater)
        messages.success(request, _("All that you had told us about yourself is erased."))
        return redirect("joining:strata")
    stored = Strata.objects.filter(rater=rater).first()
    form = StrataForm(request.POST) if request.method == "POST" else StrataForm.of(stored)
    if form.is_valid():
        strata.declare(rater=rater, **form.parts())
        if membership:
            return redirect("joining:next", then)
        messages.success(request, _("Your answers are stored."))
        return redirect("joining:strata")
    shown = {
        "form": form,
        "place": membership and place_of(Step.STRATA, membership),
        "said": stored is not None and any(getattr(stored, part) for part in strata.PARTS),
    }
    return render(request, "joining/strata.html", shown, status=422 if form.errors else 200)


@signed_in
@require_POST
def guideline_read(request: HttpRequest, slug: str) -> HttpResponse:
    """The rater has read the guideline, and goes on."""
    members.note_guideline_read(membership=membership_of(request.user, slug))
    return redirect("joining:next", slug)


def _consent(request: HttpRequest, membership: Membership, text, **more) -> HttpResponse:
    shown = {
        "campaign": membership.campaign,
        "text": text,
        "given": consents.given(membership).filter(consent_text=text).first(),
        "earlier": consents.given(membership).exclude(consent_text=text).exists(),
        "place": place_of(Step.CONSENT, membership),
        "from_crowd": entrances.participant_of(membership) is not None,
        **more,
    }
    return render(request, "joining/consent.html", shown, status=409 if more else 200)


def _consent_said(request: HttpRequest, membership: Membership, text) -> HttpResponse:
    """Agreement counts for the version that was on the page, if that is still the latest."""
    read = membership.campaign.consent_texts.filter(version=_number(request.POST.get("version")))
    try:
        consents.give(membership=membership, consent_text=read.first())
    except ConsentTextReplaced:
        return _consent(request, membership, latest_text(membership.campaign), replaced=True)
    return redirect("joining:next", membership.campaign.slug)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0
