use candle_core::{bail, CpuStorage, Result, Storage, Tensor, WithDType};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Returns a tensor of floats on the CPU in which each row of `size` elements is what `f` makes of
/// it: `f` takes the row's index, and the row in `f64`. Copies `xs` first if it is not contiguous.
pub fn map_rows(xs: &Tensor, size: usize, f: impl Fn(usize, &mut [f64]) + Sync) -> Result<Tensor> {
    let xs = xs.contiguous()?;
    let (storage, layout) = xs.storage_and_layout();
    let (Storage::Cpu(storage), Some((a, b))) = (&*storage, layout.contiguous_offsets()) else {
        bail!("rows can be read on the CPU alone")
    };
    match storage {
        CpuStorage::F64(src) => mapped_rows(&xs, &src[a..b], size, |x| x, f),
        CpuStorage::F32(src) => mapped_rows(&xs, &src[a..b], size, f64::from, f),
        CpuStorage::F16(src) => mapped_rows(&xs, &src[a..b], size, |x| x.to_f32().into(), f),
        CpuStorage::BF16(src) => mapped_rows(&xs, &src[a..b], size, |x| x.to_f32().into(), f),
        _ => bail!("rows of {:?} are no floats", xs.dtype()),
    }
}

fn mapped_rows<T: WithDType>(
    xs: &Tensor,
    src: &[T],
    size: usize,
    widen: impl Fn(T) -> f64 + Sync,
    f: impl Fn(usize, &mut [f64]) + Sync,
) -> Result<Tensor> {
    let mut dst = vec![T::from_f64(0.); src.len()];
    // As Candle's own loops: 16 K elements a turn, and one thread for less than 64 K.
    let rows = (16 * 1024 / size.max(1)).max(1);
    let turns: Vec<_> = dst.chunks_mut(rows * size.max(1)).map(Mutex::new).collect();
    let work = |range: Range<usize>| {
        let mut wide = vec![0f64; size];
        for turn in range {
            let mut dst = turns[turn].lock().unwrap_or_else(PoisonError::into_inner);
            let src = src[turn * rows * size..].chunks_exact(size);
            for (i, (dst, src)) in dst.chunks_exact_mut(size).zip(src).enumerate() {
                wide.iter_mut().zip(src).for_each(|(y, x)| *y = widen(*x));
                f(turn * rows + i, &mut wide);
                dst.iter_mut()
                    .zip(&wide)
                    .for_each(|(y, x)| *y = T::from_f64(*x));
            }
        }
    };
    if src.len() < 64 * 1024 {
        work(0..turns.len());
    } else {
        candle_core::utils::barrier_pool().execute_chunked(turns.len(), work);
    }
    drop(turns);
    Tensor::from_vec(dst, xs.dims(), xs.device())
}
