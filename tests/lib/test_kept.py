"""What is kept is computed once; without a cache, it is computed each time."""

from itertools import count
from uuid import uuid4

from lib.kept import kept


def test_what_is_kept_is_made_once():
    key, made = f"tests.{uuid4()}", count(1)

    assert [kept(key, lambda: next(made), seconds=5) for _ in range(2)] == [1, 1]


def test_without_a_cache_it_is_made_each_time(settings):
    away = {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/at/all"}
    settings.CACHES = {"default": away}
    key, made = f"tests.{uuid4()}", count(1)

    assert [kept(key, lambda: next(made), seconds=5) for _ in range(2)] == [1, 2]
