"""The charts of the pages about agreement and consensus as files, for papers."""

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse

from agreement import access, charted, downloads, marks
from agreement.charted import KINDS, Chart, affect_names
from agreement.consensus_views import ON_THE_PAGE
from agreement.figures import OVER
from agreement.forms import OptionsForm, WaysForm
from annotation.access import get_campaign
from lib.permissions import engineer_required

#: What a drawn file holds, by the end of its name.
DRAWN = {
    "svg": ("image/svg+xml", lambda chart: chart.svg_file),
    "png": ("image/png", lambda chart: chart.png),
}


@engineer_required
def of_report(request: HttpRequest, slug: str, name: str, kind: str) -> HttpResponse:
    """A chart of the report under these options, if there is one."""
    campaign, form = get_campaign(slug), OptionsForm(request.GET)
    found = access.get_report(campaign, form.options).report if form.is_valid() else None
    if found is None:
        raise Http404
    over = request.GET.get("over") if request.GET.get("over") in OVER else OVER[0]
    ways = {"over": over, "as_corrected": "corrected" in request.GET}
    charts = charted.of_report(found, affect_names(campaign), **ways)
    return _file(slug, charts, name, kind, lambda: downloads.TABLES[name](found.figures))


@engineer_required
def of_reading(request: HttpRequest, slug: str, name: str, kind: str) -> HttpResponse:
    """A panel of the newest readings, if there are any: drawn, or its numbers as CSV."""
    campaign = get_campaign(slug)
    found = access.get_reading(campaign, ON_THE_PAGE).report
    charts = charted.of_reading(found, affect_names(campaign)) if found else {}
    table = partial(downloads.panel_csv, found.figures if found else {}, name)
    return _file(slug, charts, name, kind, table)


@engineer_required
def of_weeks(request: HttpRequest, slug: str, name: str, kind: str) -> HttpResponse:
    """The weeks under these options, if they were computed: drawn, or as CSV."""
    campaign, form = get_campaign(slug), WaysForm(request.GET)
    found = access.get_weeks(campaign, form.options).report if form.is_valid() else None
    charts = charted.of_weeks(found, marks.all_of(campaign)) if found else {}
    table = partial(downloads.weeks_csv, found.figures if found else {})
    return _file(slug, charts, name, kind, table)


def _file(
    slug: str, charts: dict[str, Chart], name: str, kind: str, table: Callable[[], str]
) -> HttpResponse:
    if name not in charts or kind not in KINDS:
        raise Http404
    if kind == "csv":
        content_type, content = "text/csv; charset=utf-8", table()
    else:
        content_type, draw = DRAWN[kind]
        content = draw(charts[name])
    headers = {"Content-Disposition": f'attachment; filename="{slug}-{name}.{kind}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
