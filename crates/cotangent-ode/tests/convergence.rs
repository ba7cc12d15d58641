//! The order of convergence, fitted, is within 0.2 of the nominal one.
//!
//! The problem is a harmonic oscillator: there higher terms of the error fade early enough that order 9 shows before rounding
//! does. Nonlinear terms are checked exactly, tree by tree, in `order_conditions.rs`.

mod common;

use common::{LotkaVolterra, Oscillator, slope};
use cotangent::prelude::*;
use cotangent_ode::*;

const END: f64 = 40.0;

fn problem() -> Problem<Oscillator, f64> {
    Problem::new(Oscillator, [1.0, 0.0], (0.0, END), 1.0).save_at([END / 4.0, END / 2.0, END])
}

/// The errors at the save points with `n` steps in a unit of time.
fn error<M: Method<f64>>(method: &M, n: f64) -> (f64, f64) {
    let h = 1.0 / n;
    let options = Options {
        step: Step::Fixed(h),
        ..Options::default()
    };
    let solution = solve(&problem(), method.clone(), &options).unwrap();
    let one = |i: usize| {
        let (y, t) = (solution.saved(i), solution.times[i]);
        (y[0] - t.cos()).powi(2) + (y[1] + t.sin()).powi(2)
    };
    (h, (0..3).map(one).sum::<f64>().sqrt())
}

fn check<M: Method<f64>>(method: M, steps: &[f64]) {
    let points: Vec<_> = steps.iter().map(|&n| error(&method, n)).collect();
    let (order, nominal) = (slope(&points), method.order() as f64);
    assert!(
        (order - nominal).abs() <= 0.2,
        "{}: fitted order {order:.2}, nominal {nominal}",
        method.name()
    );
}

// The steps are so small that higher terms do not matter, and so large that rounding does not.
#[test]
fn explicit_methods() {
    check(Heun, &[100.0, 150.0, 200.0, 300.0]);
    check(Bs3, &[50.0, 75.0, 100.0, 150.0]);
    check(Rk4, &[25.0, 50.0, 75.0, 100.0]);
    check(Tsit5, &[20.0, 30.0, 40.0, 60.0]);
    check(Dopri5, &[20.0, 30.0, 40.0, 60.0]);
    check(Vern7, &[5.0, 6.0, 8.0, 10.0]);
    check(Dop853, &[4.0, 5.0, 6.0, 7.0]);
    check(Vern9, &[4.0, 4.25, 4.5, 4.75, 5.0]);
}

#[test]
fn implicit_methods() {
    check(Kvaerno3, &[20.0, 30.0, 40.0, 60.0]);
    check(KenCarp4, &[20.0, 30.0, 40.0]);
    check(Kvaerno5, &[15.0, 20.0, 25.0, 30.0]);
}

/// Rodas5P is of order 6 for linear problems, so that its order shows on a nonlinear one only.
#[test]
fn rosenbrock_methods() {
    let problem = Problem::new(LotkaVolterra, [1.0, 1.0], (0.0, 4.0), [1.5, 1.0, 3.0, 1.0]).save_at([1.0, 2.0, 3.0, 4.0]);
    let tight = Options {
        rtol: 1e-14,
        atol: 1e-14,
        ..Options::default()
    };
    let exact = solve(&problem, Vern9, &tight).unwrap();
    let error = |n: f64| {
        let options = Options {
            step: Step::Fixed(1.0 / n),
            ..Options::default()
        };
        let solution = solve(&problem, Rodas5P, &options).unwrap();
        let difference = solution.saved_rows().iter().zip(exact.saved_rows()).map(|(a, b)| (a - b).powi(2));
        (1.0 / n, difference.sum::<f64>().sqrt())
    };
    let order = slope(&[error(40.0), error(60.0), error(80.0), error(120.0)]);
    assert!((order - 5.0).abs() <= 0.2, "Rodas5P: fitted order {order:.2}, nominal 5");
}

