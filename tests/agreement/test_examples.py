import doctest
from importlib import import_module

import pytest

MODULES = [
    *("table", "interrater", "support", "alpha", "co_occurrence", "bootstrap", "consensus"),
    *("options", "figures", "dawid_skene", "sums", "comparison", "reliability"),
    *("panels", "others", "fixed_point", "text"),
]


@pytest.mark.parametrize("name", MODULES)
def test_the_worked_examples_in_the_docstrings_are_true(name):
    result = doctest.testmod(import_module(f"agreement.{name}"))

    assert (result.failed, result.attempted > 0) == (0, True)
