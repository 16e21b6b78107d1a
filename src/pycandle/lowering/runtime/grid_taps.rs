/// Returns the elements of an image that a point of a grid mixes, by their place and weight.
///
/// `point` is -1 to 1 in each dim, the last first. `narrow` rounds what torch rounds.
pub fn grid_taps(
    point: &[f64],
    sizes: &[usize],
    mode: usize,
    padding: usize,
    align_corners: bool,
    narrow: impl Fn(f64) -> f64,
) -> Vec<(usize, f64)> {
    let mut taps = vec![(0, 1f64)];
    for (&size, &place) in sizes.iter().zip(point.iter().rev()) {
        let length = size as f64;
        let place = match align_corners {
            true => narrow(narrow(place + 1.) / 2. * (length - 1.)),
            false => narrow(narrow(narrow(place + 1.) * length) - 1.) / 2.,
        };
        let inside = |x: f64| padded_place(x, length, padding, align_corners);
        let along: Vec<(f64, f64)> = match mode {
            0 => {
                let place = inside(place);
                let rest = narrow(place - place.floor());
                vec![(place.floor(), 1. - rest), (place.floor() + 1., rest)]
            }
            1 => vec![(inside(place).round_ties_even(), 1.)],
            _ => {
                let rest = narrow(place - place.floor());
                let weights = cubic_weights(rest);
                let taps = weights.into_iter().enumerate();
                taps.map(|(i, weight)| (inside(place.floor() + i as f64 - 1.), weight))
                    .collect()
            }
        };
        let along = along.into_iter().filter(|(x, _)| *x >= 0. && *x < length);
        let along = along.collect::<Vec<_>>();
        let mix = |(at, weight): &(usize, f64)| {
            let (at, weight) = (at * size, *weight);
            let next = along
                .iter()
                .map(move |(x, part)| (at + *x as usize, weight * part));
            next.collect::<Vec<_>>()
        };
        taps = taps.iter().flat_map(mix).collect();
    }
    taps
}

/// Returns a place within an image, but for zeros around it, which leave it where it is.
fn padded_place(x: f64, length: f64, padding: usize, align_corners: bool) -> f64 {
    let x = match (padding, align_corners) {
        (0, _) => return x,
        (1, _) => x,
        (_, true) => mirrored_place(x, 0., length - 1.),
        (_, false) => mirrored_place(x, -0.5, length),
    };
    x.max(0.).min(length - 1.)
}

fn mirrored_place(x: f64, low: f64, span: f64) -> f64 {
    if span == 0. {
        return 0.;
    }
    let x = (x - low).abs();
    let rest = x % span;
    match (x / span).floor() % 2. == 0. {
        true => rest + low,
        false => span - rest + low,
    }
}

/// Returns the weights of four neighbours of a place that lies `rest` behind the second.
fn cubic_weights(rest: f64) -> [f64; 4] {
    const A: f64 = -0.75;
    let near = |x: f64| ((A + 2.) * x - (A + 3.)) * x * x + 1.;
    let far = |x: f64| ((A * x - 5. * A) * x + 8. * A) * x - 4. * A;
    [far(rest + 1.), near(rest), near(1. - rest), far(2. - rest)]
}
