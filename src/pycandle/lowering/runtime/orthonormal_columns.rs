/// Returns `count` orthonormal columns: the directions of the given ones, which are orthogonal, and
/// axes made orthogonal to the others in the place of those that are 0 or lacking.
pub fn orthonormal_columns(columns: &[Vec<f64>], rows: usize, count: usize) -> Vec<Vec<f64>> {
    let mut found: Vec<Vec<f64>> = Vec::with_capacity(count);
    // The squared length of what each axis has outside the columns found.
    let mut outside = vec![1f64; rows];
    for k in 0..count {
        let given = columns.get(k).and_then(|x| residual(x.clone(), &found));
        let next = given.or_else(|| {
            let axis = (0..rows).max_by(|i, j| outside[*i].total_cmp(&outside[*j]))?;
            let mut unit = vec![0f64; rows];
            unit[axis] = 1.;
            Some(scaled(without(without(unit, &found), &found)))
        });
        let next = next.unwrap_or_default();
        outside.iter_mut().zip(&next).for_each(|(x, y)| *x -= y * y);
        found.push(next);
    }
    found
}

/// Returns a column orthogonal to others with a length of 1, or nothing where too little is left.
fn residual(column: Vec<f64>, others: &[Vec<f64>]) -> Option<Vec<f64>> {
    let length = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
    let before = length(&column);
    let rest = without(without(column, others), others);
    (before > 0. && length(&rest) > 0.5 * before).then(|| scaled(rest))
}

/// Returns a column with a length of 1.
fn scaled(mut column: Vec<f64>) -> Vec<f64> {
    let length = column.iter().map(|x| x * x).sum::<f64>().sqrt();
    column.iter_mut().for_each(|x| *x /= length);
    column
}

/// Returns a column less its parts along orthonormal ones.
fn without(mut column: Vec<f64>, others: &[Vec<f64>]) -> Vec<f64> {
    for other in others {
        let along: f64 = column.iter().zip(other).map(|(x, y)| x * y).sum();
        column
            .iter_mut()
            .zip(other)
            .for_each(|(x, y)| *x -= along * y);
    }
    column
}
