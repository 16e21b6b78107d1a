"""Tests of `pycandle.codegen`."""
