"""Ops that write in ways that no functional overload stands for."""

import re

from pycandle.ir.graph import Node, Value
from pycandle.ir.overloads import functional_overload

_OUT_OVERLOAD = re.compile(
    r".*out.*|Out\w+|grad_input|values|values_stable|dim_(max|min|values)|eigenvalues|eigvals"
    r"|inverse|result|sign|[ALUX]|a"
)
_OUT_ARGUMENTS = frozenset(
    {
        "H", "L", "LD", "LU", "M", "P", "Q", "R", "S", "U", "V", "Vh", "X", "a", "bin_edges",
        "buffer", "eigenvalues", "eigenvectors", "eigvals", "eigvecs", "exponent", "grad_bias",
        "grad_input", "grad_weight", "hist", "indices", "info", "inverse", "is_target",
        "logabsdet", "mantissa", "max", "max_values", "min", "min_indices", "out", "out0", "out1",
        "out2", "out3", "out4", "out5", "out6", "output", "pivots", "rank", "reserve", "residuals",
        "result", "save_invstd", "save_mean", "sign", "singular_values", "solution", "tau",
        "total_weight", "values",
    }
)  # fmt: skip
"""Arguments that overloads such as `aten.add.out` write their results into."""

_WRITING = frozenset(
    f"aten.{name}"
    for name in (
        "_amp_foreach_non_finite_check_and_unscale_.default",
        "_amp_update_scale_.default",
        "_batch_norm_with_update.default",
        "_cudnn_attention_forward_no_dropout_inplace.default",
        "_cummax_helper.default",
        "_cummin_helper.default",
        "_flash_attention_forward_no_dropout_inplace.default",
        "_fused_moving_avg_obs_fq_helper.default",
        "_native_batch_norm_legit.default",
        "as_strided_.default",
        "fbgemm_linear_fp16_weight.out",
        "fbgemm_linear_fp16_weight_fp32_activation.out",
        "fused_moving_avg_obs_fake_quant.default",
        "resize_.default",
        "resize_as_.default",
        "resize_as_sparse_.default",
        "rrelu_with_noise.default",
        "rrelu_with_noise_.default",
        "set_data.default",
        "shallow_copy_data_.default",
    )
)


def hidden_write(node: Node) -> bool:
    """Whether a node writes to anything but its first operand, or gives that other memory."""
    if node.target in _WRITING or node.target.startswith("aten.set_."):
        return True
    first = node.args[0] if node.args else None
    if functional_overload(node.target) is not None and not isinstance(first, Value):
        return True
    overload = node.target.rpartition(".")[2]
    return bool(_OUT_OVERLOAD.fullmatch(overload)) and any(
        name in _OUT_ARGUMENTS and isinstance(value, Value | list)
        for name, value in node.kwargs.items()
    )
