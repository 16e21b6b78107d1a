"""The proof by other configurations: its configurations and its page."""

from proof.outcomes import Compared, Learned, Required
from proof.page import Row, page, summary
from proof.subjects import SUBJECTS
from zoo.outcomes import Reason, Stage


def test_each_model_has_a_name_of_its_own_and_two_other_configurations() -> None:
    names = [item.name for item in SUBJECTS]

    assert len(names) == len(set(names)) == 15
    assert all(len(item.others) == 2 for item in SUBJECTS)


def test_every_other_configuration_differs_in_each_setting_or_leaves_it() -> None:
    for item in SUBJECTS:
        for other in item.others:
            same = [k for k, value in other.items() if item.recorded.get(k) == value]
            assert not same, (item.name, same)


def test_the_page_shows_right_wrong_and_required() -> None:
    learned = Learned(
        "key",
        "ok",
        2.0,
        free=["depth"],
        required=[Required("act", "'silu'", "fixed")],
        varying=4,
        explained=3,
    )
    wrong = Stage("key", "refused", 1.0, [Reason("another-setting", "the code holds | `x`")])
    right = Compared("key", "ok", 1.0, error=1e-6, scale=2.0, reads_json=True)
    row = Row(SUBJECTS[0], learned, (right, wrong))

    assert "0 of 1 models" in summary([row])
    assert "3 of 4 varying numbers have a formula (75.0 %)" in summary([row])
    text = page([row])
    assert "1.0e-06 of 2, from JSON" in text
    assert "refused: the code holds \\| `x`" in text
    assert "| `act` | `'silu'` | fixed |" in text
