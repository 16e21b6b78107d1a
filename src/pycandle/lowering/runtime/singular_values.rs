/// Returns a matrix as columns, one after the other, of directions times singular values; those
/// values, the largest first; and the matrix, (columns, columns), by whose transpose the directions
/// are multiplied. By rotations of pairs of columns, of which there are no more than rows.
pub fn singular_values(
    a: &[f64],
    rows: usize,
    columns: usize,
) -> (Vec<Vec<f64>>, Vec<f64>, Vec<Vec<f64>>) {
    let column = |j: usize| (0..rows).map(|i| a[i * columns + j]).collect::<Vec<f64>>();
    let mut left = (0..columns).map(column).collect::<Vec<_>>();
    let unit = |j: usize| {
        (0..columns)
            .map(|i| if i == j { 1. } else { 0. })
            .collect::<Vec<f64>>()
    };
    let mut right = (0..columns).map(unit).collect::<Vec<_>>();
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    // What rounding leaves of a product of orthogonal columns.
    let least = f64::EPSILON * (rows as f64).sqrt();
    for _ in 0..60 {
        let mut turned = false;
        for p in 0..columns {
            for q in p + 1..columns {
                let (alpha, beta) = (dot(&left[p], &left[p]), dot(&left[q], &left[q]));
                let gamma = dot(&left[p], &left[q]);
                if gamma.abs() <= least * (alpha * beta).sqrt() || gamma == 0. {
                    continue;
                }
                turned = true;
                let zeta = (beta - alpha) / (2. * gamma);
                let tangent = zeta.signum() / (zeta.abs() + (1. + zeta * zeta).sqrt());
                let cosine = 1. / (1. + tangent * tangent).sqrt();
                let sine = cosine * tangent;
                for pair in [&mut left, &mut right] {
                    let (head, tail) = pair.split_at_mut(q);
                    for (x, y) in head[p].iter_mut().zip(tail[0].iter_mut()) {
                        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
                    }
                }
            }
        }
        if !turned {
            break;
        }
    }
    let lengths = left.iter().map(|x| dot(x, x).sqrt()).collect::<Vec<_>>();
    let mut order = (0..columns).collect::<Vec<_>>();
    order.sort_by(|x, y| lengths[*y].total_cmp(&lengths[*x]));
    let pick = |from: &[Vec<f64>]| order.iter().map(|i| from[*i].clone()).collect();
    (
        pick(&left),
        order.iter().map(|i| lengths[*i]).collect(),
        pick(&right),
    )
}
