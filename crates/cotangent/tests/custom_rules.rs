//! `#[derivative]`: functions that carry a rule.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_check::check_gradient;

/// Stands for a crate that knows nothing of derivatives.
mod foreign {
    pub fn wave(x: f64) -> f64 {
        x.sin()
    }

    pub fn blend(x: f64, y: f64, n: usize) -> f64 {
        x.powi(n as i32) * y
    }

    pub fn norm(v: &[f64]) -> f64 {
        v.iter().map(|x| x * x).sum::<f64>().sqrt()
    }

    pub fn logistic(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }
}

mod rules {
    use cotangent::prelude::*;

    /// The sine, by its rule; order 3 differentiates `jvp` twice.
    #[derivative(of = super::foreign::wave, order = 3)]
    impl wave {
        fn jvp(x: f64, x_dot: f64) -> (f64, f64) {
            (wave(x), x.cos() * x_dot)
        }

        fn vjp(x: f64, y_bar: f64) -> f64 {
            x.cos() * y_bar
        }
    }

    #[derivative(of = super::foreign::blend, order = 2)]
    impl blend {
        fn jvp(x: f64, y: f64, n: usize, x_dot: f64, y_dot: f64) -> (f64, f64) {
            let k = n as i32;
            let slope = k as f64 * x.powi(k - 1);
            (super::foreign::blend(x, y, n), slope * y * x_dot + x.powi(k) * y_dot)
        }

        fn vjp(x: f64, y: f64, n: usize, z_bar: f64) -> (f64, f64) {
            let k = n as i32;
            (z_bar * k as f64 * x.powi(k - 1) * y, z_bar * x.powi(k))
        }
    }

    #[derivative(of = super::foreign::norm)]
    impl norm {
        fn jvp(v: &[f64], v_dot: &[f64]) -> (f64, f64) {
            let y = norm(v);
            (y, v.iter().zip(v_dot).map(|(x, d)| x * d).sum::<f64>() / y)
        }

        fn vjp(v: &[f64], y_bar: f64, v_bar: &mut [f64]) {
            let y = norm(v);
            for (b, x) in v_bar.iter_mut().zip(v) {
                *b += y_bar * x / y;
            }
        }
    }

    #[derivative(of = super::foreign::norm)]
    impl norm_forward {
        fn jvp(v: &[f64], v_dot: &[f64]) -> (f64, f64) {
            let y = norm(v);
            (y, v.iter().zip(v_dot).map(|(x, d)| x * d).sum::<f64>() / y)
        }
    }

    /// `reverse only` of a result with several numbers.
    #[derivative]
    impl scaled {
        fn value(v: &[f64], s: f64) -> Vec<f64> {
            v.iter().map(|x| x * s).collect()
        }

        fn vjp(v: &[f64], s: f64, y_bar: &[f64], v_bar: &mut [f64]) -> f64 {
            v_bar.iter_mut().zip(y_bar).for_each(|(b, y)| *b += s * y);
            v.iter().zip(y_bar).map(|(x, y)| x * y).sum()
        }
    }

    #[derivative(of = super::foreign::logistic)]
    impl logistic {
        fn vjp(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
            let y = logistic(x);
            (y, move |y_bar| y_bar * y * (1.0 - y))
        }
    }

    #[derivative(of = super::foreign::logistic)]
    impl forward_only {
        fn jvp(x: f64, x_dot: f64) -> (f64, f64) {
            let y = logistic(x);
            (y, y * (1.0 - y) * x_dot)
        }
    }

    #[derivative]
    impl smooth {
        fn value<T: Real>(x: T, y: T) -> T {
            (x * x + y * y).sqrt()
        }

        fn jvp<T: Real>(x: T, x_dot: T, y: T, y_dot: T) -> (T, T) {
            let z = smooth(x, y);
            (z, (x * x_dot + y * y_dot) / z)
        }

        fn vjp<T: Real>(x: T, y: T, z_bar: T) -> (T, T) {
            let s = z_bar / (x * x + y * y).sqrt();
            (x * s, y * s)
        }
    }

    /// Sums of neighbours, `n` apart: linear.
    #[derivative(order = 2)]
    impl pairs {
        fn value(x: &[f64], n: usize) -> Vec<f64> {
            (0..x.len() - n).map(|i| x[i] + 2.0 * x[i + n]).collect()
        }

        fn transpose(y_bar: &[f64], n: usize, x_bar: &mut [f64]) {
            for i in 0..y_bar.len() {
                x_bar[i] += y_bar[i];
                x_bar[i + n] += 2.0 * y_bar[i];
            }
        }
    }

