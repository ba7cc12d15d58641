//! One scalar function: its value, both modes, second order, and both modes in `f32`.

use cotangent_check::central;

/// A function of `N` numbers and everything that is derived from it.
pub struct Function<const N: usize> {
    /// The interval of each argument.
    pub domain: [(f64, f64); N],
    /// The plain call.
    pub value: fn([f64; N]) -> f64,
    /// Value and gradient.
    pub reverse: fn([f64; N]) -> (f64, [f64; N]),
    /// Value and tangent.
    pub forward: fn([f64; N], [f64; N]) -> (f64, f64),
    /// The Hessian times a direction.
    pub second: fn([f64; N], [f64; N]) -> [f64; N],
    /// The plain call in `f32`.
    pub single_value: fn([f32; N]) -> f32,
    /// Value and gradient in `f32`.
    pub single_reverse: fn([f32; N]) -> (f32, [f32; N]),
    /// Value and tangent in `f32`.
    pub single_forward: fn([f32; N], [f32; N]) -> (f32, f32),
}

/// Points of each function.
const POINTS: usize = 7;
/// Both modes multiply the same few factors in another order: some roundings of 2.2e-16.
const MODES: f64 = 1e-13;
/// Ridders' differences reach 1e-10 for functions of size 1; here derivatives are up to 100 and steps shrink near poles.
const DIFFERENCES: f64 = 1e-8;
/// `f32` has an eps of 1.2e-7; `powi`, `acos` near 1 and the gamma functions lose up to three digits of it.
const SINGLE: f64 = 2e-4;

/// Asserts that everything agrees at several points of the domain.
pub fn agree<const N: usize>(f: &Function<N>) {
    for k in 0..POINTS {
        let point = point(&f.domain, k);
        // Points that `f32` has too, so that both precisions evaluate at the same one.
        let single = point.map(|x| x as f32);
        let point = single.map(f64::from);
        first_order(f, point);
        second_order(f, point);
        in_single(f, single, point);
    }
}

/// The point number `k` of a sequence that fills the box evenly, away from its faces.
fn point<const N: usize>(domain: &[(f64, f64); N], k: usize) -> [f64; N] {
    const STRIDES: [f64; 3] = [0.618_034, 0.754_878, 0.819_173];
    std::array::from_fn(|j| {
        let (low, high) = domain[j];
        low + (high - low) * (0.06 + 0.88 * (0.5 + STRIDES[j] * k as f64).fract())
    })
}

fn first_order<const N: usize>(f: &Function<N>, point: [f64; N]) {
    let value = (f.value)(point);
    let (y, gradient) = (f.reverse)(point);
    assert_eq!(y.to_bits(), value.to_bits(), "value of reverse mode at {point:?}");
    for direction in directions::<N>() {
        let (y, y_dot) = (f.forward)(point, direction);
        assert_eq!(y.to_bits(), value.to_bits(), "value of forward mode at {point:?}");
        near("forward against reverse mode", point, y_dot, dot(&gradient, &direction), MODES);
        let estimate = central(1.0, |h| (f.value)(moved(point, direction, h)));
        near(
            "forward mode against differences",
            point,
            y_dot,
            estimate.value,
            DIFFERENCES + 10.0 * trusted(estimate.error),
        );
    }
}

fn second_order<const N: usize>(f: &Function<N>, point: [f64; N]) {
    for direction in directions::<N>() {
        let product = (f.second)(point, direction);
        #[allow(clippy::needless_range_loop)] // rows of two matrices at once
        for j in 0..N {
            let estimate = central(1.0, |h| (f.reverse)(moved(point, direction, h)).1[j]);
            near(
                "second order against differences",
                point,
                product[j],
                estimate.value,
                DIFFERENCES + 10.0 * trusted(estimate.error),
            );
        }
    }
}

fn in_single<const N: usize>(f: &Function<N>, point: [f32; N], same: [f64; N]) {
    let (y, gradient) = (f.single_reverse)(point);
    assert_eq!(
        y.to_bits(),
        (f.single_value)(point).to_bits(),
        "value of reverse mode in f32 at {point:?}"
    );
    for direction in directions::<N>() {
        // Differences in f64: those in f32 would have three digits.
        let estimate = central(1.0, |h| (f.value)(moved(same, direction, h)));
        let (y, y_dot) = (f.single_forward)(point, direction.map(|d| d as f32));
        assert_eq!(
            y.to_bits(),
            (f.single_value)(point).to_bits(),
            "value of forward mode in f32 at {point:?}"
        );
        near("forward mode in f32", same, f64::from(y_dot), estimate.value, SINGLE);
        near(
            "reverse mode in f32",
            same,
            dot(&gradient.map(f64::from), &direction),
            estimate.value,
            SINGLE,
        );
    }
}

/// The axes, and one direction across them.
fn directions<const N: usize>() -> Vec<[f64; N]> {
    let mut all: Vec<[f64; N]> = (0..N).map(|j| std::array::from_fn(|i| if i == j { 1.0 } else { 0.0 })).collect();
    all.push(std::array::from_fn(|i| [0.75, -0.5, 0.875][i]));
    all
}

fn moved<const N: usize>(point: [f64; N], direction: [f64; N], h: f64) -> [f64; N] {
    std::array::from_fn(|i| point[i] + h * direction[i])
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// An error estimate is allowed to widen a tolerance, but a kink, which a domain must not contain, is not.
fn trusted(error: f64) -> f64 {
    assert!(
        error < 1e-6,
        "differences cannot be trusted here: the domain of the rule reaches a kink or a pole ({error:e})"
    );
    error
}

fn near<P: std::fmt::Debug>(what: &str, point: P, got: f64, expected: f64, tolerance: f64) {
    let scale = 1.0 + got.abs().max(expected.abs());
    assert!(
        (got - expected).abs() <= tolerance * scale,
        "{what} at {point:?}: got {got:e}, expected {expected:e} to {tolerance:e}"
    );
}
