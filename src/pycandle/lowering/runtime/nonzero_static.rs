use candle_core::{DType, Device, Result, Tensor};

/// Returns the indices of the first `size` elements that are not 0, a row each; where there are
/// fewer, rows of `fill_value`.
pub fn nonzero_static(xs: &Tensor, size: usize, fill_value: i64) -> Result<Tensor> {
    let held = xs.ne(&xs.zeros_like()?)?.flatten_all()?;
    let held = held.to_device(&Device::Cpu)?.to_vec1::<u8>()?;
    let found = held.iter().enumerate().filter(|(_, held)| **held != 0);
    let places: Vec<_> = found.map(|(place, _)| place).take(size).collect();
    let mut rows = vec![fill_value; size * xs.rank()];
    for (place, row) in places.iter().zip(rows.chunks_exact_mut(xs.rank().max(1))) {
        let mut rest = *place;
        for (index, length) in row.iter_mut().zip(xs.dims()).rev() {
            *index = (rest % length) as i64;
            rest /= length;
        }
    }
    if rows.is_empty() {
        return Tensor::zeros((size, xs.rank()), DType::I64, xs.device());
    }
    Tensor::from_vec(rows, (size, xs.rank()), xs.device())
}
