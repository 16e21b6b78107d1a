"""The outermost frame: turns every exception into text on stderr and an exit code."""

import errno
import os
import sys
import tempfile
import traceback
from pathlib import Path

import click

from pycandle.cli.terminal import echo_error
from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.version import VERSION

INTERNAL_ERROR = 3
INTERRUPTED = 130
_MACHINE_ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)
"""What the machine refuses: no bug of ours, wherever it is raised."""


def run(arguments: list[str]) -> int:
    """Runs one command line and returns its exit code: what the command returns, 0 for None."""
    from pycandle.cli.main import cli

    try:
        code = cli.main(args=arguments, prog_name="pycandle", standalone_mode=False)
    except click.ClickException as error:
        error.show(file=sys.stderr)
        return error.exit_code
    except PyCandleError as error:
        echo_error(error.render())
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        echo_error("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of stdout left, as `head` does. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.errno in _MACHINE_ERRNOS:
            echo_error(_machine_refusal(error).render())
            return 1
        return _report_bug(error, arguments)
    except Exception as error:
        return _report_bug(error, arguments)
    return code if isinstance(code, int) else 0


def _machine_refusal(error: OSError) -> Diagnostic:
    place = Place(file=str(error.filename)) if error.filename else None
    return Diagnostic("io", (error.strerror or str(error)).lower(), place)


def _report_bug(error: Exception, arguments: list[str]) -> int:
    """Says what happened in two lines, and keeps the rest in a file to attach."""
    text = "".join(traceback.format_exception(error))
    exit_code = getattr(error, "exit_code", INTERNAL_ERROR)
    attachments = [_write_report(text, arguments), *_manifests(arguments)]
    echo_error(f"error[internal]: {type(error).__name__}: {str(error) or 'no message'}")
    echo_error("\nThis is a bug in PyCandle. Please report it and attach:")
    for path in attachments:
        echo_error(f"  {path}")
    if "-v" in arguments or "--verbose" in arguments or os.environ.get("PYCANDLE_TRACEBACK"):
        echo_error("\n" + text.rstrip())
    return int(exit_code)


def _write_report(text: str, arguments: list[str]) -> str:
    header = f"pycandle {VERSION}\npython {sys.version}\nplatform {sys.platform}\n"
    body = f"{header}arguments {arguments}\n\n{text}"
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="pycandle-bug-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            file.write(body)
    except OSError:
        return "the output of the same command with PYCANDLE_TRACEBACK=1"
    return file.name


def _manifests(arguments: list[str]) -> list[str]:
    """Returns the arguments that are manifests, however they were given."""
    values = [part for argument in arguments for part in argument.split("=", 1)]
    return [value for value in values if value.endswith(".json") and Path(value).is_file()]
