use candle_core::{bail, Result, Tensor};

/// Returns the channels, dim 1, of `groups` groups in turn: the first of each, the second of each.
pub fn channel_shuffle(xs: &Tensor, groups: usize) -> Result<Tensor> {
    let (n, channels) = (xs.dim(0)?, xs.dim(1)?);
    if groups == 0 || !channels.is_multiple_of(groups) {
        bail!("channel_shuffle: {channels} channels in {groups} groups")
    }
    let rest: usize = xs.dims()[2..].iter().product();
    let split = xs
        .contiguous()?
        .reshape((n, groups, channels / groups, rest))?;
    split.transpose(1, 2)?.contiguous()?.reshape(xs.shape())
}
