//! The checks on derivatives written by hand in the form that `#[differentiable]` emits, right and wrong.

use cotangent_check::{Options, check_gradient, check_scalar};
use cotangent_core::{Differentiable, Tangent, Visitor, VisitorMut, Zip};

/// A gradient as the entry points return it.
#[derive(Clone, Debug, PartialEq)]
struct Gradient {
    x: f64,
    v: Vec<f64>,
    n: (),
}

impl Differentiable for Gradient {
    type Tangent = Self;

    fn zero_tangent(&self) -> Self {
        Self {
            x: 0.0,
            v: vec![0.0; self.v.len()],
            n: (),
        }
    }

    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        visitor.field("x", &self.x);
        visitor.field("v", &self.v);
    }

    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        visitor.field("x", &mut self.x);
        visitor.field("v", &mut self.v);
    }

    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self, zip: &mut Z) {
        self.zip_leaves(tangent, zip);
    }
}

impl Tangent for Gradient {
    fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z) {
        self.x.zip_leaves(&other.x, zip);
        self.v.zip_leaves(&other.v, zip);
    }
}

/// `scaled` with one factor of its reverse mode and one of its forward mode replaced.
macro_rules! scaled {
    ($name:ident, reverse $reverse:expr, forward $forward:expr) => {
        fn $name(x: f64, v: &[f64], n: usize) -> f64 {
            x * v.iter().sum::<f64>() + n as f64 * v[1].sin()
        }
        #[allow(non_camel_case_types)]
        struct $name {}
        impl $name {
            #[allow(clippy::type_complexity)]
            fn vjp(x: f64, v: &[f64], n: usize) -> (f64, impl Fn(f64) -> Gradient) {
                let (y, v) = ($name(x, v, n), v.to_vec());
                let pullback = move |y_bar: f64| {
                    let mut v_bar = vec![x * y_bar; v.len()];
                    v_bar[1] += $reverse * n as f64 * v[1].cos() * y_bar;
                    Gradient {
                        x: v.iter().sum::<f64>() * y_bar,
                        v: v_bar,
                        n: (),
                    }
                };
                (y, pullback)
            }
            fn jvp((x, v, n): (f64, &[f64], usize), (x_dot, v_dot, ()): (f64, &[f64], ())) -> (f64, f64) {
                let sums = x_dot * v.iter().sum::<f64>() + x * v_dot.iter().sum::<f64>();
                ($name(x, v, n), sums + $forward * n as f64 * v[1].cos() * v_dot[1])
            }
        }
    };
}
scaled!(right, reverse 1.0, forward 1.0);
scaled!(wrong_reverse, reverse 1.5, forward 1.0);
scaled!(wrong_forward, reverse 1.0, forward 0.9);

/// The message of a check that fails.
fn failure(check: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(check).expect_err("the check fails");
    panic.downcast_ref::<String>().expect("a message").clone()
}

#[test]
fn a_right_derivative_passes() {
    let report = check_gradient!(right, 0.7, &[1.0, 2.0, 3.0][..], 2);
    // Value and slope of forward mode; value, four leaves and the dot test of reverse mode.
    assert_eq!((report.compared, report.left_out.len()), (8, 0));
    assert_eq!(check_gradient!(right, (0.7, &[1.0, 2.0, 3.0][..], 2)), report);
}

#[test]
fn a_wrong_leaf_is_named() {
    let text = failure(|| {
        check_gradient!(wrong_reverse, 0.7, &[1.0, 2.0, 3.0][..], 2);
    });
    assert!(text.contains("wrong_reverse: the derivative is wrong in 2 places"), "{text}");
    assert!(text.contains("reverse mode against differences, `v[1]`: got "), "{text}");
    assert!(text.contains("dot test") && text.contains("(step "), "{text}");
}

