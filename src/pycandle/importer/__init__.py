"""From a manifest to the compiler's graphs."""

from pycandle.importer.graph import import_entry, import_manifest, import_recipes

__all__ = ["import_entry", "import_manifest", "import_recipes"]
