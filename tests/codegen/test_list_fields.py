"""Settings that are items of a list stand in `Config` as one array."""

from pycandle.codegen.config.definition import define_config, setting_paths
from pycandle.codegen.config.list_fields import find_list_fields, read_items
from pycandle.codegen.config.settings import ConfigFields
from pycandle.ir.origins import Origins
from pycandle.rust import tree as t
from pycandle.rust.printer import expr, struct

CFG = t.Local("cfg", borrowed=True)


def config(settings: dict[str, int | float], used: list[str]) -> ConfigFields:
    made = ConfigFields(Origins(settings=settings))
    for path in used:
        made.use(path)
    return made


DEPTHS: dict[str, int | float] = {"dim": 8, "depths.0": 2, "depths.1": 6}


def test_all_items_are_one_field() -> None:
    made = config(DEPTHS, list(DEPTHS))
    text = struct(define_config(made, find_list_fields(made), [], "Net", None))

    assert "pub dim: usize,\npub depths: [usize; 2],\n}" in text
    assert "Self { dim: 8, depths: [2, 6] }" in text
    assert setting_paths(made) == {"dim": ("dim",), "depths": ("depths.0", "depths.1")}


def test_an_item_is_read_by_its_place() -> None:
    made = config(DEPTHS, list(DEPTHS))
    node = t.Binary("*", t.Field(CFG, "depths_1"), t.Field(t.Local("self"), "depths_1"))

    assert expr(read_items(node, find_list_fields(made), CFG)) == "cfg.depths[1] * self.depths_1"


def test_a_list_of_which_an_item_is_not_read_stays_numbers() -> None:
    assert find_list_fields(config(DEPTHS, ["depths.1"])) == ()


def test_a_list_of_several_types_stays_numbers() -> None:
    settings: dict[str, int | float] = {"rates.0": 0.5, "rates.1": 1}

    assert find_list_fields(config(settings, list(settings))) == ()


def test_a_setting_with_the_name_of_the_list_keeps_it_apart() -> None:
    settings = {**DEPTHS, "stem.depths": 3}
    made = config(settings, list(settings))

    assert find_list_fields(made) == ()
    assert set(setting_paths(made)) == {"dim", "depths", "depths_0", "depths_1"}
