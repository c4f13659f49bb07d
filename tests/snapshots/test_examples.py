import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["splits", "formats", "card", "downloads"])
def test_the_worked_examples_in_the_docstrings_are_true(name):
    result = doctest.testmod(import_module(f"snapshots.{name}"))

    assert (result.failed, result.attempted > 0) == (0, True)
