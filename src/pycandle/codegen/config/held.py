"""Numbers that follow from settings: read from `Config` in `new`, held by the struct for later."""

from __future__ import annotations

from collections.abc import Callable

from pycandle.codegen.config.settings import ConfigFields, expr_and_type, is_short, rust_formula
from pycandle.formulas import Formula, Setting
from pycandle.ir.configured import is_configured
from pycandle.rust import tree as t
from pycandle.rust.names import Names, snake

SELF = t.Local("self", borrowed=True)
CFG = t.Local("cfg", borrowed=True)


class Held:
    """The numbers of one struct that all its instances share."""

    def __init__(self, cls: str, config: ConfigFields, taken: Names) -> None:
        """`cls`: the class of the module; `taken`: the names of the fields that there are."""
        self.config = config
        self.taken = taken
        self.attributes = config.origins.attributes.get(cls, {})
        self.fields: dict[Formula, tuple[str, str, t.Expr]] = {}
        """Name, type and value of each field that a method reads."""
        self.used: dict[str, int | float] = {}
        """The fields of `Config` that `new` reads."""

    def in_new(self, number: t.Number, name: str) -> t.Expr:
        """Returns Rust for a number in `new`."""
        return self._with(number, lambda formula, type_: self._from_config(formula, type_))

    def in_method(self, number: t.Number, name: str) -> t.Expr:
        """Returns Rust for a number in a method: fields of the struct. `name`: for a new field."""
        is_float = self.config.is_float

        def made(formula: Formula, type_: str) -> t.Expr:
            if formula in self.attributes or not is_short(formula):
                kind = "f64" if type_ in ("f64", "f32") else "usize"
                if kind == "usize" and self._is_signed(formula):
                    kind = "i64"
                field = self._field(formula, name, kind)
                return field if kind == type_ else t.Cast(field, type_)
            return rust_formula(formula, type_, lambda path: self._setting(path), is_float)

        return self._with(number, made)

    def _with(self, number: t.Number, made: Callable[[Formula, str], t.Expr]) -> t.Expr:
        value = number.value
        if isinstance(value, tuple):
            inside = (
                self._with(item, made) if isinstance(item, t.Number) else item for item in value
            )
            return t.Number(tuple(inside), number.type, number.role, number.suffix)
        return made(value.formula, number.type) if is_configured(value) else number

    def _from_config(self, formula: Formula, type_: str) -> t.Expr:
        def leaf(path: str) -> t.Expr:
            name = self.config.use(path)
            self.used[name] = self.config[name]
            return t.Field(CFG, name)

        return rust_formula(formula, type_, leaf, self.config.is_float)

    def _setting(self, path: str) -> t.Expr:
        kind = "f64" if self.config.is_float(path) else "usize"
        return self._field(Setting(path), self.config.names[path], kind)

    def _is_signed(self, formula: Formula) -> bool:
        """Whether a formula may give less than 0."""
        return expr_and_type(formula, t.path, self.config.is_float)[1] == "i64"

    def _field(self, formula: Formula, name: str, kind: str) -> t.Expr:
        """Returns the field that holds what a formula gives, by its Python name if it has one."""
        if formula not in self.fields:
            wanted = snake(self.attributes.get(formula, name))
            made = self._from_config(formula, kind)
            self.fields[formula] = (self.taken.fresh(wanted), kind, made)
        return t.Field(SELF, self.fields[formula][0])


def follows_settings(value: object) -> bool:
    """Whether a number, or one inside an option, has a formula."""
    if isinstance(value, tuple):
        return any(isinstance(item, t.Number) and follows_settings(item.value) for item in value)  # pyright: ignore[reportUnknownVariableType]
    return is_configured(value)
