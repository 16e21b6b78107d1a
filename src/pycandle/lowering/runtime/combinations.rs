use candle_core::{Result, Tensor};

/// Returns all choices of `r` elements of a row in their order, as the rows of a matrix; with
/// `with_replacement`, an element may be chosen often.
pub fn combinations(xs: &Tensor, r: usize, with_replacement: bool) -> Result<Tensor> {
    let count = xs.elem_count() as i64;
    let mut chosen: Vec<Vec<i64>> = vec![vec![]];
    for _ in 0..r {
        let longer = chosen.iter().flat_map(|choice| {
            let next = choice
                .last()
                .map_or(0, |last| last + i64::from(!with_replacement));
            (next..count).map(move |i| [choice.as_slice(), &[i]].concat())
        });
        chosen = longer.collect();
    }
    let places: Vec<i64> = chosen.concat();
    if places.is_empty() {
        return Tensor::zeros((chosen.len() * r.min(1), r), xs.dtype(), xs.device());
    }
    let places = Tensor::new(places, xs.device())?;
    xs.contiguous()?
        .index_select(&places, 0)?
        .reshape((chosen.len(), r))
}
