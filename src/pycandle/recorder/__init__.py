"""The recorder: PyTorch models to manifests. The only package that imports torch."""

from pycandle.recorder.golden_recorder import GoldenRecorder
from pycandle.recorder.shadow import install

__all__ = ["GoldenRecorder", "install"]
