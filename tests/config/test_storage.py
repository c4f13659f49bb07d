"""Static files as a browser gets them from the web server."""

import re

from django.core.management import call_command


def test_modules_import_each_other_under_hashed_names(tmp_path, settings):
    """So that every one of them may be kept for ever, and a new release is a new name."""
    settings.STATIC_ROOT = tmp_path
    backend = {"BACKEND": "config.storage.StaticFiles"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": backend}
    call_command("collectstatic", interactive=False, verbosity=0)

    (desk,) = tmp_path.glob("rater/desk.????????????.js")
    imported = re.findall(r'''"\./([\w.]+)"''', desk.read_text())
    assert len(imported) >= 7
    for name in imported:
        assert re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name)
        assert (tmp_path / "rater" / name).is_file()


def test_the_page_fetches_all_modules_at_once(settings):
    """One that desk.js imports and the page does not announce costs a round trip."""
    from annotation.desk_views import MODULES

    folder = settings.BASE_DIR / "static" / "rater"
    found, wanted = set(), {"desk.js"}
    while wanted - found:
        found |= wanted
        texts = [(folder / name).read_text() for name in found]
        wanted = {name for text in texts for name in re.findall(r'"\./(\w+\.js)"', text)}

    assert {f"rater/{name}" for name in found - {"desk.js"}} == set(MODULES)
