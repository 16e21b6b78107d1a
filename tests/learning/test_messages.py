"""What is text of a message alone, and what code may make something of."""

import logging
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress

import pytest
import torch
from torch import _assert

from pycandle.recorder.messages import is_message

LOGGER = logging.getLogger("a test")
FOUND: list[bool] = []


class Number(int):
    """A number that notes whether its text is a message."""

    def __str__(self) -> str:
        FOUND.append(is_message(sys._getframe(1)))
        return int.__repr__(self)

    def __format__(self, form: str) -> str:
        FOUND.append(is_message(sys._getframe(1)))
        return format(int(self), form)


n = Number(4)


def asserted() -> None:
    assert n == 3, f"the size is {n} and not {n:>3}"


def asserted_by_torch() -> None:
    torch._assert(
        n == 4,
        f"the size is {n} "
        f"and not {n}",
    )  # fmt: skip


def asserted_by_name() -> None:
    _assert(n == 4, f"the size is {n}")


def raised() -> None:
    if n == 4:
        raise ValueError(f"the size is {n}")


def warned() -> None:
    warnings.warn("the size is %s" % n, stacklevel=1)  # noqa: UP031


def logged() -> None:
    LOGGER.info(f"the size is {n}")


@pytest.mark.filterwarnings("ignore:the size")
@pytest.mark.parametrize(
    "code", [asserted, asserted_by_torch, asserted_by_name, raised, warned, logged]
)
def test_text_of_a_message_is_told(code: Callable[[], None]) -> None:
    FOUND.clear()
    with suppress(AssertionError, ValueError):
        code()

    assert FOUND
    assert all(FOUND)


def compared() -> object:
    assert str(n) == "4", "a message without the size"
    return None


def compared_as_f_string() -> object:
    assert f"{n}" == "4", "a message without the size"
    return None


def condition_of_an_assertion() -> object:
    _assert(f"{n}" == "4", "a message without the size")
    return None


def condition_and_message() -> object:
    _assert(f"{n}" == "4", f"the size is {n}")
    return None


def assigned() -> object:
    name = f"layer{n}"
    return name


def looked_up() -> object:
    return {"4": "four"}[str(n)]


def called() -> object:
    return getattr(LOGGER, f"size_{n}", None)


@pytest.mark.parametrize(
    "code",
    [
        compared,
        compared_as_f_string,
        condition_of_an_assertion,
        condition_and_message,
        assigned,
        looked_up,
        called,
    ],
)
def test_any_other_text_is_none(code: Callable[[], object]) -> None:
    FOUND.clear()
    code()

    assert FOUND
    assert not any(FOUND)
