"""A pickle whose length nobody knows is read piece by piece, as far as it goes and not again."""

from __future__ import annotations

import pickle
from collections import OrderedDict

import pytest

from pycandle.weights.pickle_machine import PickleTruncatedError
from pycandle.weights.pickle_reader import read_pickle

VALUE = {
    "text": "é" * 3000,
    "bytes": b"\x00.\x80" * 2000,
    "numbers": [0, 1, 255, 256, 65535, 65536, -1, 2**31 - 1, 2**100, 0.5, True, None],
    "names": [f"layers.{number}.weight" for number in range(2000)],
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
}


class Pieces:
    """Hands out the start of some data, one byte more than was asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.handed_out = 1

    def more(self, wanted: int) -> bytes:
        assert wanted > self.handed_out
        self.handed_out = min(len(self.data), wanted + 1)
        return self.data[: self.handed_out]


@pytest.mark.parametrize("protocol", range(1, 6))
def test_a_pickle_in_pieces_is_the_same_as_in_one(protocol: int) -> None:
    data = pickle.dumps(VALUE, protocol)
    pieces = Pieces(data + b"what follows" * 1000)

    found = read_pickle(data[:1], 0, pieces.more)

    whole = read_pickle(data).value
    assert repr(found.value) == repr(whole)
    assert found.end == len(data)
    assert pieces.handed_out < len(pieces.data)


@pytest.mark.parametrize("protocol", range(2, 6))
def test_a_pickle_that_ends_early_is_truncated_wherever_it_ends(protocol: int) -> None:
    value = OrderedDict(VALUE, text="é", bytes=b".", names=["a"])
    data = pickle.dumps(value, protocol)

    for end in range(len(data)):
        with pytest.raises(PickleTruncatedError):
            read_pickle(data[:end])
        with pytest.raises(PickleTruncatedError):
            read_pickle(data[: end // 2], 0, Pieces(data[:end]).more)
