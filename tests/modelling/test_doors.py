"""Pages and REST of the models: for engineers and admins, light enough for the web process."""

import pytest

from modelling import runs
from modelling.models import ModelVersion, TrainingRun

METRICS = {
    "test": {
        "posts": {
            "two_tower": {
                "tasks": {
                    "saddened": {
                        "positives": 41, "negatives": 59, "averaged": True, "prevalence": 0.41,
                        "roc_auc": 0.812, "average_precision": 0.701, "f1": 0.6, "ece": 0.05,
                    }
                },
                "macro": {"tasks": 1, "roc_auc": 0.812, "average_precision": 0.701},
            },
            "linear": {"tasks": {}, "macro": {"tasks": 0, "average_precision": None}},
        }
    },
    "validation_by_epoch": [0.6, None],
}  # fmt: skip


@pytest.fixture
def version(snapshot):
    run = TrainingRun.objects.create(snapshot=snapshot, recipe="tiny", state="done", curve=[0.5])
    return ModelVersion.objects.create(
        name="pathos-feelings", version=1, champion=True, run=run, mlflow_run_id="r1", recipe="tiny",
        bundle="file:///b", sha256="a" * 64, taxonomy="small v1", campaign="feelings",
        snapshot_sha256="b" * 64, metrics=METRICS,
    )  # fmt: skip


def test_an_engineer_starts_a_run_and_is_told_where_to_look(api, dan, snapshot):
    answer = api(dan).post(f"/api/v1/snapshots/{snapshot.id}/runs/", {"recipe": "tiny"})

    assert answer.status_code == 202
    run = api(dan).get(answer["Location"].removeprefix("http://testserver")).data
    assert (run["state"], run["recipe"], run["snapshot"]) == ("queued", "tiny", snapshot.id)


def test_a_run_on_an_unknown_recipe_or_an_unready_snapshot_is_refused(api, dan, snapshot):
    address = f"/api/v1/snapshots/{snapshot.id}/runs/"
    assert api(dan).post(address, {"recipe": "huge"}).data["code"] == "unknown_recipe"
    snapshot.state = "failed"
    snapshot.save()

    answer = api(dan).post(address, {"recipe": "tiny"})

    assert (answer.status_code, answer.data["code"]) == (409, "snapshot_not_ready")


def test_versions_carry_their_metrics(api, dan, version):
    listed = api(dan).get("/api/v1/models/").data["results"]

    assert listed == [api(dan).get(f"/api/v1/models/{version.id}/").data]
    assert listed[0]["metrics"] == METRICS


@pytest.mark.parametrize(
    "address", ["/api/v1/runs/", "/api/v1/models/", "/api/v1/runs/1/", "/api/v1/models/1/"]
)
def test_raters_and_strangers_stay_outside(api, ada, version, address):
    assert api(ada).get(address).status_code == 403
    assert api().get(address).status_code == 401


def test_figures_of_routed_posts_stand_beside_those_as_judged(client, dan, version):
    table = METRICS["test"]["posts"]["two_tower"]
    raw = {
        "tasks": {"saddened": table["tasks"]["saddened"] | {"average_precision": 0.922}},
        "macro": {"tasks": 1, "roc_auc": 0.933, "average_precision": 0.922},
    }
    routed = {"test": {"posts": {"two_tower": table | {"as_judged": raw}}}}
    ModelVersion.objects.filter(id=version.id).update(metrics=routed)
    client.force_login(dan)

    model = client.get(f"/models/{version.id}/").content.decode()

    assert "two_tower, as judged" in model and "0.933" in model
    assert "0.701" in model and "(0.922)" in model


def test_pages_show_the_run_and_the_figures(client, dan, version):
    client.force_login(dan)

    models = client.get("/campaigns/feelings/models/").content.decode()
    run = client.get(f"/runs/{version.run_id}/").content.decode()
    model = client.get(f"/models/{version.id}/").content.decode()

    assert "pathos-feelings v1" in models and "champion" in models
    assert "See pathos-feelings v1" in run
    assert "0.812" in model and "0.701" in model


def test_pages_are_not_for_raters(client, ada, version):
    client.force_login(ada.user)

    for address in ("/campaigns/feelings/models/", "/runs/1/", f"/models/{version.id}/"):
        assert client.get(address).status_code == 403


def test_the_form_starts_a_run(client, dan, snapshot):
    client.force_login(dan)

    answer = client.post("/campaigns/feelings/models/", {"snapshot": snapshot.id, "recipe": "tiny"})

    run = TrainingRun.objects.get()
    assert answer["Location"] == f"/runs/{run.id}/"
    assert (run.created_by, run.state) == (dan, "queued")


def test_an_unfinished_run_asks_for_itself_again(client, dan, snapshot):
    client.force_login(dan)
    run = runs.create(snapshot=snapshot, recipe="tiny")

    part = client.get(f"/runs/{run.id}/", headers={"HX-Request": "true"}).content.decode()

    assert part.startswith("<section") and 'hx-trigger="every 2s"' in part


def test_the_list_of_runs_costs_the_same_for_one_and_for_three(
    client, dan, snapshot, django_assert_num_queries
):
    client.force_login(dan)
    runs.create(snapshot=snapshot, recipe="tiny")
    client.get("/campaigns/feelings/models/")
    with django_assert_num_queries(9):
        client.get("/campaigns/feelings/models/")
    for _ in range(2):
        runs.create(snapshot=snapshot, recipe="tiny")

    with django_assert_num_queries(9):
        client.get("/campaigns/feelings/models/")
