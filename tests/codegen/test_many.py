"""Ten thousand modules are generated within seconds, to as many lines as thirty."""

import time

from codegen.many import many_modules
from pycandle.codegen import generate

SECONDS = 15
"""Of processor time; 2 on a machine that does nothing else."""


def test_ten_thousand_modules_are_a_loop_within_seconds() -> None:
    begin = time.process_time()
    large = generate(many_modules(2500)).files["model.rs"]
    seconds = time.process_time() - begin

    assert seconds < SECONDS
    small = generate(many_modules(8)).files["model.rs"]
    assert large.replace("num_blocks: 2500", "num_blocks: 8") == small


def test_two_thousand_layers_without_a_container_are_within_seconds() -> None:
    begin = time.process_time()
    files = generate(many_modules(1, tuple(f"fc{i}" for i in range(2000)))).files

    assert time.process_time() - begin < SECONDS
    # So many lines are a file for each class.
    assert "".join(files.values()).count("linear_no_bias(4, 4, vb.pp(") == 2000
