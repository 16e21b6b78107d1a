"""Arguments that follow from others."""

from pycandle.codegen.config.settings import ConfigFields
from pycandle.codegen.unification.derived import Numbers, compute, find_multiples, take_settings
from pycandle.formulas import Constant, Formula, Operation, Setting
from pycandle.ir.configured import configured, exact, plain
from pycandle.ir.origins import Origins
from pycandle.rust import tree as t
from pycandle.rust.printer import expr

BUCKETS, HEADS = Setting("buckets"), Setting("heads")
CONFIG = ConfigFields(Origins({"buckets": 32, "heads": 4}, ((64, 6), (16, 2))))


def number(formula: Formula, *values: int, kind: str = "usize") -> t.Number:
    return t.Number(configured(values[0], formula, values[1:]), kind)


def columns(*rows: tuple[t.Number, ...]) -> Numbers:
    return {(row[0].type, tuple(exact(one.value) for one in row)): row for row in rows}


HALF = number(Operation("//", (BUCKETS, Constant(2))), 16, 32, 8)
QUARTER = number(Operation("//", (BUCKETS, Constant(4))), 8, 16, 4, kind="i64")


def test_a_function_takes_the_setting_that_several_numbers_follow_from() -> None:
    numbers, computed = take_settings(columns((HALF,), (QUARTER,)), CONFIG)

    (argument,) = numbers
    assert plain(numbers[argument][0].value) == 32
    assert argument[0] == "usize"
    names = {argument: "buckets"}
    printed = {
        expr(compute(formula, key[0], names, numbers, CONFIG)) for key, formula in computed.items()
    }
    assert printed == {"buckets / 2", "(buckets / 4) as i64"}


def test_a_function_keeps_numbers_that_need_as_many_settings() -> None:
    groups = number(Operation("//", (HEADS, Constant(2))), 2, 3, 1)
    given = columns((HALF,), (groups,))

    assert take_settings(given, CONFIG) == (given, {})


def test_numbers_that_calls_differ_in_are_arguments_as_they_are() -> None:
    given = columns((HALF, QUARTER), (QUARTER, HALF))

    assert take_settings(given, CONFIG) == (given, {})


def test_a_multiple_is_computed_of_its_base() -> None:
    one, two = number(BUCKETS, 32, 64, 16), number(HEADS, 4, 6, 2)
    wide = [
        number(Operation("*", (base.value.formula, Constant(4))), *(4 * v for v in values))
        for base, values in ((one, (32, 64, 16)), (two, (4, 6, 2)))
    ]
    numbers = columns((one, two), tuple(wide))
    base, multiple = numbers

    assert find_multiples(numbers, ()) == {multiple: (base, 4)}
    assert find_multiples(numbers, (multiple,)) == {}


def test_equal_values_without_formulas_are_no_multiple() -> None:
    unknown = columns((t.usize(2), t.usize(3)), (t.usize(8), t.usize(12)))

    assert find_multiples(unknown, ()) == {}
