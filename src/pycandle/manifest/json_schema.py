"""The JSON Schema of manifests, for other programs that read them.

`python -m pycandle.manifest.json_schema` prints it; `docs/manifest.schema.json` holds it.
"""

import json
import sys

import msgspec

from pycandle.manifest.schema import Manifest


def json_schema() -> str:
    """Returns the schema as the text of a file."""
    schema = msgspec.json.schema(Manifest)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(json_schema())
