"""Which other values of settings are recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pycandle.learning.numbers import Recording
from pycandle.learning.trials import Outcome, Trials, try_more
from pycandle.learning.values import Value

EMPTY = Recording((), (), ())


@dataclass
class Recorder:
    """Records the same program for all values but odd ones, as long as there is time."""

    time: int = 100
    changes: list[dict[str, Value]] = field(default_factory=list["dict[str, Value]"])
    is_built: bool = True

    def record(self, changes: Mapping[str, Value]) -> Recording | None:
        self.changes.append(dict(changes))
        return None if any(value in (25, 23) for value in changes.values()) else EMPTY

    def has_time(self) -> bool:
        return len(self.changes) < self.time


def trials_of(path: str, *values: Value) -> Trials:
    return Trials(EMPTY, outcomes={path: Outcome(is_numeric=True, values=list(values))})


def test_a_number_without_formula_gets_three_values_of_its_setting() -> None:
    recorder, trials = Recorder(), trials_of("width", 48)

    assert try_more(recorder, trials, {"width": 24}, ["width"])
    assert recorder.changes == [{"width": 72}, {"width": 25}, {"width": 12}]
    assert trials.outcomes["width"].values == [48, 72, 12]
    assert trials.outcomes["width"].others == [25]


def test_what_has_three_values_gets_no_more() -> None:
    recorder, trials = Recorder(), trials_of("width", 48, 72, 12)

    assert not try_more(recorder, trials, {"width": 24}, ["width"])
    assert recorder.changes == []


def test_no_more_values_are_recorded_than_there_is_time_for() -> None:
    recorder, trials = Recorder(time=1), trials_of("width", 48)

    assert try_more(recorder, trials, {"width": 24}, ["width"])
    assert recorder.changes == [{"width": 72}]
