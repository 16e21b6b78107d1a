"""Tests of `pycandle.weights`."""