/// A nonlinear pendulum in Hamiltonian form.
#[differentiable(order = 2)]
fn pendulum(_t: f64, y: &[f64], p: &f64, dy: &mut [f64]) {
    dy[0] = y[1];
    dy[1] = -p * y[0].sin();
}

#[test]
fn symplectic_methods() {
    let tight = Options {
        rtol: 1e-14,
        atol: 1e-14,
        ..Options::default()
    };
    let problem = Problem::new(differentiable!(pendulum), [1.0, 0.2], (0.0, 8.0), 1.3).save_at([2.0, 5.0, 8.0]);
    let exact = solve(&problem, Vern9, &tight).unwrap();
    let fixed = |n: f64| Options {
        step: Step::Fixed(1.0 / n),
        ..Options::default()
    };
    macro_rules! check {
        ($method:expr, $steps:expr) => {{
            let error = |n: f64| {
                let solution = solve(&problem, $method, &fixed(n)).unwrap();
                let squares = solution.saved_rows().iter().zip(exact.saved_rows()).map(|(a, b)| (a - b).powi(2));
                (1.0 / n, squares.sum::<f64>().sqrt())
            };
            let points: Vec<_> = $steps.into_iter().map(error).collect();
            let (order, nominal) = (slope(&points), Method::<f64>::order(&$method) as f64);
            assert!(
                (order - nominal).abs() <= 0.2,
                "{}: fitted order {order:.2}",
                Method::<f64>::name(&$method)
            );
        }};
    }
    check!(Leapfrog, [20.0, 40.0, 80.0]);
    check!(Yoshida4, [20.0, 40.0, 80.0]);
    check!(Yoshida6, [16.0, 20.0, 32.0, 40.0]);
    // The energy stays where it is over a long time.
    let long = Problem::new(differentiable!(pendulum), [1.0, 0.2], (0.0, 1000.0), 1.3);
    let energy = |y: &[f64]| 0.5 * y[1] * y[1] - 1.3 * y[0].cos();
    let end = solve(&long, Yoshida4, &fixed(10.0)).unwrap().y_end;
    assert!((energy(&end) - energy(&[1.0, 0.2])).abs() < 1e-4);
}

#[test]
fn gradients_of_symplectic_methods() {
    let options = Options {
        step: Step::Fixed(0.1),
        ..Options::default()
    };
    // A save point inside of a step, so that dense output takes part.
    let problem = |x: &[f64]| Problem::new(differentiable!(pendulum), [x[0], x[1]], (0.0, 3.0), x[2]).save_at([1.23]);
    let value = |s: &Solution| s.y_end[0] + 2.0 * s.saved(0)[1];
    let x = [1.0, 0.2, 1.3];
    let loss = |s: &Solution, bars: &mut Cotangents| {
        (bars.end[0], bars.saved(0)[1]) = (1.0, 2.0);
        value(s)
    };
    let reverse = gradient(&problem(&x), Yoshida6, &options, Gradient::Reverse, loss).unwrap();
    let forward = gradient(&problem(&x), Yoshida6, &options, Gradient::Forward, loss).unwrap();
    for (i, (r, f)) in [
        (reverse.y0[0], forward.y0[0]),
        (reverse.y0[1], forward.y0[1]),
        (reverse.p, forward.p),
    ]
    .into_iter()
    .enumerate()
    {
        let d = common::difference(|x| value(&solve(&problem(x), Yoshida6, &options).unwrap()), &x, i, 1e-5);
        assert!((r - f).abs() < 1e-12 && (r - d).abs() < 1e-8, "{i}: {r} {f} {d}");
    }
    let odd = Problem::new(differentiable!(pendulum), [1.0, 0.2, 0.0], (0.0, 3.0), 1.3);
    assert!(solve(&odd, Leapfrog, &options).unwrap_err().to_string().contains("momenta"));
}
