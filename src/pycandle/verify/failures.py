"""Errors of `verify` that are not the user's."""

from pycandle.errors import Diagnostic, PyCandleError


class InternalError(PyCandleError):
    """A bug in PyCandle. The hint of its diagnostic names the files to attach to a report."""

    exit_code = 3


def internal_error(title: str, *, label: str | None = None, attach: str) -> InternalError:
    """Returns an error that asks for a report with `attach`, one or several files."""
    hint = f"this is a bug in PyCandle, not in the model: please report it and attach {attach}"
    return InternalError(Diagnostic("internal", title, label=label, hint=hint))
