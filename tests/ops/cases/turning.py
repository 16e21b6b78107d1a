"""Rows of tensors brought to a rank, put side by side, split and turned."""

from ops.case import OpCase, boolean, f32, i64, model

_TWO = ({"s0": 2}, {"s0": 5})
_RANKS = (f32(), f32(3), f32(2, 3), f32(2, 3, 4, lies="transposed"))

CASES = [
    *(OpCase(f"aten.atleast_{n}d.default", (x,)) for n in (1, 2, 3) for x in _RANKS),
    *(OpCase(f"aten.atleast_{n}d.Sequence", ([f32(), f32(3), i64(2, 3)],)) for n in (1, 2, 3)),
    OpCase("aten.broadcast_tensors.default", ([f32(2, 1), f32(3), f32()],)),
    OpCase("aten.broadcast_tensors.default", ([f32("s0", 1), f32(3)],), sizes=_TWO),
    OpCase("aten.column_stack.default", ([f32(3), f32(3, 2), i64(3)],)),
    OpCase("aten.column_stack.default", ([f32(), f32()],)),
    OpCase("aten.dstack.default", ([f32(3), f32(1, 3, 2)],)),
    OpCase("aten.dstack.default", ([f32(2, 3), f32(2, 3)],)),
    OpCase("aten.dstack.default", ([f32(), f32()],)),
    OpCase("aten.hsplit.int", (f32(6), 3)),
    OpCase("aten.hsplit.int", (f32(2, 6), 2)),
    OpCase("aten.hsplit.array", (f32(2, 6), [1, 4])),
    OpCase("aten.hsplit.array", (f32(2, 6), [4, 1]), refused="indices"),
    OpCase("aten.vsplit.int", (f32(6, 2), 3)),
    OpCase("aten.vsplit.array", (f32(6, 2), [2, -1])),
    OpCase("aten.dsplit.int", (f32(2, 2, 4), 2)),
    OpCase("aten.dsplit.array", (f32(2, 2, 4), [1, 3])),
    OpCase("aten.tensor_split.indices", (f32(7, 2), [0, 3, 9])),
    OpCase("aten.tensor_split.indices", (i64(2, 7, lies="transposed"), [2, 5], 1)),
    OpCase("aten.fliplr.default", (f32(2, 3),)),
    OpCase("aten.flipud.default", (f32(2, 3, lies="transposed"),)),
    *(
        OpCase("aten.rot90.default", operands)
        for operands in (
            (f32(2, 3),),
            (f32(2, 3), -1),
            (f32(2, 3, 4), 1, [2, 0]),
            (f32(2, 3, 4), 2, [0, -1]),
            (f32(2, 3, 4), 3, [1, 2]),
            (i64(2, 3, lies="transposed"), 5),
            (f32(2, 3), 4),
            (f32(0, 3), 1),
        )
    ),
    OpCase("aten.cartesian_prod.default", ([f32(3), f32(2), f32(4)],)),
    OpCase("aten.cartesian_prod.default", ([i64(3)],)),
    OpCase("aten.combinations.default", (f32(4),)),
    OpCase("aten.combinations.default", (i64(4), 3)),
    OpCase("aten.combinations.default", (f32(3), 2, True)),
    OpCase("aten.combinations.default", (f32(2), 3)),
    OpCase("aten.combinations.default", (f32(2), 0), refused="r"),
    OpCase("aten.block_diag.default", ([f32(2, 3), f32(2), f32(), f32(1, 1)],)),
    OpCase("aten.matrix_H.default", (f32(2, 3),)),
    OpCase("aten.msort.default", (f32(4, 3),)),
    OpCase("aten.msort.default", (f32(),)),
    OpCase("aten.msort.default", (model(4, 3, lies="transposed"),)),
    OpCase("aten.msort.default", (boolean(4),)),
]

_COPIES = [
    *(
        OpCase(f"aten.{name}", (f32(2, 3, 4), *arguments))
        for name, arguments in (
            ("alias_copy.default", ()),
            ("detach_copy.default", ()),
            ("expand_copy.default", ([5, 2, 3, 4],)),
            ("narrow_copy.default", (1, 1, 2)),
            ("permute_copy.default", ([2, 0, 1],)),
            ("ravel.default", ()),
            ("select_copy.int", (1, 2)),
            ("slice_copy.Tensor", (1, 0, 3, 2)),
            ("split_copy.Tensor", (2, 2)),
            ("split_with_sizes_copy.default", ([1, 3], 2)),
            ("squeeze_copy.default", ()),
            ("transpose_copy.int", (0, 2)),
            ("unbind_copy.int", (1,)),
            ("unfold_copy.default", (2, 2, 1)),
            ("unsafe_chunk.default", (2, 2)),
            ("unsafe_split.Tensor", (2, 2)),
            ("unsafe_split_with_sizes.default", ([1, 3], 2)),
            ("unsqueeze_copy.default", (1,)),
            ("view_copy.default", ([6, 4],)),
            ("mH.default", ()),
        )
    ),
    OpCase("aten.squeeze_copy.dim", (f32(1, 3, 1), 0)),
    OpCase("aten.squeeze_copy.dims", (f32(1, 3, 1), [0, 2])),
    OpCase("aten.t_copy.default", (f32(2, 3),)),
    OpCase("aten.ravel.default", (f32(2, 3, lies="transposed"),)),
    OpCase("aten.ravel.default", (f32(),)),
]

CASES += _COPIES
