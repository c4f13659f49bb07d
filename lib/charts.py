"""Charts by Altair as SVG inside a page, in its colours, and as files for papers, on white.

A chart is given as a function and the figures that it draws: `chart_svg(dots, figures, title=…)`.
Altair and vl-convert (V8) are loaded when a chart is drawn that nobody has seen yet; what was drawn
is kept in the cache under its figures and its code, so that a page that is seen again costs a look
into the cache. See docs/adr/0014-charts-drawn-once.md for what that weighs.
"""

import functools
import hashlib
import json
import logging
import math
import re
import threading
from collections.abc import Callable
from inspect import getsourcefile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from django.core.cache import cache
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from redis.exceptions import RedisError

if TYPE_CHECKING:
    import altair

#: Makes an Altair chart of figures that are plain JSON.
Draw = Callable[[object], "altair.TopLevelMixin"]

INK, SOFT, LINE, SURFACE = "#2b2521", "#665b52", "#e2d7c9", "#ffffff"
#: Two series that colour-blind people, too, tell apart; give each a shape of its own as well.
FIRST, SECOND = "#96452c", "#1b6585"
#: Steps of one colour, from faint to full: of what holds for fewer and fewer.
STEPS = ("#eedfd8", "#ddbcae", "#cb9783", "#b16f57", "#96452c")
#: As many steps to either side of 0 has the colour of a correlation.
HEAT_STEPS = 10
_WARM, _COOL = (242, 162, 79), (121, 184, 211)

_SVG = "http://www.w3.org/2000/svg"
_KEPT_SECONDS = 7 * 24 * 3600
_ONE_DRAWS = threading.Lock()
#: A picture shows no more digits, and what it does not show shall not draw it anew.
_DIGITS = 4
_PIXELS_PER_UNIT = 3
_NO_MEANING = (
    "class",
    "style",
    "role",
    "pointer-events",
    "aria-",
    "font-family",
    "xmlns",
    "version",
)
_USUAL = {
    "opacity": "1",
    "font-weight": "normal",
    "font-style": "normal",
    "stroke-miterlimit": "10",
}
_CONFIG = {
    "background": SURFACE,
    "font": "sans-serif",
    # Room for fonts that are wider than the one in which charts are laid out.
    "padding": {"left": 24, "right": 24, "top": 24, "bottom": 8},
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 10,
        "labelPadding": 6,
        "labelLimit": 240,
        "labelFlush": False,
        "gridColor": LINE,
        "domain": False,
        "ticks": False,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 300,
        "symbolSize": 90,
        "columnPadding": 36,
    },
    "text": {"color": INK, "fontSize": 12},
}  # fmt: skip

logger = logging.getLogger(__name__)


def chart_svg(draw: Draw, figures: object, *, title: str, description: str) -> SafeString:
    """The chart as an `<svg>` element for a page: in the page's colours, light and dark, named for
    those who do not see it, without styles or scripts of its own.

    figures      plain JSON; what `draw` is called with, its fractions rounded to four digits
    description  what there is to see, in a sentence or two
    """
    figures = _rounded(figures)
    key = _key(draw, figures)
    width, box, body = _kept(f"chart:{key}", lambda: _for_a_page(_svg(draw, figures), key))
    return format_html(
        '<svg class="chart" role="img" aria-labelledby="{0}-title {0}-read" viewBox="{1}"'
        ' width="{2}" fill="none"><title id="{0}-title">{3}</title><desc id="{0}-read">{4}</desc>'
        "{5}</svg>",
        f"chart-{key}",
        box,
        width,
        title,
        description,
        mark_safe(body),  # drawn by ourselves; every text in it is escaped
    )


