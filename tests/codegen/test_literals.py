"""Which numbers of generated code `inspect` shows, because no setting is known behind them."""

from pycandle.codegen import generate
from write_examples import read


def test_what_ops_compute_with_is_shown_with_its_line() -> None:
    found = generate(read("gpt2")).unknown_literals
    computed = [line for line in found if " in aten." in line]

    assert [line.split()[0] for line in computed] == [
        "0.5",
        "3.0",
        "0.044715",
        "0.7978845608028654",
        "1.0",
    ]
    assert all("site-packages/transformers/activations.py:" in line for line in computed)


def test_a_number_of_a_layer_is_shown_by_its_name_and_settings_are_not() -> None:
    found = generate(read("resnet")).unknown_literals

    assert "ResNet: kernel_size = 7" in found
    assert "Bottleneck: eps = 1e-05" in found
    assert not any("(" in line or "None" in line or "batch_norm" in line for line in found)
    assert not any("num_classes" in line for line in found)
