"""What the name of an op overload says about it."""

import re

_IN_PLACE = re.compile(r"aten\.([a-z0-9_]*[a-z0-9])_\.(\w+)")
_IN_PLACE_OPERATOR = re.compile(r"aten\.__i([a-z]+)__\.(\w+)")

_NAMED_OTHERWISE = {
    f"aten.{name}": f"aten.{other}"
    for name, other in {
        "bernoulli_.float": "bernoulli.p",
        "float_power_.Scalar": "float_power.Tensor_Scalar",
        "float_power_.Tensor": "float_power.Tensor_Tensor",
        "floor_divide_.Tensor": "floor_divide.default",
        "ldexp_.default": "ldexp.Tensor",
        "pow_.Scalar": "pow.Tensor_Scalar",
        "pow_.Tensor": "pow.Tensor_Tensor",
        "transpose_.default": "transpose.int",
    }.items()
}
"""The overload of the plain name does not exist, or takes other operands."""

_WITHOUT_A_COPY = frozenset(
    f"aten.{name}"
    for name in (
        "_fill_mem_eff_dropout_mask_.default",
        "_sobol_engine_ff_.default",
        "_sobol_engine_initialize_state_.default",
        "_sobol_engine_scramble_.default",
        "fill_diagonal_.default",
        "normal_.default",
        "polygamma_.default",
        "requires_grad_.default",
        "set_.source_Tensor_storage_offset",
        "shallow_copy_data_.default",
    )
)


def functional_overload(target: str) -> str | None:
    """Returns the overload that computes what an in-place one writes; None for other ops.

    Where torch has no such overload the in-place one stands for it.
    """
    if target in _WITHOUT_A_COPY:
        return target
    if target in _NAMED_OTHERWISE:
        return _NAMED_OTHERWISE[target]
    if match := _IN_PLACE.fullmatch(target):
        return f"aten.{match[1]}.{match[2]}"
    if match := _IN_PLACE_OPERATOR.fullmatch(target):
        return f"aten.__{match[1]}__.{match[2]}"
    return None
