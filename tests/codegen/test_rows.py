"""What rows have in common, and loops that follow each other."""

from pycandle.codegen.bodies.generalized import Generalized
from pycandle.codegen.unification.joined_loops import join_loops
from pycandle.codegen.unification.types import Definition, Method
from pycandle.rust import tree as t
from pycandle.rust.printer import expr, function

CFG = t.Local("cfg", borrowed=True)
WIDTH = t.Field(CFG, "width")


def test_columns_of_the_same_expressions_are_one_variable() -> None:
    general = Generalized()

    first = general.of([t.usize(64), WIDTH])
    second = general.of([t.usize(64), WIDTH])
    third = general.of([t.usize(64), t.usize(64)])

    assert first == second
    assert expr(third) == "64"
    assert len(general.columns) == 1


def test_a_number_that_is_equal_in_one_row_alone_is_a_variable_of_its_own() -> None:
    general = Generalized()

    assert general.of([t.usize(8), t.usize(8)]) != general.of([t.usize(8), t.usize(9)])
    assert general.of([t.usize(8), t.usize(9)]) != general.of([t.usize(9), t.usize(8)])


def test_a_formula_keeps_what_its_rows_share() -> None:
    general = Generalized()
    rows = [t.Binary("/", t.Binary("*", WIDTH, size), t.usize(64)) for size in map(t.usize, (1, 2))]

    assert expr(general.of(rows)) == "cfg.width * __H0__ / 64"
    assert [expr(item) for item in general.columns["1", "2"][2]] == ["1", "2"]


def test_formulas_that_differ_in_two_places_are_one_variable() -> None:
    general = Generalized()
    rows = [t.Binary("*", t.usize(2), t.usize(3)), t.Binary("*", t.usize(5), t.usize(7))]

    assert expr(general.of(rows)) == "__H0__"


def test_an_option_is_given_in_parts_where_all_rows_have_it() -> None:
    kind = "Option<(usize, usize)>"
    some = [t.Number((t.usize(4), t.usize(n)), kind) for n in (5, 6)]
    general = Generalized()

    assert expr(general.of(some)) == "Some((4, __H0__))"
    assert expr(general.of([some[0], t.Number(None, kind)])) == "__H1__"


def test_a_variable_of_new_is_an_argument_also_where_all_rows_read_it() -> None:
    general = Generalized()
    size = t.Local("size", copy=True)

    assert expr(general.of([size, size])) == "__H0__"


def loop(field: str, result: str = "x") -> t.For:
    call = t.method(t.Local("layer", borrowed=True), "forward", t.ref(t.Local("x")))
    own = t.Field(t.Local("self", borrowed=True), field)
    return t.For("layer", t.Reference(own), (t.Assign(result, call),))


def joined(*lines: t.Statement, types: tuple[str, ...] = ("Vec<A>",) * 3) -> str:
    forward = t.Function("forward", (t.Param("x", "&Tensor"),), "Tensor", lines, t.Local("x"))
    fields = tuple((f"layer{i}", kind, t.path("")) for i, kind in enumerate(types))
    found = join_loops(Definition("struct", "a.B", fields, (), (), (Method(forward, ()),)))
    return function(found.functions[0])


def test_loops_that_do_the_same_are_one() -> None:
    text = joined(loop("layer0"), loop("layer1"), loop("layer2"))

    assert "for layers in [&self.layer0, &self.layer1, &self.layer2] {" in text
    assert text.count("x = layer.forward(&x)?;") == 1


def test_loops_over_layers_of_another_type_stay() -> None:
    types = ("Vec<A>", "Vec<A>", "Vec<B>")

    text = joined(loop("layer0"), loop("layer1"), loop("layer2"), types=types)

    assert "for layers in" not in text


def test_loops_with_something_between_stay() -> None:
    between = t.Let("x", t.method(t.Local("x"), "relu"))

    text = joined(loop("layer0"), loop("layer1"), between, loop("layer2"))

    assert "for layers in" not in text


def test_loops_that_make_other_values_stay() -> None:
    text = joined(loop("layer0"), loop("layer1"), loop("layer2", "y"))

    assert "for layers in" not in text
