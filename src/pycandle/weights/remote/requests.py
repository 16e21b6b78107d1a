"""One request for a range of bytes, and what may be answered to it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pycandle.errors import Place, PyCandleError, refusal
from pycandle.weights.byte_file import OutOfReachError
from pycandle.weights.location import Url
from pycandle.weights.packages import missing_package

if TYPE_CHECKING:
    import httpx2

HUB_PACKAGE = "huggingface_hub>=2.4"

TIMEOUT = 30.0
"""Seconds without a byte after which a connection is taken for broken."""

BACKOFF = 0.5
"""Seconds before the first retry; each further one waits twice as long."""

MAX_WAIT = 60.0
"""Seconds that a server may ask to wait."""

ATTEMPTS = 8
"""Failures in a row, without a byte between them, after which a file is unreadable."""

_TRANSIENT = {408, 425, 429, 500, 502, 503, 504}
_EXPIRED = {401, 403, 404, 410}
"""What a signed address answers once its time is over."""

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class TransientError(Exception):
    """A failure that may not happen again."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait
        """Seconds that the server asks for."""


@dataclass(slots=True)
class Resource:
    """A file behind an address, as its first answer described it."""

    url: Url
    address: str
    """Where `url` is, for HTTP."""
    headers: Mapping[str, str] = field(repr=False, default_factory=dict[str, str])
    """Sent to the host of `address`, and to no other."""
    size: int | None = None
    """In bytes; None before the first answer."""
    etag: str = ""
    """By which a change is recognised; empty where the server says nothing of the kind."""
    redirected: str | None = None
    """Where the server has sent us; such addresses are signed, and expire."""


@contextmanager
def open_range(resource: Resource, start: int, end: int) -> Iterator[httpx2.Response]:
    """Yields the answer for the bytes from `start` up to `end`, whose body is not read yet.

    Fills what is not known of the resource. Raises TransientError, or PyCandleError where the
    server does not serve ranges, or serves another file than before.
    """
    try:
        import httpx2
        from huggingface_hub import get_session
        from huggingface_hub.errors import OfflineModeIsEnabled
    except ImportError:
        raise missing_package("reading from an address", HUB_PACKAGE) from None
    address = resource.redirected or resource.address
    headers = {"Range": f"bytes={start}-{end - 1}", "Accept-Encoding": "identity"}
    if address == resource.address:
        headers |= resource.headers
    if resource.etag.startswith('"'):  # A weak one is not allowed here.
        headers["If-Range"] = resource.etag
    timeout = httpx2.Timeout(TIMEOUT)
    try:
        with get_session().stream("GET", address, headers=headers, timeout=timeout) as response:
            _check_answer(resource, response, start, end)
            yield response
    except OfflineModeIsEnabled as error:
        raise _unreadable(resource, str(error)) from None
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.TooManyRedirects) as error:
        raise _unreadable(resource, str(error)) from None
    except httpx2.HTTPError as error:
        raise TransientError(str(error) or type(error).__name__) from None


def check_length(resource: Resource, position: int, end: int) -> None:
    """Raises PyCandleError if the bytes that came go up to `position`, and past what was wanted."""
    if position > min(end, resource.size or end):
        raise _unreadable(resource, "the server sent more than it was asked for")


def wait_before_retry(failures: int, error: TransientError) -> None:
    """Waits as long as the server asks for, or longer with each failure in a row."""
    wait = BACKOFF * 2 ** (failures - 1) if error.wait is None else error.wait
    time.sleep(min(wait, MAX_WAIT))


def gave_up(resource: Resource, error: TransientError) -> PyCandleError:
    """Returns the refusal of a file that could not be read in several attempts."""
    found = _unreadable(resource, f"{error} ({ATTEMPTS} attempts)")
    return OutOfReachError(found.diagnostics)


def _check_answer(resource: Resource, response: Any, start: int, end: int) -> None:
    status = response.status_code
    if status in _TRANSIENT:
        raise TransientError(f"the server answered {status}", _retry_after(response))
    if status in _EXPIRED and resource.redirected is not None:
        resource.redirected = None
        raise TransientError(f"the signed address answered {status}", 0.0)
    found = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
    if status == 206 and found is not None:
        first, last, size = map(int, found.groups())
        if first != start or last >= min(end, size) or last < first:
            raise _unreadable(resource, "the server sent another range than it was asked for")
        _check_identity(resource, response, size)
    elif status == 200:
        changed = resource.etag and _etag(response) != resource.etag
        raise _changed(resource) if changed else _ignores_ranges(resource)
    elif status == 416 and resource.size is None:
        raise _unreadable(resource, "the file is empty")
    elif status == 416:
        raise _changed(resource)
    elif status == 206:
        raise _unreadable(resource, "the server does not say which range it sent")
    else:
        raise _unreadable(resource, f"the server answered {status}", _hint(status))


def _check_identity(resource: Resource, response: Any, size: int) -> None:
    """Checks that the answer is of the file that the first one was of, and not encoded."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise _unreadable(resource, "the server compresses the ranges that it sends")
    if resource.address.startswith("https:") and response.url.scheme != "https":
        raise _unreadable(resource, "the server leads to an address without encryption")
    if resource.size is None:
        resource.size, resource.etag = size, _etag(response)
    elif (resource.size, resource.etag) != (size, _etag(response)):
        raise _changed(resource)
    # Only another host's: on one host the next request may be led elsewhere, with its headers.
    if response.history and response.url.netloc != _netloc(response.history[0]):
        resource.redirected = str(response.url)


def _netloc(response: Any) -> bytes:
    return response.url.netloc


def _etag(response: Any) -> str:
    return response.headers.get("etag") or response.headers.get("last-modified", "")


def _retry_after(response: Any) -> float | None:
    text = response.headers.get("retry-after", "")
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _hint(status: int) -> str | None:
    if status in (401, 403):
        return "for hf:// log in with `hf auth login`, or set HF_TOKEN"
    return None


def _changed(resource: Resource) -> PyCandleError:
    return refusal(
        "checkpoint-changed",
        f"`{resource.url.name}` changed while it was read",
        place=Place(str(resource.url)),
        hint="run the extraction again once the file is complete",
    )


def _ignores_ranges(resource: Resource) -> PyCandleError:
    return refusal(
        "no-byte-ranges",
        "the server ignores ranges: it would send the whole file for each tensor",
        place=Place(str(resource.url)),
        hint="download the file, and name the copy",
    )


def _unreadable(resource: Resource, reason: str, hint: str | None = None) -> PyCandleError:
    title = f"cannot read `{resource.url.name}`: {reason}"
    return refusal("unreadable-file", title, place=Place(str(resource.url)), hint=hint)
