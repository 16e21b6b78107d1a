"""Addresses of the Hugging Face Hub: hf://ORGANIZATION/NAME[@REVISION][/PATH]."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pycandle.errors import Place, PyCandleError, refusal
from pycandle.weights.location import Location, Url
from pycandle.weights.packages import missing_package
from pycandle.weights.remote.requests import HUB_PACKAGE, Resource

if TYPE_CHECKING:
    from huggingface_hub import HfUri


def choose_in_repository(url: Url, choose: Callable[[Sequence[str], Location], str]) -> Url:
    """Returns the file that an address names, or that `choose` takes of a directory's names.

    The revision is pinned, so that all files of a checkpoint are of one commit. Addresses other
    than of the hub name a file themselves.
    """
    if not _is_hub(url):
        return url
    found = _parse(url)
    from huggingface_hub import HfApi

    try:
        info = HfApi().model_info(found.id, revision=found.revision)
    except Exception as error:
        raise _unreachable(url, error) from None
    names = [item.rfilename for item in info.siblings or []]
    pinned = f"hf://{found.id}@{info.sha}/"
    path: str = found.path_in_repo.strip("/")
    if path in names:
        return Url(pinned + path)
    folder = f"{path}/" if path else ""
    inside = [name[len(folder) :] for name in names if name.startswith(folder)]
    if path and not inside:
        raise refusal("unreadable-file", f"the repository has no `{path}`", place=Place(str(url)))
    files = [name for name in inside if "/" not in name]
    return Url(pinned + folder + choose(files, Url(str(url).rstrip("/"))))


def find_resource(url: Url) -> Resource:
    """Returns where an address is for HTTP, and what is sent along; raises PyCandleError."""
    if not _is_hub(url):
        return Resource(url, url.text)
    found = _parse(url)
    from huggingface_hub import hf_hub_url
    from huggingface_hub.utils import build_hf_headers

    address = hf_hub_url(found.id, found.path_in_repo, revision=found.revision)
    return Resource(url, address, build_hf_headers())


def _is_hub(url: Url) -> bool:
    return url.text.lower().startswith("hf://")


def _parse(url: Url) -> HfUri:
    try:
        from huggingface_hub import parse_hf_uri
    except ImportError:
        raise missing_package("reading from an address", HUB_PACKAGE) from None
    try:
        found = parse_hf_uri(url.text)
    except ValueError as error:
        raise _bad_address(url, str(error)) from None
    if found.type != "model":
        raise _bad_address(url, f"a {found.type} holds no checkpoint")
    return found


def _bad_address(url: Url, reason: str) -> PyCandleError:
    return refusal(
        "bad-address",
        f"`{url}` is no address of a model: {reason}",
        hint="`hf://ORGANIZATION/NAME`, with `@REVISION` and `/PATH` where needed",
    )


def _unreachable(url: Url, error: Exception) -> PyCandleError:
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return refusal(
        "unreadable-file", f"cannot read the repository: {reason}", place=Place(str(url))
    )
