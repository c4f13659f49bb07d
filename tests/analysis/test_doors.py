"""The page and the REST door through which admins bring labels."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from analysis import analyses, figures
from analysis.models import Analysis
from analysis.tasks import read_file
from annotation.models import Campaign, Judgement

pytestmark = pytest.mark.django_db

ROWS = b"id,text,rater,label\n1,Sun,a,joy\n1,Sun,b,joy\n2,Fog,a,awe\n2,Fog,b,joy\n"
BAD_ROW = ROWS + b",Rain,a,awe\n"
NO_RATER = b"id,label\n1,joy\n"


def upload(content: bytes = ROWS, name: str = "study.csv") -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


@pytest.fixture
def rung(monkeypatch):
    """The ids that the worker was rung for; nobody reads them until `read_file` is called."""
    ids = []
    monkeypatch.setattr(read_file, "delay_on_commit", ids.append)
    return ids


@pytest.fixture
def bens(client, ben):
    client.force_login(ben)
    return client


def test_the_page_takes_a_file_and_leads_to_its_agreement(bens, rung):
    sent = bens.post(reverse("analysis:new"), {"file": upload(), "name": "My study"})

    analysis = Analysis.objects.get()
    page = reverse("analysis:detail", args=[analysis.id])
    assert (sent.status_code, sent.url, rung) == (302, page, [analysis.id])
    assert "A worker is reading the file" in bens.get(page).content.decode()

    read_file(analysis.id)

    assert bens.get(page).url == reverse("agreement:report", args=["my-study"])
    polled = bens.get(page, headers={"HX-Request": "true"})
    assert polled["HX-Redirect"] == reverse("agreement:report", args=["my-study"])
    assert Judgement.objects.count() == 4


def test_while_it_waits_htmx_gets_the_changing_part_only(bens, rung):
    bens.post(reverse("analysis:new"), {"file": upload()})

    page = reverse("analysis:detail", args=rung)
    part = bens.get(page, headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith("<section")
    assert f'hx-get="{page}"' in part


def test_of_many_answers_the_page_tells_figures_while_they_are_stored(bens, rung, monkeypatch):
    monkeypatch.setattr(figures, "FEW_JUDGEMENTS", 3)
    bens.post(reverse("analysis:new"), {"file": upload()})
    read_file(rung[0])
    headline = Analysis.objects.get().headline
    Analysis.objects.update(state="reading", stored=1)

    page = bens.get(reverse("analysis:detail", args=rung)).content.decode()

    assert (headline["posts"], headline["judgements"], headline["raters"]) == (2, 4, 2)
    assert "set-valued alpha" in page
    assert "Storing 4 judgements" in page


def test_rows_that_are_left_out_are_shown_before_the_figures(bens, rung):
    bens.post(reverse("analysis:new"), {"file": upload(BAD_ROW)})
    read_file(rung[0])

    page = bens.get(reverse("analysis:detail", args=rung)).content.decode()
    rejects = bens.get(reverse("analysis:rejects", args=rung))

    assert reverse("agreement:report", args=["study"]) in page
    assert b"".join(rejects.streaming_content).decode().splitlines() == [
        "row,field,reason,id",
        "5,post,is missing,",
    ]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"file": upload(NO_RATER)}, "who judged"),
        ({"file": upload(ROWS, "study.docx")}, "known endings"),
        ({"file": upload(b"")}, "empty"),
        ({"file": upload(), "columns": "picks"}, "ROLE=COLUMN"),
        ({"file": upload(), "columns": "mood=label"}, "is none of"),
        ({"file": upload(), "name": "feelings"}, "people judge"),
        ({}, "required"),
    ],
)
def test_the_page_says_at_once_what_it_cannot_use(bens, campaign, rung, sent, sentence):
    if "file" in sent:
        sent["file"].seek(0)

    page = bens.post(reverse("analysis:new"), sent)

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert (Analysis.objects.count(), rung) == (0, [])


def test_a_file_that_is_too_large_is_refused_and_not_kept(bens, rung, monkeypatch, settings):
    monkeypatch.setattr(analyses, "MAX_BYTES", 10)

    page = bens.post(reverse("analysis:new"), {"file": upload()})

    assert page.status_code == 422
    assert "manage.py analyse FILE" in page.content.decode()
    assert list(settings.ANALYSES_DIR.glob("*")) == []


def test_the_page_takes_what_columns_are(bens, rung):
    rows = b"a,b,c\n1,x,joy\n1,y,awe\n"

    columns = "post = a\nrater=b\n\npicks=c"
    bens.post(reverse("analysis:new"), {"file": upload(rows), "columns": columns})
    read_file(rung[0])

    assert set(Campaign.objects.get().taxonomy.keys) == {"joy", "awe"}


def test_the_page_takes_names_and_a_separator(bens, rung):
    lists = b'[{"id": 1, "rater": "a", "labels": [0, 1, 1]}]'
    cells = b"id,rater,label\n1,a,joy/awe\n"

    bens.post(reverse("analysis:new"), {"file": upload(lists, "a.json"), "labels": "x, joy, awe"})
    bens.post(reverse("analysis:new"), {"file": upload(cells, "b.csv"), "separator": "/"})
    for analysis_id in rung:
        read_file(analysis_id)

    for slug in ("a", "b"):
        assert set(Campaign.objects.get(slug=slug).taxonomy.keys) == {"joy", "awe"}


def test_new_campaign_leads_there(bens):
    page = bens.get(reverse("annotation:create-campaign")).content.decode()

    assert "Analyse labels you already have" in page
    assert f'href="{reverse("analysis:new")}"' in page


@pytest.mark.parametrize("name", ["new", "detail", "rejects"])
def test_pages_are_for_admins_alone(client, ada, dan, rung, name, ben):
    analysis = analyses.ask(chunks=[ROWS], file_name="study.csv", plan=analyses.Plan())
    address = reverse(f"analysis:{name}", args=[] if name == "new" else [analysis.id])

    assert client.get(address).status_code == 302
    for user in (ada.user, dan):
        client.force_login(user)
        assert client.get(address).status_code == 403


def test_an_unknown_analysis_is_not_found(bens, api, ben):
    assert bens.get(reverse("analysis:detail", args=[99])).status_code == 404
    assert api(ben).get("/api/v1/analyses/99/").json()["code"] == "unknown_analysis"


def test_rest_takes_a_form(api, ben, rung):
    sent = api(ben).post(
        "/api/v1/analyses/",
        {"file": upload(), "name": "My study", "columns": ["picks=label", "rater=rater"]},
        format="multipart",
    )

    body = sent.json()
    assert (sent.status_code, body["state"], body["agreement"]) == (202, "queued", None)
    assert sent["Location"].endswith(body["url"])
    assert Analysis.objects.get().plan["columns"] == {"picks": "label", "rater": "rater"}

    read_file(body["id"])
    done = api(ben).get(body["url"]).json()

    assert (done["state"], done["campaign"], done["progress"]) == ("ready", "my-study", 1.0)
    assert done["counts"]["judgements"] == 4
    figures = api(ben).get(done["agreement"]).json()
    assert (figures["posts"], figures["judgements"]) == (2, 4)


def test_rest_takes_the_body_itself(api, ben, rung):
    sent = api(ben).post(
        "/api/v1/analyses/?file_name=study.csv&keep_names=true&columns=picks%3Dlabel",
        data=ROWS,
        content_type="text/csv",
    )

    assert sent.status_code == 202, sent.json()
    read_file(sent.json()["id"])
    assert set(Judgement.objects.values_list("rater__key", flat=True)) == {"study/a", "study/b"}


def test_rest_lists_what_was_left_out(api, ben, rung):
    url = "/api/v1/analyses/?file_name=study.csv"
    sent = api(ben).post(url, data=BAD_ROW, content_type="text/csv").json()
    read_file(sent["id"])

    done = api(ben).get(sent["url"]).json()

    assert done["rejected"] == 1
    rows = b"".join(api(ben).get(done["rejects"]).streaming_content)
    assert b"5,post,is missing," in rows


@pytest.mark.parametrize(
    ("address", "content", "status", "code"),
    [
        ("?file_name=study.csv", NO_RATER, 400, "unknown_columns"),
        ("?file_name=study.docx", ROWS, 400, "bad_file"),
        ("?file_name=study.csv", b"", 400, "bad_file"),
        ("", ROWS, 422, "bad_plan"),
        ("?file_name=..", ROWS, 422, "bad_plan"),
        ("?file_name=study.csv&columns=mood%3Dlabel", ROWS, 422, "bad_plan"),
        ("?file_name=study.csv&format=excel", ROWS, 400, "invalid"),
        ("?file_name=study.csv&name=feelings", ROWS, 422, "bad_plan"),
    ],
)
def test_rest_refuses_in_one_shape(api, ben, campaign, rung, address, content, status, code):
    refused = api(ben).post(f"/api/v1/analyses/{address}", data=content, content_type="text/csv")

    assert refused["Content-Type"] == "application/problem+json"
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (Analysis.objects.count(), rung) == (0, [])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("study.docx", ROWS, "study.docx has none of the known endings"),
        ("study.csv", b"", "study.csv is empty."),
        ("study.json", b"{}", "study.json can't be used. A .json file must hold one array"),
    ],
)
def test_a_refusal_names_the_file_and_not_where_the_server_keeps_it(
    api, ben, rung, settings, name, content, told
):
    url = f"/api/v1/analyses/?file_name={name}"

    detail = api(ben).post(url, data=content, content_type="text/csv").json()["detail"]

    assert detail.startswith(told)
    assert str(settings.ANALYSES_DIR) not in detail


def test_of_a_bad_file_in_a_zip_the_page_says_which(bens, rung):
    zipped = BytesIO()
    with ZipFile(zipped, "w") as archive:
        archive.writestr("team/ada.json", "{}")
    bens.post(reverse("analysis:new"), {"file": upload(zipped.getvalue(), "export.zip")})

    read_file(rung[0])

    error = Analysis.objects.get().error
    assert error.startswith("export.zip/team/ada.json can't be used. A .json file must hold")


def test_what_the_worker_cannot_write_is_told_without_its_place(bens, rung, settings):
    bens.post(reverse("analysis:new"), {"file": upload(BAD_ROW)})
    Analysis.objects.get().rejects.mkdir()

    read_file(rung[0])

    error = Analysis.objects.get().error
    assert "its folder/rejects.csv" in error
    assert str(settings.ANALYSES_DIR) not in error


def test_rest_refuses_what_is_too_large(api, ben, rung, monkeypatch):
    monkeypatch.setattr(analyses, "MAX_BYTES", 10)

    refused = api(ben).post(
        "/api/v1/analyses/?file_name=study.csv", data=ROWS, content_type="text/csv"
    )

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_rest_is_for_admins_alone(api, ada, dan):
    for user in (ada, dan):
        assert api(user).post("/api/v1/analyses/", {}, format="multipart").status_code == 403
        assert api(user).get("/api/v1/analyses/").status_code == 403
    assert api().get("/api/v1/analyses/").status_code == 401


def test_a_file_that_turns_out_bad_ends_in_a_sentence(api, ben, rung):
    rows = b"id,rater,label\n" + b"".join(b"%d,a,label%d\n" % (n, n) for n in range(63))
    url = "/api/v1/analyses/?file_name=study.csv"
    sent = api(ben).post(url, data=rows, content_type="text/csv").json()

    read_file(sent["id"])

    done = api(ben).get(sent["url"]).json()
    assert done["state"] == "failed"
    assert "63 different labels" in done["error"]


def test_reading_twice_does_nothing_more_and_the_file_is_gone(rung):
    analysis = analyses.ask(chunks=[ROWS], file_name="study.csv", plan=analyses.Plan())
    read_file(analysis.id)

    read_file(analysis.id)

    assert Judgement.objects.count() == 4
    assert not analysis.upload.exists()


def test_a_worker_that_was_killed_is_followed_by_one_that_ends_it(rung):
    analysis = analyses.ask(chunks=[ROWS], file_name="study.csv", plan=analyses.Plan())
    Analysis.objects.update(state="reading", answers=4, stored=2)

    read_file(analysis.id)

    analysis.refresh_from_db()
    assert (analysis.state, analysis.stored, analysis.counts["judgements"]) == ("ready", 4, 4)


def test_a_file_name_cannot_lead_out_of_its_folder(rung, settings):
    analysis = analyses.ask(chunks=[ROWS], file_name="../../study.csv", plan=analyses.Plan())

    assert analysis.upload.resolve().is_relative_to(settings.ANALYSES_DIR)
