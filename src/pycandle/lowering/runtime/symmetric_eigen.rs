/// Returns the eigenvalues of a symmetric matrix, the least first, from its lower triangle or its
/// upper one, and the eigenvector of each. By rotations of pairs of axes.
pub fn symmetric_eigen(read: &[f64], n: usize, upper: bool) -> (Vec<f64>, Vec<Vec<f64>>) {
    let entry = |i: usize, j: usize| match (i >= j) != upper || i == j {
        true => read[i * n + j],
        false => read[j * n + i],
    };
    let mut a = (0..n * n).map(|i| entry(i / n, i % n)).collect::<Vec<_>>();
    let unit = |i: usize| if i / n == i % n { 1. } else { 0. };
    // A row is a vector.
    let mut vectors = (0..n * n).map(unit).collect::<Vec<f64>>();
    let scale: f64 = a.iter().map(|x| x * x).sum();
    if scale.is_nan() {
        return (vec![f64::NAN; n], vec![vec![f64::NAN; n]; n]);
    }
    for _ in 0..60 {
        let outside = (0..n * n).filter(|i| i / n != i % n).map(|i| a[i] * a[i]);
        if outside.sum::<f64>() <= 1e-34 * scale {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate_pair(&mut a, &mut vectors, n, p, q);
            }
        }
    }
    let mut order = (0..n).collect::<Vec<_>>();
    order.sort_by(|i, j| a[i * n + i].total_cmp(&a[j * n + j]));
    let values = order.iter().map(|i| a[i * n + i]).collect();
    let vector = |i: &usize| vectors[i * n..][..n].to_vec();
    (values, order.iter().map(vector).collect())
}

/// Turns a symmetric matrix so that an element beside its diagonal becomes 0, and the vectors along.
fn rotate_pair(a: &mut [f64], vectors: &mut [f64], n: usize, p: usize, q: usize) {
    let across = a[p * n + q];
    if across == 0. {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2. * across);
    let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.).sqrt());
    let cosine = 1. / (tangent * tangent + 1.).sqrt();
    let sine = tangent * cosine;
    for k in 0..n {
        let (x, y) = (a[k * n + p], a[k * n + q]);
        (a[k * n + p], a[k * n + q]) = (cosine * x - sine * y, sine * x + cosine * y);
    }
    for rows in [a, vectors] {
        let (head, tail) = rows.split_at_mut(q * n);
        for (x, y) in head[p * n..][..n].iter_mut().zip(tail) {
            (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
        }
    }
}
