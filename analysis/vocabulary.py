"""Numbers for the values of a column, each value read once however often it stands there."""

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from lib.fields import BadField


class Vocabulary:
    """Numbers values in the order in which they first occur.

    `read` turns a value as it stands in a file into what it means, or raises BadField: what can't
    be used gets a number below 0, and `fault` tells why.
    """

    def __init__(self, read: Callable[[Hashable], Hashable]):
        self.values: list[Hashable] = []
        self._read = read
        self._codes: dict[Hashable, int] = {}
        self._numbers: dict[Hashable, int] = {}
        self._faults: list[BadField] = []

    def code(self, raw: Hashable) -> int:
        code = self._codes.get(raw)
        if code is None:
            code = self._codes[raw] = self._new(raw)
        return code

    def codes(self, column: Sequence) -> np.ndarray:
        """int64[N] for a list of values or an Arrow array of them."""
        if isinstance(column, (list, tuple)):
            return np.fromiter(map(self.code, column), np.int64, len(column))
        encoded = column.dictionary_encode()
        return self.codes(encoded.dictionary.to_pylist())[encoded.indices.to_numpy()]

    def fault(self, code: int) -> BadField:
        return self._faults[-code - 1]

    def _new(self, raw: Hashable) -> int:
        try:
            value = self._read(raw)
        except BadField as bad:
            self._faults.append(bad)
            return -len(self._faults)
        if value not in self._numbers:
            self._numbers[value] = len(self.values)
            self.values.append(value)
        return self._numbers[value]
