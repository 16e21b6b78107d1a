"""Rows of angles between vectors."""

from ops.case import OpCase, f32, f64, i64, model

_COSINE = "aten.cosine_similarity.default"

CASES = [
    OpCase(_COSINE, (f32(4, 3), f32(4, 3))),
    OpCase(_COSINE, (f32(4, 3, 5, lies="transposed"), f32(1, 5), -1, 0.5)),
    OpCase(_COSINE, (f32(4, 3, 5, lies="broadcast"), f32(4, 1, 5), 0)),
    OpCase(_COSINE, (f32(2, 3, values=(0.0,) * 6), f32(2, 3))),
    OpCase(_COSINE, (f64(4, 3), f64(4, 3))),
    OpCase(_COSINE, (f32(0, 3), f32(0, 3))),
    OpCase(_COSINE, (model("n", 3), model("n", 3)), sizes=({"n": 1}, {"n": 5})),
    OpCase(_COSINE, (i64(4, 3), i64(4, 3)), refused="self"),
]
