"""What is dear to compute, kept in the cache for a while; computed anew where that is away."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

T = TypeVar("T")
logger = logging.getLogger(__name__)


def kept(key: str, make: Callable[[], T], *, seconds: int) -> T:
    """What `make` gave within the last so many seconds under this key, or gives now. Not None."""
    try:
        return cache.get_or_set(key, make, seconds)
    except RedisError:
        logger.warning("The cache does not answer: computing %s without it.", key)
        return make()
