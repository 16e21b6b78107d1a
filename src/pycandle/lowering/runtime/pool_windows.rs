use candle_core::{bail, Result};

/// Returns the positions of each window over `size` elements, counted from the padding before them.
///
/// With `ceil_mode` the last window may reach over the end, but it begins in the input or in the
/// padding before it.
pub fn pool_windows(
    size: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
    dilation: usize,
    ceil_mode: bool,
) -> Result<Vec<Vec<usize>>> {
    let padded = size + 2 * padding;
    let reach = dilation * (kernel - 1) + 1;
    let over = if ceil_mode { stride - 1 } else { 0 };
    let Some(rest) = (padded + over).checked_sub(reach) else {
        bail!("pool: a window over {reach} of {padded} elements")
    };
    let mut count = rest / stride + 1;
    if ceil_mode && (count - 1) * stride >= size + padding {
        count -= 1;
    }
    let window = |i: usize| (0..kernel).map(|k| i * stride + k * dilation).collect();
    Ok((0..count).map(window).collect())
}
