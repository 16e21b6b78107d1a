"""`python -m pycandle.recorder run SCRIPT` and `python -m pycandle.recorder replay REQUEST`."""

import sys
from pathlib import Path

from pycandle.errors import PyCandleError, UsageError, refusal

USAGE = "python -m pycandle.recorder run SCRIPT | replay REQUEST"
INTERRUPTED = 130
"""The exit code of a process that Ctrl-C ended, by the convention of shells."""


def main(arguments: list[str]) -> int:
    """Runs a command and returns its exit code; what is refused is told on stderr."""
    try:
        return _run(arguments)
    except PyCandleError as error:
        print(error.render(), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


def _run(arguments: list[str]) -> int:
    match arguments:
        case ["run", script]:
            from pycandle.recorder.script import run_script

            return run_script(Path(script))
        case ["replay", request]:
            from pycandle.recorder.replay_command import answer, read_request

            answer(read_request(Path(request)))
            return 0
        case _:
            raise UsageError(refusal("usage", "wrong arguments", hint=USAGE).diagnostics)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
