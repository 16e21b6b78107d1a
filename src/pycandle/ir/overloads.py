"""What the name of an op overload says about it."""

import re

_IN_PLACE = re.compile(r"aten\.([a-z0-9_]*[a-z0-9])_\.(\w+)")
_IN_PLACE_OPERATOR = re.compile(r"aten\.__i([a-z]+)__\.(\w+)")


def functional_overload(target: str) -> str | None:
    """Returns the overload that computes what an in-place one writes; None for other ops."""
    if match := _IN_PLACE.fullmatch(target):
        return f"aten.{match[1]}.{match[2]}"
    if match := _IN_PLACE_OPERATOR.fullmatch(target):
        return f"aten.__{match[1]}__.{match[2]}"
    return None
