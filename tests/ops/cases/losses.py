"""Rows of losses by element and by pairs of vectors."""

from ops.case import OpCase, T, boolean, f16, f32, f64, i64, model

_SIZES = ({"n": 1}, {"n": 4})
_UNIT = {"low": 0.05, "high": 0.95}
_SIGNS = {"values": (1.0, -1.0, -1.0, 1.0, 1.0, -1.0)}
_INF, _NAN = float("inf"), float("nan")
_PLAIN = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "soft_margin_loss")
_BCE = "aten.binary_cross_entropy.default"
_LOGITS = "aten.binary_cross_entropy_with_logits.default"
_POISSON, _RANKING = "aten.poisson_nll_loss.default", "aten.margin_ranking_loss.default"
_COSINE, _TRIPLET = "aten.cosine_embedding_loss.default", "aten.triplet_margin_loss.default"
_HINGE, _KL = "aten.hinge_embedding_loss.default", "aten.kl_div.default"

_U8 = T((3,), "uint8")

CASES = [
    *(
        OpCase(f"aten.{name}.default", (x, y, *rest))
        for name in _PLAIN
        for x, y, *rest in (
            (f32(2, 3), f32(2, 3)),
            (f32(2, 3), f32(2, 3), 0),
            (f32(4, 3, lies="transposed"), f32(4, 3, lies="broadcast"), 2),
            (f64(2, 3), f64(2, 3), 1),
            (f32(1), f32(1), 0),
            (f32(), f32(), 1),
            (f32(0, 3), f32(0, 3), 0),
            (f32(0, 3), f32(0, 3), 1),
            (f32(0, 3), f32(0, 3), 2),
            (f32(3, values=(_NAN, 1.0, -1.0)), f32(3), 0),
            (model(2, 3), model(2, 3), 0),
        )
    ),
    *(
        OpCase(f"aten.{name}.default", (f32("n", 3), f32("n", 3), 0), sizes=_SIZES)
        for name in _PLAIN
    ),
    *(OpCase(f"aten.{name}.default", (i64(3), i64(3)), refused="self") for name in _PLAIN),
    OpCase("aten.mse_loss.default", (f32(3), f32(3), 3), refused="reduction"),
    OpCase("aten.mse_loss.default", (f32(2, 3), f32(3), 0)),
    OpCase("aten.mse_loss.default", (f32(2, 3), i64(2, 3), 0)),
    OpCase("aten.l1_loss.default", (f16(2, 3), f32(2, 3), 0)),
    OpCase("aten.smooth_l1_loss.default", (f32(9), f32(9), 0, 0.3)),
    OpCase("aten.smooth_l1_loss.default", (f32(9), f32(9), 0, 0.0)),
    OpCase("aten.huber_loss.default", (f32(9), f32(9), 0, 0.3)),
    *(
        OpCase(_KL, (f32(2, 3), target, reduction), {"log_target": is_log})
        for reduction in (0, 1, 2)
        for target, is_log in ((f32(2, 3, **_UNIT), False), (f32(2, 3), True))
    ),
    OpCase(_KL, (f32(3), f32(3, values=(0.0, 0.5, -1.0)), 0)),
    OpCase(_KL, (model(2, 3), model(2, 3, **_UNIT))),
    OpCase(_KL, (i64(3), i64(3)), refused="self"),
    *(OpCase(_HINGE, (f32(6), f32(6, **_SIGNS), 0.7, reduction)) for reduction in (0, 1, 2)),
    OpCase(_HINGE, (f32(6), f32(6, **_SIGNS))),
    OpCase(_HINGE, (f32(3), i64(3, values=(1, -1, 0)), 1.0, 0)),
    OpCase(_HINGE, (f32(3, values=(_NAN, _INF, 2.0)), f32(3, values=(1.0, -1.0, -1.0)), 1.0, 0)),
    *(
        OpCase(_POISSON, (f32(2, 3, **_UNIT), f32(2, 3, low=0.0, high=4.0), log, full, 1e-8, how))
        for log in (False, True)
        for full in (False, True)
        for how in (0, 1)
    ),
    *(OpCase(_BCE, (f32(2, 3, **_UNIT), f32(2, 3, **_UNIT), None, how)) for how in (0, 1, 2)),
    OpCase(_BCE, (f32(3, values=(0.0, 1.0, 0.5)), f32(3, values=(1.0, 0.0, 1.0)), None, 0)),
    OpCase(_BCE, (f32(3, values=(0.0, 1.0, 0.5)), f32(3, values=(0.0, 1.0, 1.0)), f32(3), 0)),
    OpCase(_BCE, (f32(2, 3, **_UNIT), f32(2, 3, **_UNIT), f32(2, 1), 1)),
    OpCase(_BCE, (model(2, 3, **_UNIT), model(2, 3, **_UNIT), model(3), 0)),
    OpCase(_BCE, (f32(2, 3, **_UNIT), f32(2, 3), f64(3), 0), refused="weight"),
    *(OpCase(_LOGITS, (f32(2, 3), f32(2, 3, **_UNIT), None, None, how)) for how in (0, 1, 2)),
    OpCase(_LOGITS, (f32(2, 3), f32(2, 3, **_UNIT), f32(3), f32(3, **_UNIT), 0)),
    OpCase(_LOGITS, (f32(2, 3), f32(2, 3, **_UNIT), f32(2, 1), None, 1)),
    OpCase(_LOGITS, (f32(2, 3, low=-90.0, high=90.0), f32(2, 3, **_UNIT), None, f32(3), 0)),
    OpCase(_LOGITS, (model("n", 3), model("n", 3, **_UNIT), None, model(3), 0), sizes=_SIZES),
    OpCase(_LOGITS, (f32(2, 3), f32(2, 3), None, f64(3), 0), refused="weight"),
    *(OpCase(_RANKING, (f32(6), f32(6), f32(6, **_SIGNS), 0.3, how)) for how in (0, 1, 2)),
    OpCase(_RANKING, (f32(6), f32(6), f32(6, **_SIGNS))),
    OpCase(_RANKING, (f64(2, 3), f64(3), f64(1, values=(-1.0,)), 0.0, 0)),
    *(OpCase(_COSINE, (f32(6, 4), f32(6, 4), f32(6, **_SIGNS), 0.1, how)) for how in (0, 1, 2)),
    OpCase(_COSINE, (f32(4), f32(4), f32(values=(-1.0,)))),
    OpCase(_COSINE, (f64(2, 4, lies="transposed"), f64(2, 4), f64(2, values=(0.0, 1.0)), 0.0, 0)),
    OpCase(_COSINE, (i64(2, 4), i64(2, 4), f32(2)), refused="input1"),
    *(
        OpCase(_TRIPLET, (f32(3, 4), f32(3, 4), f32(3, 4), 1.0, 2.0, 1e-6, swap, how))
        for swap in (False, True)
        for how in (0, 1, 2)
    ),
    OpCase(_TRIPLET, (f32(3, 4), f32(3, 4), f32(3, 4), 0.3, 1.0, 1e-3)),
    OpCase(_TRIPLET, (f64(4), f64(4), f64(4))),
    OpCase(_TRIPLET, (_U8, _U8, _U8), refused="anchor"),
    OpCase(_RANKING, (_U8, _U8, i64(3)), refused="input1"),
    OpCase(_TRIPLET, (boolean(3, 4), boolean(3, 4), boolean(3, 4)), refused="self"),
]
