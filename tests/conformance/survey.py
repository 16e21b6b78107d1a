"""The survey: what the compiler refuses of the samples that were exported, by reason; no Rust.

`PYTHONPATH=tests python -m conformance.survey` exports what is not yet, and prints the table.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from conformance.bodies import Refused, body_of
from conformance.exporting import NotExported
from conformance.exports import Exports, kept_graphs
from conformance.samples import Sample, entry_names, samples_of
from conformance.sweep import EXPORTS
from pycandle.errors import PyCandleError
from pycandle.ir.parser import parse_graph


def export_all(samples: Iterable[Sample]) -> None:
    """Exports samples that have no kept export."""
    with Exports(EXPORTS) as exports:
        for sample in samples:
            try:
                exports.graph(sample)
            except NotExported:
                continue


def refusals(dtype: str) -> Iterator[tuple[str, str]]:
    """Yields the key of each exported sample and why it is refused, or nothing."""
    for key, text in kept_graphs(EXPORTS, dtype):
        try:
            body_of(parse_graph(text))
        except Refused as error:
            yield key, str(error)
        except PyCandleError as error:
            yield key, error.diagnostics[0].title
        except Exception as error:
            yield key, f"CRASH {type(error).__name__}: {error}"
        else:
            yield key, ""


def main() -> None:
    """Prints the reasons, those that refuse most first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--ops", default="", help="a regular expression")
    parser.add_argument("--export", action="store_true", help="export first what is not yet")
    parser.add_argument("--per-op", type=int, help="the first samples of each op")
    options = parser.parse_args()
    if options.export:
        names = [name for name in entry_names() if re.search(options.ops, name)]
        for name in names:
            export_all(islice(samples_of(name, options.dtype), options.per_op))
    found = [
        pair for pair in refusals(options.dtype) if re.search(options.ops, pair[0].split("/")[0])
    ]
    reasons = Counter(reason for _, reason in found)
    for reason, count in reasons.most_common():
        ops = dict.fromkeys(key.split("/")[0] for key, why in found if why == reason)
        print(f"{count:6} {reason or 'right, if the Rust is'}  [{', '.join([*ops][:4])}]")


if __name__ == "__main__":
    main()
