"""What is known of a value before it is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pycandle.dtypes import DTYPES
from pycandle.ir.sizes import Size


@dataclass(frozen=True)
class TensorType:
    """A tensor's dtype and shape."""

    dtype: str
    """By torch's name, as recorded."""
    shape: tuple[Size, ...]
    follows_model: bool = False
    """Whether a model of another float dtype would have that dtype here."""

    @property
    def rank(self) -> int:
        """The number of dims."""
        return len(self.shape)

    @property
    def is_float(self) -> bool:
        """Whether values are real floating-point numbers."""
        return DTYPES[self.dtype].is_float

    @property
    def is_bool(self) -> bool:
        """Whether values are torch's bool, which Candle holds as 0 and 1 in `U8`."""
        return self.dtype == "bool"

    @property
    def is_integer(self) -> bool:
        """Whether values are integers other than bool."""
        return DTYPES[self.dtype].kind == "int"


@dataclass(frozen=True)
class TupleType:
    """The results of an op with several; None stands for one that is absent."""

    items: tuple[TensorType | None, ...]


ValueType: TypeAlias = TensorType | TupleType


@dataclass(frozen=True)
class DTypeConstant:
    """A dtype as an argument of an op."""

    name: str


@dataclass(frozen=True)
class Keyword:
    """A device, layout or memory format as an argument of an op."""

    kind: str
    name: str
