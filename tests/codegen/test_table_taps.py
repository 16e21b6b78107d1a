"""Taps of tables are whole lines: the file without them is the file that the user gets."""

from pycandle.codegen.source.table_taps import add_table_taps
from pycandle.codegen.unification.types import Table
from pycandle.verify.harness import TAP_LINE

TEXT = """\
use candle_core::{Result, Tensor};

struct Block {
    inv_freq: Tensor,
}

impl Block {
    fn new(vb: VarBuilder) -> Result<Self> {
        let table = Tensor::arange(0i64, 6, vb.device())?;
        Ok(Self {
            inv_freq: Tensor::arange(0.0f32, 6.0, vb.device())?,
        })
    }

    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        Ok(Self {
            other: xs,
        })
    }
}

struct Other {}

impl Other {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {})
    }
}
"""


def test_fields_are_tapped_behind_the_struct_and_variables_before_it() -> None:
    tables = {"Block": [Table("rotary.inv_freq", "inv_freq", True), Table("t", "table", False)]}

    text = add_table_taps(TEXT, tables)

    assert TAP_LINE.sub("", text) == TEXT
    taps = [line.strip() for line in text.splitlines() if line.endswith("// tap")]
    assert taps == [
        "use crate::tap; // tap",
        "let __prefix = vb.prefix(); // tap",
        'tap::table(&__prefix, "t", &table); // tap',
        '.inspect(|made| tap::table(&__prefix, "rotary.inv_freq", &made.inv_freq)) // tap',
    ]


def test_a_file_without_tables_stays_as_it_is() -> None:
    assert add_table_taps(TEXT, {"Net": [Table("t", "t", True)]}) == TEXT
