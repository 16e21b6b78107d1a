"""Taps are whole lines: the file without them is the file that the user gets."""

from pycandle.codegen.source.taps import add_taps, source_places

TEXT = """\
//! A file.

use candle_core::{Result, Tensor};

/// `a.Block`
struct Block {
    fc: Linear,
}

impl Block {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            fc: linear(6, 6, vb.pp("fc"))?,
        })
    }

    fn forward(
        &self,
        xs: &Tensor,
    ) -> Result<Tensor> {
        let xs = match &self.fc {
            fc => fc.forward(xs)?,
        };
        Ok(xs)
    }
}

fn helper(xs: &Tensor) -> Result<Tensor> {
    xs.relu()
}

pub struct Net {
    blocks: Vec<Block>,
}

impl Net {
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        helper(xs)
    }
}
"""


def without_taps(text: str) -> str:
    return "".join(line for line in text.splitlines(True) if not line.endswith("// tap\n"))


def test_without_its_tap_lines_the_tapped_text_is_the_plain_one() -> None:
    tapped = add_taps(TEXT, {"Block", "Net"})

    assert tapped != TEXT
    assert without_taps(tapped) == TEXT


def test_a_struct_gets_a_field_a_value_and_a_call_around_forward() -> None:
    tapped = add_taps(TEXT, {"Block"}).splitlines()

    assert tapped.count("    __tap: tap::Point, // tap") == 1
    assert tapped.count("            __tap: tap::Point::new(vb.prefix()), // tap") == 1
    opened = tapped.index("        tap::call(&self.__tap, || { // tap")
    assert tapped[opened - 1] == "    ) -> Result<Tensor> {"
    closed = tapped.index("        }) // tap")
    assert (tapped[closed - 1], tapped[closed + 1]) == ("        Ok(xs)", "    }")


def test_structs_that_are_not_asked_for_have_no_taps() -> None:
    tapped = add_taps(TEXT, {"Block"})

    assert tapped[tapped.index("pub struct Net") :] == TEXT[TEXT.index("pub struct Net") :]


def test_a_call_leads_to_the_line_of_its_forward() -> None:
    block, net = ("Block", "forward"), ("Net", "forward")
    places = source_places(
        {"model.rs": TEXT}, {"blocks.0@0": block, "blocks.1@0": block, "@0": net}
    )

    assert places["blocks.0@0"] == places["blocks.1@0"]
    assert line_at(places["blocks.1@0"], TEXT) == "    fn forward("
    assert line_at(places["@0"], TEXT).startswith("    pub fn forward(")


def line_at(place: str, text: str) -> str:
    name, _, number = place.partition(":")
    assert name == "model.rs"
    return text.splitlines()[int(number) - 1]


def test_a_method_that_is_not_there_has_no_line() -> None:
    calls = {"a@0": ("Missing", "forward"), "b@0": ("Block", "encode")}
    assert source_places({"model.rs": TEXT}, calls) == {}


def test_a_call_of_another_method_leads_to_its_own_line() -> None:
    text = TEXT.replace("impl Block {\n", "impl Block {\n    fn encode(&self) {\n    }\n\n")

    calls = {"a@0": ("Block", "encode"), "b@0": ("Block", "forward")}
    places = source_places({"model.rs": text}, calls)

    assert line_at(places["a@0"], text) == "    fn encode(&self) {"
    assert line_at(places["b@0"], text) == "    fn forward("


def test_a_file_without_a_tapped_struct_is_as_it_was() -> None:
    assert add_taps(TEXT, {"Elsewhere"}) == TEXT


def test_taps_and_places_know_a_module_of_a_class() -> None:
    inner = TEXT.replace("struct Block", "pub(super) struct Block", 1)
    inner = inner.replace("    fn ", "    pub(super) fn ")
    files = {"model/block.rs": inner}

    tapped = add_taps(inner, {"Block"})
    place = source_places(files, {"b@0": ("Block", "forward")})["b@0"]

    assert tapped.count("tap::call(") == 1
    assert "".join(x for x in tapped.splitlines(True) if not x.endswith("// tap\n")) == inner
    assert place.startswith("model/block.rs:")
