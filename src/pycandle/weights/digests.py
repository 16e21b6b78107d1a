"""SHA-256 of the tensors in a file that was written."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pycandle.weights.reading import CHUNK
from pycandle.weights.safetensors_file import Layout


def digest_tensors(path: Path, layout: Layout) -> dict[str, str]:
    """Returns the hexadecimal digest of each tensor's bytes, by name, read from the file."""
    digests: dict[str, str] = {}
    buffer = memoryview(bytearray(CHUNK))
    with path.open("rb", buffering=0) as file:
        for name, entry in layout.tensors.items():
            digest = hashlib.sha256()
            file.seek(entry.offset)
            left = entry.nbytes
            while left and (count := file.readinto(buffer[: min(left, CHUNK)])):
                digest.update(buffer[:count])
                left -= count
            if left:
                raise OSError(None, "the file became shorter after it was written")
            digests[name] = digest.hexdigest()
    return digests


def make_token(digests: dict[str, str]) -> str:
    """Returns eight hexadecimal digits that stand for all of these tensors."""
    lines = "".join(f"{digests[name]} {name}\n" for name in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()[:8]
