/// Decomposes a matrix into a lower triangle with ones on its diagonal and an upper one, both in its
/// place; returns the row that each row was swapped with. Without `pivot` none is.
pub fn lu_in_place(a: &mut [f64], rows: usize, columns: usize, pivot: bool) -> Vec<usize> {
    let count = rows.min(columns);
    let mut swaps = Vec::with_capacity(count);
    for k in 0..count {
        let mut best = k;
        for i in k + 1..rows {
            if pivot && a[i * columns + k].abs() > a[best * columns + k].abs() {
                best = i;
            }
        }
        swaps.push(best);
        if best != k {
            (0..columns).for_each(|j| a.swap(k * columns + j, best * columns + j));
        }
        if a[k * columns + k] == 0. {
            continue;
        }
        for i in k + 1..rows {
            let factor = a[i * columns + k] / a[k * columns + k];
            a[i * columns + k] = factor;
            for j in k + 1..columns {
                a[i * columns + j] -= factor * a[k * columns + j];
            }
        }
    }
    swaps
}
