"""Tests of `pycandle.verify`."""
