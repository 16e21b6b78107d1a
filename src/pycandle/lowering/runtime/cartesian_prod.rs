use candle_core::{Result, Tensor};

/// Returns all combinations of elements, one of each row, as the rows of a matrix.
pub fn cartesian_prod(rows: &[&Tensor]) -> Result<Tensor> {
    let shape: Vec<_> = rows.iter().map(|row| row.elem_count()).collect();
    let columns = rows.iter().enumerate().map(|(i, row)| {
        let mut sizes = vec![1; shape.len()];
        sizes[i] = shape[i];
        row.reshape(sizes)?
            .broadcast_as(shape.as_slice())?
            .flatten_all()
    });
    Tensor::stack(&columns.collect::<Result<Vec<_>>>()?, 1)?.contiguous()
}
