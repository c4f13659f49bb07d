import doctest

from lib import times


def test_the_worked_example_is_true():
    assert doctest.testmod(times) == (0, 2)
