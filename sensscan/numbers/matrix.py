"""Many values of one length as a matrix of bytes: one row per value, one column per character.

Check digits computed on such a matrix cost nanoseconds per value. Characters outside ASCII become "?",
which is no digit and no letter, so that such values fail every test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Truth = NDArray[np.bool_]
    Integers = NDArray[np.int64]

ZERO = ord("0")


def by_length(values: Sequence[str]) -> Iterator[tuple[int, Integers, Bytes]]:
    """Yield (length, positions in `values`, matrix of length columns) for each length that occurs.

    >>> [(length, rows.tolist(), matrix.tobytes()) for length, rows, matrix in by_length(["12", "3", "45"])]
    [(1, [1], b'3'), (2, [0, 2], b'1245')]
    """
    import numpy as np

    count = len(values)
    if not count:
        return
    sizes = set(map(len, values))
    buffer = np.frombuffer("".join(values).encode("ascii", "replace"), dtype=np.uint8)
    if len(sizes) == 1:
        length = sizes.pop()
        yield length, np.arange(count), buffer.reshape(count, length)
        return
    lengths = np.fromiter(map(len, values), dtype=np.int64, count=count)
    starts = np.cumsum(lengths) - lengths
    for length in sorted(sizes):
        rows = np.flatnonzero(lengths == length)
        yield length, rows, buffer[starts[rows][:, None] + np.arange(length)]


def check_by_length(tests: Mapping[int, Callable[[Bytes], Truth]], values: Sequence[str]) -> Truth:
    """Return one truth value per value: `tests[length]` of its characters, False for lengths without a test."""
    import numpy as np

    passed: Truth = np.zeros(len(values), dtype=np.bool_)
    for length, rows, matrix in by_length(values):
        test = tests.get(length)
        if test is not None:
            passed[rows] = test(matrix)
    return passed


def all_digits(matrix: Bytes) -> Truth:
    """Return for each row whether it holds digits 0-9 only."""
    import numpy as np

    # Unsigned bytes: what lies below "0" wraps around to more than 9.
    shifted: Bytes = matrix - np.uint8(ZERO)
    digits = shifted <= 9
    # The usual case is a column of nothing but digits, and one test over all of it is much faster than one per row.
    truth: Truth = np.ones(len(matrix), dtype=np.bool_) if bool(digits.all()) else np.all(digits, axis=1)
    return truth


def number(matrix: Bytes) -> Integers:
    """Return each row of digits (15 at most) as one integer; rows with other characters give nonsense.

    >>> import numpy as np
    >>> number(np.frombuffer(b"0042", dtype=np.uint8).reshape(1, 4)).tolist()
    [42]
    """
    import numpy as np

    powers = 10.0 ** np.arange(matrix.shape[1] - 1, -1, -1)
    # Products of floats run in BLAS, those of integers do not; up to 15 digits they are exact.
    total = matrix.astype(np.float64) @ powers - ZERO * powers.sum()
    integers: Integers = total.astype(np.int64)
    return integers


def weighted_sum(values: NDArray[Any], weights: Sequence[int]) -> Integers:
    """Return for each row the sum of value times weight; both are small, so that single precision is exact."""
    import numpy as np

    total: Integers = (values.astype(np.float32, copy=False) @ np.array(weights, dtype=np.float32)).astype(np.int64)
    return total


def table(alphabet: str, values: Sequence[int] | None = None, *, missing: int) -> NDArray[Any]:
    """Return a 256-place table from character to value (its place in `alphabet` by default), `missing` elsewhere.

    Read it with `take`: the values are small whole numbers in single precision, ready for `weighted_sum`.
    """
    import numpy as np

    places = np.full(256, missing, dtype=np.float32)
    places[np.frombuffer(alphabet.encode("ascii"), dtype=np.uint8)] = np.arange(len(alphabet)) if values is None else np.array(values)
    return places