    #[derivative]
    impl doubled {
        pub(crate) fn value(x: Vec<f64>) -> Vec<f64> {
            x.into_iter().map(|x| 2.0 * x).collect()
        }

        fn transpose(y_bar: Vec<f64>) -> Vec<f64> {
            y_bar.into_iter().map(|b| 2.0 * b).collect()
        }
    }

    /// The gradient passes through the step as through the identity; `width` is constant.
    #[derivative]
    impl straight_through {
        fn value(x: f64, width: f64) -> f64 {
            (x / width).round() * width
        }

        fn jvp(x: f64, width: f64, x_dot: f64) -> (f64, f64) {
            (straight_through(x, width), x_dot)
        }

        fn vjp(y_bar: f64) -> f64 {
            y_bar
        }
    }
}

use rules::{blend, doubled, forward_only, logistic, norm, norm_forward, pairs, scaled, smooth, straight_through, wave};

#[differentiable(order = 2)]
fn scalars(x: f64, y: f64) -> f64 {
    let mut s = 0.0;
    for n in 1..4 {
        s += blend(wave(x * y), y, n) * rules::wave(s + x);
    }
    s
}

#[differentiable(order = 3)]
fn third(x: f64) -> f64 {
    wave(x * x)
}

#[differentiable]
fn slices(v: &[f64], s: f64) -> f64 {
    let w = vec![s * v[0], v[1]];
    norm(v) * norm(&w) + norm(&v[1..])
}

#[differentiable]
fn one_mode(x: f64) -> f64 {
    logistic(x * x) + forward_only(3.0 * x)
}

#[differentiable]
fn one_mode_of_slices(v: &[f64], s: f64) -> f64 {
    let w = scaled(v, s * s);
    norm_forward(v) * w[0] + norm_forward(&w)
}

#[differentiable]
fn generic(x: f64, y: f64) -> f64 {
    smooth(x * y, y) * x
}

#[differentiable]
fn generic_in_generic<T: Real>(x: T, y: T) -> T {
    let z = smooth(x * y, y);
    z
}

#[differentiable(order = 2)]
fn linear(v: &[f64]) -> f64 {
    let squares = vec![v[0] * v[1], v[1] * v[1], v[2] * v[0]];
    let y = pairs(&squares, 1);
    y[0] * y[1]
}

#[differentiable]
fn owned(v: &[f64]) -> f64 {
    let w = doubled(v.to_vec());
    w[0] * w[1]
}

#[differentiable]
fn quantised(x: f64) -> f64 {
    straight_through(x * x, 0.5) * 3.0
}

#[differentiable(using(foreign::wave = rules::wave, foreign::norm = rules::norm))]
fn mapped(v: &[f64]) -> f64 {
    foreign::wave(v[0]) * foreign::norm(v)
}

#[test]
fn called_by_name() {
    check_gradient!(order = 2; scalars, 0.7, 1.2);
    check_gradient!(slices, &[0.3, 0.4, 0.5][..], 1.5);
    check_gradient!(generic, 0.7, 1.2);
    assert_eq!(generic_in_generic::grad(3.0f32, 1.0).x, 3.0 / 10f32.sqrt());
    check_gradient!(order = 2; linear, &[0.3, 0.4, 0.5][..]);
    check_gradient!(owned, &[0.3, 0.4][..]);
}

#[test]
fn one_mode_gives_the_other() {
    check_gradient!(one_mode, 0.4);
    check_gradient!(one_mode_of_slices, &[0.3, 0.4, -0.2][..], 1.2);
}

#[test]
fn mapped_by_the_attribute() {
    check_gradient!(mapped, &[0.3, 0.4][..]);
}

#[test]
fn the_rule_is_used_and_not_the_function() {
    assert_eq!(quantised(0.75), 1.5);
    assert_eq!(quantised::grad(0.75).x, 4.5);
    assert_eq!(quantised::jvp(0.75, 1.0), (1.5, 4.5));
}

#[test]
fn the_rule_has_entry_points_of_its_own() {
    assert_eq!(wave::grad(0.5).x, 0.5f64.cos());
    assert_eq!(wave::hessian(0.5)[(0, 0)], -0.5f64.sin());
    assert_eq!(blend::jacobian(2.0, 3.0, 2).as_slice(), [12.0, 4.0]);
    assert_eq!(straight_through::grad(0.7, 0.5).width, ());
    assert_eq!(third::hessian(0.0)[(0, 0)], 2.0);
}
