"""The pages on which admins keep gold and the quiz; engineers may look."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from annotation import access, desk, gold, imported_gold
from annotation.imported_gold import GoldAdded, find_post
from annotation.models import Campaign, CampaignPost
from lib.errors import NotFound, PathosError, told_as
from lib.fields import BadField
from lib.permissions import admin_required, engineer_required
from lib.streams import Rejects
from lib.tables import open_table
from qualification import quizzes
from qualification.forms import FindPostForm, GoldForm, SettingsForm, UploadForm
from qualification.queries import answers_to, gold_of, outcomes_of, with_results
from qualification.rules import is_suspicious
from taxonomy.rules import OTHER_BIT, keys_of

#: As many posts as the table shows, those that raters get wrong most often first.
SHOWN = 500


@engineer_required
def gold_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The quiz's settings, and how raters do on each gold post."""
    return _gold_page(request, access.get_campaign(slug))


@admin_required
@require_POST
def change_settings(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = access.get_campaign(slug)
    form = SettingsForm(campaign, request.POST)
    if not form.is_valid():
        return _gold_page(request, campaign, settings_form=form)
    if form.cleaned_data["asked"]:
        quizzes.require_new(campaign=campaign)
        quizzes.change(campaign=campaign, **form.quiz())
    else:
        quizzes.drop(campaign=campaign)
    gold.change_share(campaign=campaign, share=form.cleaned_data["gold_share"] / 100)
    messages.success(request, "The settings are stored.")
    return redirect("qualification:gold", slug)


@admin_required
@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Brings in a file of gold, and tells of each row that can't be used."""
    campaign = access.get_campaign(slug)
    form, rejects = UploadForm(request.POST, request.FILES), Rejects()
    if not form.is_valid():
        return _gold_page(request, campaign, upload_form=form)
    try:
        done = _bring_in(campaign, form.cleaned_data["file"], rejects)
    except PathosError as fault:
        form.add_error("file", fault.message)
        return _gold_page(request, campaign, upload_form=form)
    quizzes.require_new(campaign=campaign)
    return _gold_page(request, access.get_campaign(slug), done=done, rejects=rejects)


@admin_required
@require_POST
def find(request: HttpRequest, slug: str) -> HttpResponse:
    """Leads to the page of a post by the post's own id."""
    campaign, form = access.get_campaign(slug), FindPostForm(request.POST)
    if form.is_valid():
        try:
            return redirect(
                "qualification:gold-post",
                slug,
                find_post(campaign, form.cleaned_data["post_id"]).id,
            )
        except BadField as fault:
            form.add_error("post_id", f"{fault.reason}.")
    return _gold_page(request, campaign, find_form=form)


@admin_required
def gold_post(request: HttpRequest, slug: str, campaign_post_id: int) -> HttpResponse:
    """Which picks are right for one post, beside what raters have picked."""
    post = _post(slug, campaign_post_id)
    affects = desk.affects_of(post.campaign.taxonomy_id)
    if request.method != "POST":
        return _gold_post(request, post, GoldForm.of(post, affects))
    form = GoldForm(affects, request.POST)
    if not form.is_valid():
        return _gold_post(request, post, form)
    try:
        gold.put(campaign_post=post, **form.cleaned_data)
    except PathosError as fault:
        form.add_error(None, fault.message)
        return _gold_post(request, post, form)
    quizzes.require_new(campaign=post.campaign)
    messages.success(request, f"The gold of '{post.post.key}' is stored.")
    return redirect("qualification:gold", slug)


@admin_required
@require_POST
def release(request: HttpRequest, slug: str, campaign_post_id: int) -> HttpResponse:
    """Makes a gold post ordinary again."""
    post = _post(slug, campaign_post_id)
    try:
        quizzes.release(campaign_post=post)
    except PathosError as fault:
        messages.warning(request, fault.message)
        return redirect("qualification:gold-post", slug, campaign_post_id)
    messages.success(request, f"'{post.post.key}' is an ordinary post again.")
    return redirect("qualification:gold", slug)


def _bring_in(campaign: Campaign, file: UploadedFile, rejects: Rejects) -> GoldAdded:
    with NamedTemporaryFile(suffix="".join(Path(file.name).suffixes)) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        with told_as(copy.name, file.name):
            table = open_table(Path(copy.name), required=[("post_id",), ("expected",)])
            return imported_gold.add(campaign=campaign, rows=table.rows, reject=rejects.add)


def _post(slug: str, campaign_post_id: int) -> CampaignPost:
    posts = CampaignPost.objects.select_related("campaign", "post")
    post = posts.filter(campaign=access.get_campaign(slug), id=campaign_post_id).first()
    if post is None:
        raise NotFound("There is no such post in this campaign.")
    return post


def _gold_page(
    request: HttpRequest,
    campaign: Campaign,
    *,
    settings_form: SettingsForm | None = None,
    upload_form: UploadForm | None = None,
    find_form: FindPostForm | None = None,
    done: GoldAdded | None = None,
    rejects: Rejects | None = None,
) -> HttpResponse:
    posts = list(with_results(gold_of(campaign)))
    forms = [settings_form, upload_form, find_form]
    shown = {
        "campaign": campaign,
        "settings_form": settings_form or SettingsForm(campaign),
        "upload_form": upload_form or UploadForm(),
        "find_form": find_form or FindPostForm(),
        "done": done,
        "rejects": rejects,
        "outcomes": outcomes_of(campaign),
        "figures": _figures(posts),
        "posts": _hardest_first(campaign, posts)[:SHOWN],
    }
    status = 422 if any(form and form.errors for form in forms) else 200
    return render(request, "qualification/gold.html", shown, status=status)


def _figures(posts: list[CampaignPost]) -> dict:
    answered, right = sum(post.answered for post in posts), sum(post.right for post in posts)
    return {
        "gold": sum(post.state == CampaignPost.State.GOLD for post in posts),
        "quiz": sum(post.state == CampaignPost.State.QUIZ for post in posts),
        "answered": answered,
        "share": round(100 * right / answered) if answered else None,
        "suspicious": sum(is_suspicious(post.answered, post.right) for post in posts),
    }


def _hardest_first(campaign: Campaign, posts: list[CampaignPost]) -> list[CampaignPost]:
    """The posts with what the table says of them; unanswered ones come last."""
    names = {affect.key: affect.name for affect in desk.affects_of(campaign.taxonomy_id)}
    for post in posts:
        post.share = post.right / post.answered if post.answered else None
        post.suspicious = is_suspicious(post.answered, post.right)
        post.expected = [names[key] for key in keys_of(post.gold.expected, list(names))]
        post.excluded = [names[key] for key in keys_of(post.gold.excluded, list(names))]
    return sorted(posts, key=lambda post: (2 if post.share is None else post.share, post.id))


def _gold_post(request: HttpRequest, post: CampaignPost, form: GoldForm) -> HttpResponse:
    affects = {affect.key: affect.name for affect in desk.affects_of(post.campaign.taxonomy_id)}
    given = answers_to(post)
    shown = {
        "campaign": post.campaign,
        "campaign_post": post,
        "post": post.post,
        "form": form,
        "given": [
            (_named(mask, affects), times, 100 * times / given.total())
            for mask, times in given.most_common(8)
        ],
        "answered": given.total(),
    }
    status = 422 if form.errors else 200
    return render(request, "qualification/gold_post.html", shown, status=status)


def _named(mask: int, affects: dict[str, str]) -> str:
    names = [affects[key] for key in keys_of(mask, list(affects))]
    return ", ".join(names + ["Other"] * (mask >> OTHER_BIT & 1)) or "Unclear"
