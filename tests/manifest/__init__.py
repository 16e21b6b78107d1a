"""Tests of `pycandle.manifest`."""
