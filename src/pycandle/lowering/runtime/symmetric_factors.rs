/// Decomposes a symmetric matrix, (n, n), by its lower triangle, into a triangle with ones on its
/// diagonal and blocks of one and two rows on the diagonal, both in its place, with zeros above;
/// returns the row, counted from 1, that each row was swapped with, negative for both rows of a
/// block of two.
pub fn symmetric_factors(a: &mut [f64], n: usize) -> Vec<i64> {
    let mut swaps = vec![0i64; n];
    let mut k = 0;
    while k < n {
        let (other, is_pair) = pivot_of(a, n, k);
        let last = k + usize::from(is_pair);
        swap_rows(a, n, k, last, other);
        if is_pair {
            swaps[k..=last].fill(-(other as i64) - 1);
            eliminate_pair(a, n, k);
        } else {
            swaps[k] = other as i64 + 1;
            eliminate_one(a, n, k);
        }
        k = last + 1;
    }
    for i in 0..n {
        a[i * n + i + 1..][..n - i - 1].fill(0.);
    }
    swaps
}

/// Returns the row to swap into the next block, and whether the block has two rows: as LAPACK.
fn pivot_of(a: &[f64], n: usize, k: usize) -> (usize, bool) {
    let threshold = (1. + 17f64.sqrt()) / 8.;
    let entry = |i: usize, j: usize| a[i.max(j) * n + i.min(j)].abs();
    let own = entry(k, k);
    let mut best = k;
    for i in k + 1..n {
        if best == k || entry(i, k) > entry(best, k) {
            best = i;
        }
    }
    let most = if best == k { 0. } else { entry(best, k) };
    if own >= threshold * most {
        return (k, false);
    }
    let others = (k..n).filter(|j| *j != best).map(|j| entry(best, j));
    let across = others.fold(0f64, f64::max);
    if own >= threshold * most * (most / across) {
        (k, false)
    } else if entry(best, best) >= threshold * across {
        (best, false)
    } else {
        (best, true)
    }
}

/// Swaps two rows and columns of the part that is not decomposed yet.
fn swap_rows(a: &mut [f64], n: usize, k: usize, last: usize, other: usize) {
    if other == last {
        return;
    }
    (other + 1..n).for_each(|i| a.swap(i * n + last, i * n + other));
    (last + 1..other).for_each(|i| a.swap(i * n + last, other * n + i));
    a.swap(last * n + last, other * n + other);
    if last > k {
        a.swap(last * n + k, other * n + k);
    }
}

fn eliminate_one(a: &mut [f64], n: usize, k: usize) {
    let own = a[k * n + k];
    if own == 0. {
        return;
    }
    for j in k + 1..n {
        let factor = a[j * n + k] / own;
        (j..n).for_each(|i| a[i * n + j] -= factor * a[i * n + k]);
    }
    (k + 1..n).for_each(|i| a[i * n + k] /= own);
}

fn eliminate_pair(a: &mut [f64], n: usize, k: usize) {
    let across = a[(k + 1) * n + k];
    let (first, second) = (a[(k + 1) * n + k + 1] / across, a[k * n + k] / across);
    let scale = 1. / (first * second - 1.) / across;
    for j in k + 2..n {
        let (x, y) = (a[j * n + k], a[j * n + k + 1]);
        let (p, q) = (scale * (first * x - y), scale * (second * y - x));
        for i in j..n {
            a[i * n + j] -= a[i * n + k] * p + a[i * n + k + 1] * q;
        }
        (a[j * n + k], a[j * n + k + 1]) = (p, q);
    }
}