#[test]
fn a_wrong_forward_mode_is_found_by_differences_and_by_the_dot_test() {
    let text = failure(|| {
        check_gradient!(wrong_forward, 0.7, &[1.0, 2.0, 3.0][..], 2);
    });
    assert!(
        text.contains("forward mode against differences") && text.contains("dot test"),
        "{text}"
    );
}

/// Returns nothing; its result is the argument.
fn decay(state: &mut [f64], rate: f64) {
    for x in state {
        *x *= rate.cos();
    }
}
#[allow(non_camel_case_types)]
struct decay {}
impl decay {
    #[allow(clippy::type_complexity)]
    fn vjp(state: &mut [f64], rate: f64) -> ((), impl Fn(&[f64]) -> (Vec<f64>, f64)) {
        let entry = state.to_vec();
        decay(state, rate);
        let pullback = move |bar: &[f64]| {
            let rate_bar: f64 = entry.iter().zip(bar).map(|(x, b)| -x * rate.sin() * b).sum();
            (bar.iter().map(|b| b * rate.cos()).collect(), rate_bar)
        };
        ((), pullback)
    }
    fn jvp((state, rate): (&mut [f64], f64), (state_dot, rate_dot): (&mut [f64], f64)) -> ((), ()) {
        for (x, x_dot) in state.iter().zip(state_dot) {
            *x_dot = *x_dot * rate.cos() - x * rate.sin() * rate_dot;
        }
        decay(state, rate);
        ((), ())
    }
}

#[test]
fn a_mut_argument_is_input_and_output() {
    let mut state = vec![1.0, -2.0];
    let report = check_gradient!(unit; decay, &mut state[..], 0.4);
    assert!(report.compared > 5 && report.left_out.is_empty(), "{report:?}");
    assert_eq!(state, [1.0, -2.0], "the check works on copies");
}

fn cube(x: &[f64]) -> f64 {
    x[0] * x[0] * x[1]
}
#[allow(non_camel_case_types)]
struct cube {}
impl cube {
    fn vjp(x: &[f64]) -> (f64, impl Fn(f64) -> Vec<f64>) {
        let x = x.to_vec();
        (cube(&x), move |bar| vec![2.0 * x[0] * x[1] * bar, x[0] * x[0] * bar])
    }
    fn jvp(x: &[f64], x_dot: &[f64]) -> (f64, f64) {
        (cube(x), 2.0 * x[0] * x[1] * x_dot[0] + x[0] * x[0] * x_dot[1])
    }
    fn hvp(x: &[f64], d: &[f64]) -> Vec<f64> {
        vec![2.0 * (x[1] * d[0] + x[0] * d[1]), 2.0 * x[0] * d[0]]
    }
}

#[test]
fn second_order_and_a_single_parameter() {
    let first = check_gradient!(cube, &[0.4, 1.3][..]);
    let second = check_gradient!(order = 2; cube, &[0.4, 1.3][..]);
    // One comparison a leaf, and the symmetry.
    assert_eq!(second.compared, first.compared + 3);
}

#[test]
fn a_kink_is_left_out_and_named() {
    let report = check_scalar(|x| x[0].abs() + x[1], |_| vec![1.0, 1.0], &[0.0, 2.0]).unwrap();
    assert_eq!(report.left_out, ["x[0]"]);
}

#[test]
fn tolerances_of_f32_are_wide_enough_for_f32_and_no_wider_than_needed_for_a_factor() {
    use cotangent_check::{Modes, check};
    let leaves = ["x".to_owned()];
    let plain = |x: &[f64]| vec![f64::from((x[0] as f32).sin())];
    for (factor, right) in [(1.0, true), (1.1, false)] {
        let vjp = |x: &[f64], bar: &[f64]| (plain(x), vec![f64::from((x[0] as f32).cos()) * bar[0] * factor]);
        let modes = Modes {
            leaves: &leaves,
            plain: &plain,
            jvp: None,
            vjp: Some(&vjp),
            hvp: None,
        };
        assert_eq!(check(modes, &[0.3], Options::SINGLE).is_ok(), right);
    }
}
