"""From a manifest to the compiler's graphs."""

from pycandle.importer.graph import import_entry

__all__ = ["import_entry"]