def chart_svg_file(draw: Draw, figures: object, *, title: str, description: str) -> str:
    """The chart as a file of its own: on white, in colours that need no style sheet."""
    root = ElementTree.fromstring(_svg(draw, figures))
    for number, (name, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{{{_SVG}}}{name}")
        element.text = text
        root.insert(number, element)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def chart_png(draw: Draw, figures: object) -> bytes:
    """The chart on white, three pixels to the unit: a column of a paper is printed sharp."""
    import vl_convert

    return vl_convert.vegalite_to_png(_spec(draw, figures), scale=_PIXELS_PER_UNIT)


def heat_colours() -> tuple[str, ...]:
    """The colours of the steps from -10 to 10: cool, nothing, warm."""
    return tuple(_heat(step) for step in range(-HEAT_STEPS, HEAT_STEPS + 1))


def _heat(step: int) -> str:
    end, share = _WARM if step > 0 else _COOL, abs(step) / HEAT_STEPS
    return "#" + "".join(f"{round(255 + (colour - 255) * share):02x}" for colour in end)


def _heat_of_the_page(step: int) -> str:
    side = "warm" if step > 0 else "cool"
    return (
        f"color-mix(in oklab, var(--heat-{side}) {100 * abs(step) // HEAT_STEPS}%, var(--surface))"
    )


@functools.cache
def _page_colours() -> dict[str, str]:
    """What stands on a page for each colour of the files."""
    steps = {colour: f"var(--chart-step-{k})" for k, colour in enumerate(STEPS, start=1)}
    heat = dict(
        zip(heat_colours(), map(_heat_of_the_page, range(-HEAT_STEPS, HEAT_STEPS + 1)), strict=True)
    )
    named = {INK: "--ink", SOFT: "--ink-soft", LINE: "--line", SURFACE: "--surface"}
    named |= {FIRST: "--chart-first", SECOND: "--chart-second"}
    return heat | steps | {colour: f"var({name})" for colour, name in named.items()}


def _spec(draw: Draw, figures: object) -> dict:
    """The chart in Vega-Lite. Altair's own check of it takes longer than the drawing, and charts
    are drawn in the tests."""
    spec = draw(_rounded(figures)).to_dict(validate=False)
    return {**spec, "config": _CONFIG}


def _svg(draw: Draw, figures: object) -> str:
    import vl_convert

    return vl_convert.vegalite_to_svg(_spec(draw, figures))


def _for_a_page(svg: str, key: str) -> tuple[str, str, str]:
    """(width, viewBox, what the element holds): the drawing and nothing else."""
    root = ElementTree.fromstring(svg)
    width, box = root.attrib["width"], root.attrib["viewBox"]
    root.remove(root[0])  # the white ground
    _strip(root, key)
    ElementTree.register_namespace("", _SVG)
    body = "".join(ElementTree.tostring(child, encoding="unicode") for child in root)
    return width, box, body.replace(f' xmlns="{_SVG}"', "")


def _strip(element: ElementTree.Element, key: str) -> None:
    for child in list(element):
        _strip(child, key)
        if _is_nothing(child):
            element.remove(child)
    for name, value in list(element.attrib.items()):
        if name.startswith(_NO_MEANING) or _USUAL.get(name) == value:
            del element.attrib[name]
        else:
            element.attrib[name] = _of_the_page(name, value, key)


def _of_the_page(name: str, value: str, key: str) -> str:
    if name == "id":
        return f"chart-{key}-{value}"
    value = re.sub(r"url\(#(.+?)\)", rf"url(#chart-{key}-\1)", value)
    return _page_colours().get(value, value)


def _is_nothing(element: ElementTree.Element) -> bool:
    kind = element.tag.removeprefix(f"{{{_SVG}}}")
    if kind == "g":
        return not len(element)
    return kind == "path" and not {"fill", "stroke"} & element.attrib.keys()


def _rounded(figures: object) -> object:
    """
    >>> _rounded({"a": [0.123456, 12345.6, 7, None]})
    {'a': [0.1235, 12350.0, 7, None]}
    """
    if isinstance(figures, dict):
        return {key: _rounded(value) for key, value in figures.items()}
    if isinstance(figures, (list, tuple)):
        return [_rounded(value) for value in figures]
    if isinstance(figures, float) and figures:
        return round(figures, _DIGITS - 1 - math.floor(math.log10(abs(figures))))
    return figures


def _key(draw: Draw, figures: object) -> str:
    """Names the drawing: other figures, or another version of the code, are another one."""
    said = f"{draw.__module__}.{draw.__qualname__} {_code(draw)} {json.dumps(figures)}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@functools.cache
def _code(draw: Draw) -> str:
    code = Path(__file__).read_bytes() + Path(getsourcefile(draw)).read_bytes()
    return hashlib.sha256(code).hexdigest()


def _kept(key: str, make: Callable[[], tuple]) -> tuple:
    """From the cache, if it answers; a page shows its charts without one, too."""
    try:
        return cache.get(key) or _kept_from_now_on(key, make)
    except RedisError:
        logger.warning("The cache of charts does not answer: drawing without it.")
        return make()


def _kept_from_now_on(key: str, make: Callable[[], tuple]) -> tuple:
    """Drawn by one thread of a process; those that wait for it find it drawn."""
    with _ONE_DRAWS:
        found = cache.get(key)
        if found is None:
            cache.set(key, found := make(), _KEPT_SECONDS)
        return found
