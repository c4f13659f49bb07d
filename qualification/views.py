"""The quiz as raters meet it: what it is, one post at a time, what fits there, and how it went."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from annotation import access, cards, desk
from annotation.errors import CampaignNotOpen, MembershipPaused
from annotation.models import Campaign, Membership
from annotation.views import signed_in
from lib.errors import NotFound, PathosError, Unprocessable
from qualification import quizzes
from qualification.errors import QuizOver
from qualification.forms import QuizAnswerForm
from qualification.models import QuizAnswer
from qualification.queries import posts_for
from qualification.rules import right_needed
from taxonomy.rules import keys_of


@signed_in
def quiz(request: HttpRequest, slug: str) -> HttpResponse:
    """Wherever the rater stands in the quiz. POST starts a try."""
    membership = _membership(request, slug)
    if pause := _pause(membership):
        return _paused(request, membership, pause)
    if request.method == "POST":
        return _start(membership)
    state = quizzes.state_of(membership)
    if state == "none":
        return redirect("joining:next", slug)
    latest = membership.quiz_tries.last()
    if latest and latest.passed is None:
        return _question(request, membership, latest.answers.filter(answered_at=None).first())
    return _standing(request, membership, state, latest)


@signed_in
def answer(request: HttpRequest, slug: str, answer_id: int) -> HttpResponse:
    """Stores the answer to a post of the quiz; shows whether it was right, and why."""
    membership = _membership(request, slug)
    asked = _asked(membership, answer_id)
    if pause := _pause(membership):
        return _paused(request, membership, pause)
    if request.method == "POST":
        return _answered(request, membership, asked)
    if asked.answered_at is None:
        return redirect("qualification:quiz", slug)
    return _feedback(request, membership, asked)


def _answered(request: HttpRequest, membership: Membership, asked: QuizAnswer) -> HttpResponse:
    form = QuizAnswerForm(request.POST)
    try:
        quizzes.answer(asked=asked, **form.answer())
    except Unprocessable as refused:
        return _question(request, membership, asked, form, sentence=refused.message)
    except QuizOver:
        return redirect("qualification:quiz", membership.campaign.slug)
    return redirect("qualification:answer", membership.campaign.slug, asked.id)


def _start(membership: Membership) -> HttpResponse:
    with suppress(QuizOver):  # the page says how things stand
        quizzes.start(membership=membership)
    return redirect("qualification:quiz", membership.campaign.slug)


def _question(
    request: HttpRequest,
    membership: Membership,
    asked: QuizAnswer,
    form: QuizAnswerForm | None = None,
    sentence: str = "",
) -> HttpResponse:
    form = form or QuizAnswerForm()
    campaign = membership.campaign
    shown = _place(asked) | {
        "campaign": campaign,
        "groups": desk.groups_of(campaign.taxonomy_id, form.picked),
        "says": cards.says(campaign),
        "form": form,
        "sentence": sentence,
    }
    return render(request, "qualification/question.html", shown, status=422 if sentence else 200)


def _feedback(request: HttpRequest, membership: Membership, asked: QuizAnswer) -> HttpResponse:
    key, campaign = asked.campaign_post.gold, membership.campaign
    shown = _place(asked) | {
        "campaign": campaign,
        "picked": _affects(campaign, asked.picks),
        "expected": _affects(campaign, key.expected),
        "excluded": _affects(campaign, key.excluded),
        "misread": _affects(campaign, key.excluded & asked.picks),
        "explanation": key.explanation,
        "is_last": not asked.quiz_try.answers.filter(answered_at=None).exists(),
    }
    return render(request, "qualification/feedback.html", shown)


def _standing(request: HttpRequest, membership: Membership, state: str, latest) -> HttpResponse:
    """The page between tries: what the quiz is, how the last try went, and what comes next."""
    settings, answers = membership.campaign.quiz, []
    asked = min(settings.posts_per_try or 1000, posts_for(membership).count())
    if latest:
        answers = list(latest.answers.select_related("campaign_post__post"))
        asked = len(answers) if state != "open" else asked
    shown = {
        "campaign": membership.campaign,
        "state": state,
        "latest": latest,
        "answers": answers,
        "right": sum(answer.right for answer in answers),
        "asked": asked,
        "needed": right_needed(asked, settings.pass_mark),
        "tries_left": quizzes.tries_left(membership),
    }
    return render(request, "qualification/quiz.html", shown)


def _place(asked: QuizAnswer) -> dict:
    """The post, and where in the try it stands."""
    posts = asked.quiz_try.answers.count()
    place = asked.campaign_post
    return {"asked": asked, "post": place.post, "covered": place.sensitive, "posts": posts}


def _affects(campaign: Campaign, mask: int) -> list:
    """The affects of a mask, as the desk shows them."""
    affects = desk.affects_of(campaign.taxonomy_id)
    keys = set(keys_of(mask, [affect.key for affect in affects]))
    return [affect for affect in affects if affect.key in keys]


def _membership(request: HttpRequest, slug: str) -> Membership:
    rater = access.get_rater_for(request.user)
    campaign = access.get_campaign_for(rater, slug)
    return Membership.objects.select_related("campaign__taxonomy").get(
        rater=rater, campaign=campaign
    )


def _asked(membership: Membership, answer_id: int) -> QuizAnswer:
    """One of the rater's own. A stranger's doesn't exist for them."""
    own = QuizAnswer.objects.select_related("campaign_post__post", "campaign_post__gold")
    asked = own.filter(quiz_try__membership=membership, id=answer_id).first()
    if asked is None:
        raise NotFound
    return asked


def _pause(membership: Membership) -> PathosError | None:
    """Why there is nothing to do at the moment, if so."""
    if membership.campaign.state != Campaign.State.OPEN:
        return CampaignNotOpen()
    if membership.state != Membership.State.ACTIVE:
        return MembershipPaused(membership.paused_reason)
    return None


def _paused(request: HttpRequest, membership: Membership, pause: PathosError) -> HttpResponse:
    shown = {"campaign": membership.campaign, "pause": pause}
    return render(request, "qualification/paused.html", shown)
