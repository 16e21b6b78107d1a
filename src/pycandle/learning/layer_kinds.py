"""Lists with a text for each layer, `layer_types`, that say what the layer computes.

A list is proved to be that, and no more, by recordings of the layers in another order, of more of
them, of one kind alone, and with other numbers: each layer has to be as the first recording has one
of its text, and everything else has to be the same.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pycandle.learning.layer_rows import LayerRow, row_of
from pycandle.learning.numbers import Recording, lengths_of
from pycandle.learning.transfer import Whole
from pycandle.learning.trials import Subject, Trial, Trials
from pycandle.learning.values import Value
from pycandle.manifest.learned import LayerKinds

MORE = 3
"""So many layers are added to see that any number of them is possible."""


@dataclass(frozen=True)
class _Claim:
    """What is to be proved: that a list says of what kind each layer is."""

    kinds: LayerKinds
    items: tuple[str, ...]
    """The list of the first of the trials."""
    row: LayerRow

    def kind_of(self) -> dict[str, Hashable] | None:
        """Returns the layer that each text stands for; None where one stands for several."""
        pairs = set(zip(self.items, self.row.layers, strict=True))
        found = dict(pairs)
        is_choice = len(found) == len(pairs) and len(set(found.values())) > 1
        return found if is_choice and found.keys() == set(self.kinds.items) else None

    def explains(
        self, recording: Recording | None, changes: Mapping[str, Value], base: LayerRow
    ) -> bool:
        """Whether a recording with another list among its changes has the layers that it says.

        `base`: those of the recording with the same other settings and the list of the first.
        """
        items = changes[self.kinds.setting]
        assert isinstance(items, list)
        row = None if recording is None else row_of(recording, self.kinds.module)
        kind_of = _Claim(self.kinds, self.items, base).kind_of()
        if row is None or kind_of is None or not base.is_around(row):
            return False
        return [kind_of.get(str(text)) for text in items] == list(row.layers)


def find_kinds(
    subject: Subject, trials: Trials, settings: Mapping[str, Value], whole: Whole
) -> list[LayerKinds]:
    """Records other lists of each setting that may be one of kinds; returns those that are proved.

    `settings`: those of the first of the trials. Recordings that a list explains are no other
    programs any more: they are taken out of `trials.others`.
    """
    found: list[LayerKinds] = []
    for claim in _claims(trials, settings, whole):
        is_known = any(claim.kinds.setting == kinds.setting for kinds in found)
        if not is_known and _is_proved(subject, trials, claim, whole):
            found.append(claim.kinds)
            trials.others = [
                trial for trial in trials.others if not _is_longer(claim, trial, whole)
            ]
    return found


def _claims(trials: Trials, settings: Mapping[str, Value], whole: Whole) -> Iterator[_Claim]:
    for path, value in whole.settings.items():
        texts = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
        distinct = list(dict.fromkeys(texts))
        if not isinstance(value, list) or len(texts) < len(value) or len(distinct) < 2:
            continue
        for count, number in whole.settings.items():
            few = settings.get(count)
            if type(number) is not int or number != len(texts) or type(few) is not int or few < 2:
                continue
            for module, length in lengths_of(trials.first.modules).items():
                row = row_of(trials.first, module) if length == few else None
                if row is not None:
                    items = tuple(texts[i % number] for i in range(few))
                    yield _Claim(LayerKinds(path, count, module, distinct), items, row)


def _is_proved(subject: Subject, trials: Trials, claim: _Claim, whole: Whole) -> bool:
    if claim.kind_of() is None:
        return False
    if not claim.explains(whole.recording, whole.settings, claim.row):
        return False
    alone = ([text] * len(claim.items) for text in claim.kinds.items)
    others = (_changes(claim, items) for items in alone)
    return _holds_with_others(subject, trials, claim) and all(
        subject.has_time() and claim.explains(subject.record(changes), changes, claim.row)
        for changes in others
    )


def _longer(claim: _Claim) -> list[str]:
    """Returns a list of more layers, in another order."""
    texts = claim.kinds.items
    items = [*claim.items, *(texts[i % len(texts)] for i in range(MORE))]
    random.Random(0).shuffle(items)
    return items


def _changes(claim: _Claim, items: Sequence[str]) -> dict[str, Value]:
    return {claim.kinds.setting: list(items), claim.kinds.count: len(items)}


def _holds_with_others(subject: Subject, trials: Trials, claim: _Claim) -> bool:
    """Whether a longer list says the same with as many other settings changed as were before."""
    longer = _changes(claim, _longer(claim))
    known = [trial for trial in trials.done if longer.keys().isdisjoint(trial.changes)]
    trial = max(known, key=lambda trial: len(trial.changes), default=None)
    base = claim.row if trial is None else row_of(trial.recording, claim.kinds.module)
    changes = longer if trial is None else {**trial.changes, **longer}
    if base is None or not subject.has_time():
        return False
    return claim.explains(subject.record(changes), changes, base)


def _is_longer(claim: _Claim, trial: Trial, whole: Whole) -> bool:
    """Whether a recording is another program for its number of layers alone."""
    count, recorded = trial.changes.get(claim.kinds.count), whole.settings[claim.kinds.setting]
    if set(trial.changes) != {claim.kinds.count} or not isinstance(recorded, list):
        return False
    assert isinstance(count, int)
    items = [recorded[i % len(recorded)] for i in range(count)]
    return claim.explains(trial.recording, {claim.kinds.setting: items}, claim.row)
