"""The examples in the docstrings are true."""

import doctest

import pytest

from routing import advice, checks, estimation, heads, intervals, pools, rules, yields


@pytest.mark.parametrize(
    "module", [advice, checks, estimation, heads, intervals, pools, rules, yields]
)
def test_docstring_examples_hold(module):
    result = doctest.testmod(module)

    assert result.attempted and not result.failed
