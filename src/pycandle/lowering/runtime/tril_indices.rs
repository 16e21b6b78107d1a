use candle_core::{Device, Result, Tensor};

/// Returns the rows and the columns of what lies on and below a diagonal, as two rows of `I64`.
pub fn tril_indices(rows: usize, columns: usize, offset: i64, device: &Device) -> Result<Tensor> {
    let places = (0..rows as i64).flat_map(|row| {
        let end = (row + offset + 1).clamp(0, columns as i64);
        (0..end).map(move |column| [row, column])
    });
    let places: Vec<_> = places.collect();
    let flat: Vec<_> = (0..2)
        .flat_map(|i| places.iter().map(move |p| p[i]))
        .collect();
    Tensor::from_vec(flat, (2, places.len()), device)
}
