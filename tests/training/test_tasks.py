"""The list of tasks is data."""

from collections import Counter

import pytest

from training.errors import TrainingError
from training.tasks import Task, from_taxonomy, load_tasks, read_tasks

ADORING = {"key": "adoring", "name": "Adoring", "valence": "positive", "personalised": True}
SCARED = {"key": "scared", "name": "Scared", "valence": "negative"}


def test_the_preset_holds_the_23_tasks():
    tasks = load_tasks("kdd22-23", {})

    kinds = Counter(task.kind for task in tasks)
    assert kinds == {"reaction": 7, "behaviour": 2, "negative_feedback": 3, "affect": 11}
    assert all(task.personalise == task.is_affect for task in tasks)
    assert [task.key for task in tasks if task.sources == ("care",)] == ["approving"]


def test_a_taxonomy_gives_one_task_per_affect_in_its_order():
    assert from_taxonomy({"affects": [SCARED, ADORING]}) == (
        Task("scared", "affect", ("human", "care"), "negative", False),
        Task("adoring", "affect", ("human", "care"), "positive", True),
    )


def test_an_affect_that_does_not_say_so_is_not_personalised():
    (task,) = from_taxonomy({"affects": [{"key": "amusement"}]})

    assert not task.personalise


def test_an_unknown_list_is_refused_with_the_known_ones():
    with pytest.raises(TrainingError, match="'mine'; known are taxonomy, kdd22-23"):
        load_tasks("mine", {})


def test_two_tasks_of_one_key_are_refused():
    (task,) = from_taxonomy({"affects": [ADORING]})

    with pytest.raises(TrainingError, match="same key"):
        read_tasks([vars(task), vars(task)])
