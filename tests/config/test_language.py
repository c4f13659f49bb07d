"""Raters' pages speak the reader's language, and all else speaks English."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLResolver

from config.urls import urlpatterns

GUIDELINE = "/campaigns/feelings/guideline/"


@pytest.fixture
def visit():
    """Opens a page: `visit(user, path, language="de-AT")`, the browser's language."""

    def open_page(user, path, language=None):
        client = Client(headers={"Accept-Language": language} if language else {})
        if user is not None:
            client.force_login(getattr(user, "user", user))
        return client.get(path)

    return open_page


def spoken(response) -> tuple[str, str]:
    """The page's language and direction."""
    return re.search(r'<html lang="([^"]+)" dir="([^"]+)"', response.text).groups()


@pytest.mark.parametrize(
    ("browser", "language"), [(None, "en"), ("de-AT,en;q=0.5", "de"), ("sw,en;q=0.5", "en")]
)
def test_a_page_speaks_the_browsers_language_where_there_is_a_catalogue(visit, browser, language):
    page = visit(None, "/signin/", browser)

    assert (spoken(page)[0], page.headers["Content-Language"]) == (language, language)
    assert "Accept-Language" in page.headers["Vary"]


def test_a_reader_chooses_another_language_at_the_foot_of_a_page(client, ada):
    client.force_login(ada.user)
    assert 'name="language" value="de"' in client.get(GUIDELINE).content.decode()

    turned = client.post("/language/", {"language": "de", "next": f"{GUIDELINE}?step="})

    assert turned.headers["Location"] == f"{GUIDELINE}?step="
    assert client.cookies["language"]["max-age"] > 300 * 24 * 3600
    assert spoken(client.get(GUIDELINE)) == ("de", "ltr")


def test_after_a_refused_form_the_way_back_leads_to_the_page_that_it_was_on(client, ada, add_posts):
    add_posts(ada.memberships.get().campaign, "a post")
    client.force_login(ada.user)
    desk = "http://testserver/campaigns/feelings/judge/"
    client.get(desk)
    refused = client.post(
        f"/assignments/{ada.assignments.get().id}/flag/",
        {"flag-reason": "?"},
        headers={"Referer": desk},
    )

    back = re.search(r'name="next" value="([^"]*)"', refused.text)[1]
    turned = client.post("/language/", {"language": "de", "next": back})

    assert (refused.status_code, turned.headers["Location"]) == (422, desk)


def test_the_way_back_leads_to_no_other_site(client, db):
    turned = client.post("/language/", {"language": "de", "next": "https://example.org/"})

    assert turned.headers["Location"] == "/"


def test_a_language_that_reads_from_right_to_left_needs_only_a_catalogue(visit, settings, db):
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "Arabic")]

    assert spoken(visit(None, "/signin/", "ar")) == ("ar", "rtl")


def addresses(patterns=urlpatterns, before: str = "/") -> Iterator[str]:
    """All pages that need no more than a campaign to be opened."""
    for part in patterns:
        address = before + str(part.pattern).replace("<slug:slug>", "feelings")
        if isinstance(part, URLResolver):
            yield from addresses(part.url_patterns, address)
        elif "<" not in address and "^" not in address and not address.startswith("/api/"):
            yield address


def test_staff_pages_are_english_and_offer_no_other_language(visit, ben, campaign):
    pages = {address: visit(ben, address, "de") for address in addresses()}
    opened = {address: page for address, page in pages.items() if is_page(page)}

    german = {address for address, page in opened.items() if spoken(page)[0] == "de"}
    offered = {address for address, page in opened.items() if 'name="language"' in page.text}

    assert len(opened) > 15
    assert german == offered == {"/campaigns/", GUIDELINE, "/work/deleted/"}


def is_page(response) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return response.status_code == 200 and is_html and b"</html>" in response.content


def test_whoever_may_not_open_a_staff_page_reads_so_in_their_language(visit, ada):
    page = visit(ada, "/campaigns/feelings/settings/", "de")

    assert (page.status_code, spoken(page)[0]) == (403, "de")


@pytest.mark.parametrize("path", ["/no-such-page/", "/campaigns/unknown/judge/"])
def test_what_is_not_there_is_said_in_the_readers_language(visit, ada, path):
    page = visit(ada, path, "de")

    assert (page.status_code, spoken(page)[0]) == (404, "de")


def test_rest_speaks_english_to_everybody(api, ada):
    client = api(ada)

    answer = client.get("/api/v1/nothing/", HTTP_ACCEPT_LANGUAGE="de")
    refused = client.get("/api/v1/campaigns/feelings/hours/", HTTP_ACCEPT_LANGUAGE="de")

    assert answer.json()["detail"] == "There is nothing at this address that you may see."
    assert refused.json()["detail"].startswith("Only a")
    assert answer.headers["Content-Language"] == "en"


def test_one_readers_language_is_not_the_next_ones(visit, db):
    visit(None, "/signin/", "de")

    assert spoken(visit(None, "/signin/")) == ("en", "ltr")
