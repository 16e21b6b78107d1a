"""Rows of normalization."""

from ops.case import OpCase, bf16, f16, f32, f64, i64, model

_NATIVE_LAYER, _NATIVE_GROUP = "aten.native_layer_norm.default", "aten.native_group_norm.default"
_SIZES = ({"s": 2}, {"s": 5})
_TRAINING = (True, 0.1, 1e-5, False)
_POSITIVE = {"low": 0.5, "high": 1.5}
_STATISTICS = (f32(4), f32(4, **_POSITIVE), False, 0.1, 1e-5, False)
# One value, whose mean is not it where a sum is rounded: what is left is no deviation.
_FLAT = [
    f32(4, size, low=value, high=value + 1e-12)
    for size, value in ((768, 0.1), (4096, 3.3), (16384, 0.3))
]

CASES = [
    OpCase("aten.layer_norm.default", (f32(2, 3, 8), [8], f32(8), f32(8))),
    OpCase("aten.layer_norm.default", (f32(2, 3, 8, low=99.0, high=101.0), [8], f32(8), f32(8))),
    OpCase("aten.layer_norm.default", (f32(2, 8, values=(100.0,) * 16), [8], f32(8), f32(8))),
    OpCase("aten.layer_norm.default", (f32(9, 768, low=999.0, high=1001.0), [768], f32(768))),
    OpCase("aten.layer_norm.default", (f32(9, 64, low=1e4, high=1e4 + 1e-9), [64], f32(64))),
    OpCase("aten.group_norm.default", (f32(3, 4, 192, low=999.0, high=1001.0), 1, f32(4))),
    *(OpCase("aten.layer_norm.default", (x, [x.shape[-1]])) for x in _FLAT),
    *(OpCase("aten.rms_norm.default", (x, [x.shape[-1]], None, 1e-6)) for x in _FLAT),
    *(OpCase("aten.group_norm.default", (x, 2)) for x in _FLAT),
    OpCase("aten.layer_norm.default", (f32(3, values=(float("nan"), 1.0, 2.0)), [3])),
    OpCase("aten.layer_norm.default", (f32(3, values=(float("inf"), 1.0, 2.0)), [3])),
    OpCase("aten.layer_norm.default", (f32(0, 8), [8], f32(8), f32(8))),
    OpCase("aten.layer_norm.default", (f32(300, 256), [256], f32(256), f32(256))),
    OpCase("aten.layer_norm.default", (bf16(300, 256), [256], bf16(256), bf16(256))),
    OpCase("aten.layer_norm.default", (f16(40, 6, 8, lies="offset"), [6, 8])),
    OpCase("aten.layer_norm.default", (f32(1, 20000, low=99.0, high=101.0), [20000])),
    OpCase(
        "aten.layer_norm.default", (f32(2, 3, 8, lies="transposed"), [3, 8], f32(3, 8), None, 1e-6)
    ),
    OpCase("aten.layer_norm.default", (f64(2, 8), [8])),
    OpCase("aten.layer_norm.default", (model("s", 8), [8], model(8), model(8)), sizes=_SIZES),
    OpCase("aten.layer_norm.default", (bf16(2, 8), [8], f32(8))),
    OpCase("aten.layer_norm.default", (f16(2, 8), [8], f32(8), f32(8))),
    OpCase("aten.layer_norm.default", (f64(2, 8), [8], f32(8)), refused="weight"),
    OpCase("aten.layer_norm.default", (f64(2, 8), [8], f64(8), f32(8)), refused="bias"),
    OpCase("aten._weight_norm.default", (f32(6, 4, 3), f32(6, 1, 1))),
    OpCase("aten._weight_norm.default", (f32(6, 4, 3), f32(1, 1, 3), 2)),
    OpCase("aten._weight_norm.default", (f32(6, 4, lies="transposed"), f32(6, 1), 0)),
    OpCase("aten._weight_norm.default", (f32(6, 4), f32(), -1)),
    OpCase("aten._weight_norm.default", (model(6, 4), model(6, 1))),
    OpCase("aten._weight_norm.default", (model(6, 4), f32(6, 1)), refused="weight"),
    OpCase("aten.rms_norm.default", (f32(2, 3, 8), [8], f32(8), 1e-6)),
    OpCase("aten.rms_norm.default", (f32(2, 3, 8, lies="transposed"), [8])),
    OpCase("aten.rms_norm.default", (f64(2, 8), [8], f64(8))),
    OpCase("aten.rms_norm.default", (model("s", 8), [8], model(8), 1e-5), sizes=_SIZES),
    OpCase("aten.rms_norm.default", (model(2, 8), [8]), refused="eps"),
    *(
        OpCase(f"pycandle.rms_norm.{form}", arguments, sizes=sizes)
        for form in ("rounded", "offset")
        for arguments, sizes in (
            ((f32(2, 3, 8), f32(8), 1e-6), ({},)),
            ((f32(2, 3, 8, lies="transposed"), f32(8), 1e-6), ({},)),
            ((f32(2, 8, lies="narrowed"), f32(8), 1e-6), ({},)),
            ((f32(0, 8), f32(8), 1e-6), ({},)),
            ((f32(4, 4096, low=3.3, high=3.3 + 1e-12), f32(4096), 1e-6), ({},)),
            ((model("s", 4, 8), model(8), 1e-5), _SIZES),
        )
    ),
    OpCase("pycandle.rms_norm.rounded", (model(2, 8), f32(8), 1e-6), refused="weight"),
    OpCase("pycandle.rms_norm.offset", (i64(2, 8), f32(8), 1e-6), refused="input"),
    OpCase("aten.group_norm.default", (f32(2, 6, 5), 3, f32(6), f32(6))),
    OpCase("aten.group_norm.default", (f32(2, 6, 4, 5, lies="transposed"), 2, f32(6))),
    OpCase("aten.group_norm.default", (model("s", 4, 3, 3), 2, model(4), model(4)), sizes=_SIZES),
    OpCase("aten.group_norm.default", (f32(2, 6), 2)),
    OpCase("aten.group_norm.default", (f32(0, 6), 2)),
    OpCase("aten.batch_norm.default", (f32(4), None, None, *_STATISTICS), refused="input"),
    OpCase(
        "aten.instance_norm.default", (f32(2, 4, 7), None, None, None, None, True, 0.1, 1e-5, False)
    ),
    OpCase(
        "aten.instance_norm.default",
        (f32(2, 4, 3, 3), f32(4), f32(4), None, None, True, 0.1, 1e-5, False),
    ),
    OpCase("aten.instance_norm.default", (f32(2, 4, 7), None, None, *_STATISTICS)),
    OpCase(
        "aten.instance_norm.default",
        (f32(2, 4, 7), None, None, None, None, False, 0.1, 1e-5, False),
        refused="running_mean",
    ),
    OpCase("aten.batch_norm.default", (f32(2, 4, 5, 5), f32(4), f32(4), *_STATISTICS)),
    OpCase("aten.batch_norm.default", (f32(2, 4, 5, lies="transposed"), None, None, *_STATISTICS)),
    OpCase("aten.batch_norm.default", (f32("s", 4), f32(4), None, *_STATISTICS), sizes=_SIZES),
    OpCase(
        "aten.batch_norm.default",
        (
            model(2, 4, 3),
            model(4),
            model(4),
            model(4),
            model(4, **_POSITIVE),
            False,
            0.1,
            1e-5,
            False,
        ),
    ),
    OpCase("aten.batch_norm.default", (f32(2, 4), f32(4), f32(4), None, None, *_TRAINING)),
    OpCase("aten.batch_norm.default", (f32(1, 4, 9), None, None, None, None, *_TRAINING)),
    OpCase("aten.batch_norm.default", (f32(3, 4, 1), f32(4), None, None, None, *_TRAINING)),
    OpCase(
        "aten.batch_norm.default",
        (f64(2, 4, 3, 5, lies="transposed"), None, f64(4), None, None, *_TRAINING),
    ),
    OpCase(
        "aten.batch_norm.default",
        (model("s", 4, 6), model(4), model(4), None, None, *_TRAINING),
        sizes=_SIZES,
    ),
    OpCase(
        "aten.batch_norm.default",
        (f32(2, 4, 5), None, None, f32(4), f32(4, **_POSITIVE), *_TRAINING),
        refused="training",
    ),
    OpCase("aten.batch_norm.default", (i64(2, 4), None, None, *_STATISTICS), refused="input"),
    OpCase(_NATIVE_LAYER, (f32(2, 3, 8), [8], f32(8), f32(8), 1e-5)),
    OpCase(_NATIVE_LAYER, (f32(2, 3, 8, lies="transposed"), [3, 8], None, f32(3, 8), 0.5)),
    OpCase(_NATIVE_LAYER, (f64(3, 4), [4], f64(4), None, 1e-3)),
    OpCase(_NATIVE_LAYER, (f32("s", 8), [8], None, None, 1e-5), sizes=_SIZES),
    OpCase(_NATIVE_LAYER, (f32(0, 8), [8], None, None, 1e-5)),
    OpCase(_NATIVE_LAYER, (model(2, 8), [8], None, None, 1e-5), refused="input"),
    OpCase(_NATIVE_LAYER, (f16(2, 8), [8], None, None, 1e-5), refused="input"),
    OpCase(_NATIVE_LAYER, (f32(2, 8), [8], f64(8), None, 1e-5), refused="weight"),
    OpCase(_NATIVE_GROUP, (f32(2, 6, 4), f32(6), f32(6), 2, 6, 4, 3, 1e-5)),
    OpCase(_NATIVE_GROUP, (f32(2, 6, 3, 2, lies="transposed"), None, f32(6), 2, 6, 6, 2, 0.5)),
    OpCase(_NATIVE_GROUP, (f64(2, 4, 3), f64(4), None, 2, 4, 3, 1, 1e-3)),
    OpCase(_NATIVE_GROUP, (f32(2, 6, 4), None, None, 2, 6, 3, 3, 1e-5), refused="N"),
    OpCase(_NATIVE_GROUP, (bf16(2, 6, 4), None, None, 2, 6, 4, 3, 1e-5), refused="input"),
]
