//! Forward mode along several directions, and `jacobian`: against one direction at a time, reverse mode and differences.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent::{Lanes, Leaves};

#[differentiable(lanes)]
fn turn(angle: f64, v: &[f64; 2]) -> [f64; 2] {
    let (s, c) = (angle.sin(), angle.cos());
    [c * v[0] - s * v[1], s * v[0] + c * v[1]]
}

/// Calls whose results have a type that only rustc knows, a constant parameter, operators on both.
#[differentiable(lanes, wrt(x, at))]
fn seen(x: &[f64; 3], at: &[f64; 2], scale: &[f64; 2]) -> [f64; 2] {
    let p = turn(x[0], at);
    let q = turn(-x[1], &[p[0] / p[1], 2.0 * p[1]]);
    let mut r = q[0] * scale[0] - p[1];
    r += q[1];
    r *= p[0];
    [x[2] * (r - scale[1]), -q[1] / x[2] + (scale[0] - p[0])]
}

/// A loop with an early exit, `Vec` locals, `push` and `swap`.
#[differentiable(lanes)]
fn orbit(x: &[f64], limit: f64) -> Vec<f64> {
    let mut path = Vec::new();
    let mut state = x.to_vec();
    for k in 0..40 {
        let mut sum = 0.0;
        for value in state.iter_mut() {
            *value = (*value * 1.3).sin() + 0.1 * limit;
            sum += *value;
        }
        path.push(sum);
        if sum > 1.5 && k > 2 {
            break;
        }
        state.swap(0, 1);
    }
    path
}

/// Several outputs: a tuple, and a slice changed in place.
#[differentiable(lanes)]
fn relax(state: &mut [f64], rate: f64, n: usize) -> (f64, f64) {
    let mut worst = 0.0;
    let mut total = 0.0;
    let mut step = 0;
    while step < n {
        for i in 1..state.len() {
            let change = rate * (state[i - 1] - state[i]);
            state[i] += change;
            if change.abs() > worst {
                worst = change.abs();
            }
            total += change * change;
        }
        step += 1;
    }
    (total.sqrt(), worst)
}

fn fill(out: &mut [f64], by: impl Fn(usize) -> f64) {
    out.iter_mut().enumerate().for_each(|(i, v)| *v = by(i));
}

#[differentiable(lanes)]
fn norm(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        if x[i] < 0.0 {
            return 7.0 * x[i];
        }
        sum += x[i] * x[i];
    }
    sum.sqrt()
}

/// Many outputs of few inputs, and without lanes.
#[differentiable]
fn waves(a: f64, b: f64) -> Vec<f64> {
    (0..12).map(|k| (a * k as f64).sin() * b).collect()
}

/// Few outputs of many inputs.
#[differentiable]
fn moments(x: &[f64]) -> [f64; 2] {
    let mut m = [0.0; 2];
    for v in x {
        m[0] += v;
        m[1] += v * v * v;
    }
    m
}

/// A `Vec` that grows through `&mut`, an inactive parameter, by-value parameters.
#[differentiable(lanes, wrt(out, v, x))]
fn append(out: &mut Vec<f64>, v: Vec<f64>, x: f64, offset: f64) {
    for a in v.iter() {
        out.push(a * x + offset);
    }
    out[0] *= x;
}

#[differentiable(lanes)]
fn mixed(x: f32, y: f64) -> (f64, f32) {
    let wide = x as f64 * y;
    (wide.exp(), (wide % 0.7) as f32)
}

#[differentiable(lanes)]
fn generic<T: Real>(x: &[T], y: T) -> Vec<T> {
    let mut out = vec![T::ZERO; x.len()];
    for i in 0..x.len() {
        out[i] = x[i] * y + y.exp();
    }
    out
}

/// Central differences of step 1e-6 on values of order one: the error is of order 1e-10, the curvature here below 1e3.
const DIFFERENCES: f64 = 1e-7;
/// Lanes and one direction at a time do the same arithmetic but for the order of sums.
const SAME: f64 = 1e-13;

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * (1.0 + b.abs())
}

fn differences(x: &[f64], f: impl Fn(&[f64]) -> Vec<f64>) -> Matrix<f64> {
    let h = 1e-6;
    let at = |j: usize, by: f64| {
        let mut x = x.to_vec();
        x[j] += by;
        f(&x)
    };
    let columns: Vec<Vec<f64>> = (0..x.len())
        .map(|j| at(j, h).iter().zip(at(j, -h)).map(|(a, b)| (a - b) / (2.0 * h)).collect())
        .collect();
    Matrix::from_fn(columns[0].len(), x.len(), |i, j| columns[j][i])
}

#[track_caller]
fn assert_close(got: &Matrix<f64>, want: &Matrix<f64>, tolerance: f64) {
    assert_eq!((got.rows(), got.cols()), (want.rows(), want.cols()), "shape");
    for (k, (a, b)) in got.iter().zip(want).enumerate() {
        assert!(close(*a, *b, tolerance), "entry {k}: {a}, expected {b}\n{got:?}\n{want:?}");
    }
}

#[test]
fn calls_and_operators() {
    let (x, at, scale) = ([0.3, -0.7, 1.4], [0.9, 1.2], [0.8, -0.3]);
    let j = seen::jacobian(&x, &at, &scale);
    let flat: Vec<f64> = x.iter().chain(&at).copied().collect();
    let want = differences(&flat, |v| seen(&[v[0], v[1], v[2]], &[v[3], v[4]], &scale).to_vec());
    assert_close(&j, &want, DIFFERENCES);
    let (_, pullback) = seen::vjp(&x, &at, &scale);
    let rows: Vec<Vec<f64>> = [[1.0, 0.0], [0.0, 1.0]].map(|y_bar| pullback(y_bar).flatten()).into();
    assert_close(&j, &Matrix::from_fn(2, 5, |i, j| rows[i][j]), SAME);
}

fn orbit_in_lanes<const W: usize>(x: &[f64], limit: f64) {
    let directions: Vec<Lanes<f64, W>> = (0..x.len())
        .map(|i| Lanes(std::array::from_fn(|k| ((3 * i + k) as f64).cos())))
        .collect();
    let along_limit = Lanes(std::array::from_fn(|k| 0.5 - k as f64));
    let (y, y_dot) = orbit::jvp_lanes((x, limit), (&directions, along_limit));
    assert_eq!(y, orbit(x, limit));
    for k in 0..W {
        let one: Vec<f64> = directions.iter().map(|d| d[k]).collect();
        let (_, want) = orbit::jvp((x, limit), (&one, along_limit[k]));
        assert_eq!(y_dot.len(), want.len());
        for (got, want) in y_dot.iter().zip(&want) {
            assert!(close(got[k], *want, SAME), "lane {k} of {W}: {} and {want}", got[k]);
        }
    }
}

#[test]
fn every_width_agrees_with_one_direction() {
    let x = [0.4, 0.9, -0.3];
    for limit in [0.2, 1.9] {
        orbit_in_lanes::<1>(&x, limit);
        orbit_in_lanes::<3>(&x, limit);
        orbit_in_lanes::<4>(&x, limit);
        orbit_in_lanes::<8>(&x, limit);
    }
}

#[test]
fn loops_early_exit_and_vec_locals() {
    let x: Vec<f64> = (0..11).map(|i| 0.3 + 0.05 * f64::from(i)).collect();
    let flat: Vec<f64> = x.iter().copied().chain([0.8]).collect();
    let j = orbit::jacobian(&x, 0.8);
    assert!(j.rows() < 40, "the loop is left early");
    assert_close(&j, &differences(&flat, |v| orbit(&v[..11], v[11])), DIFFERENCES);
    let mut again = Matrix::zeros(3, 3);
    orbit::jacobian_into(&x, 0.8, &mut again);
    assert_eq!(again, j);
    // A return in the loop.
    assert_eq!(norm::jacobian(&[3.0, -4.0, 2.0]).as_slice(), [0.0, 7.0, 0.0]);
    assert_close(&norm::jacobian(&[3.0, 4.0]), &Matrix::from_vec(1, 2, vec![0.6, 0.8]), SAME);
    let unit = [Lanes([1.0, 0.0, 0.0]), Lanes([0.0, 1.0, 0.0])];
    let (y, y_dot) = norm::jvp_lanes(&[3.0, 4.0], &unit);
    assert!(
        y == 5.0 && close(y_dot[0], 0.6, SAME) && close(y_dot[1], 0.8, SAME) && y_dot[2] == 0.0,
        "{y_dot:?}"
    );
}

#[test]
fn outputs_in_place() {
    let mut state = [0.0; 6];
    fill(&mut state, |i| (1.7 * i as f64).sin());
    let entry = state;
    let j = relax::jacobian(&mut state, 0.3, 4);
    let mut plain = entry;
    relax(&mut plain, 0.3, 4);
    assert_eq!(state, plain, "after the call the argument holds what the plain call leaves");
    let flat: Vec<f64> = entry.iter().copied().chain([0.3]).collect();
    let want = differences(&flat, |v| {
        let mut s = v[..6].to_vec();
        let (total, worst) = relax(&mut s, v[6], 4);
        [total, worst].into_iter().chain(s).collect()
    });
    assert_close(&j, &want, DIFFERENCES);
}

#[test]
fn vectors_that_grow() {
    let (out, v) = (vec![0.5, 0.2], vec![1.0, -2.0, 0.3]);
    let mut grown = out.clone();
    let j = append::jacobian(&mut grown, v.clone(), 1.5, 9.0);
    let mut plain = out.clone();
    append(&mut plain, v.clone(), 1.5, 9.0);
    assert_eq!(grown, plain);
    let flat: Vec<f64> = out.iter().chain(&v).copied().chain([1.5]).collect();
    let want = differences(&flat, |x| {
        let mut out = x[..2].to_vec();
        append(&mut out, x[2..5].to_vec(), x[5], 9.0);
        out
    });
    assert_close(&j, &want, DIFFERENCES);
}

#[test]
fn both_modes_by_shape() {
    // 12 x 2 runs forward.
    assert_close(
        &waves::jacobian(0.4, 1.3),
        &differences(&[0.4, 1.3], |x| waves(x[0], x[1])),
        DIFFERENCES,
    );
    // 2 x 30 runs in reverse after one direction.
    let mut x = [0.0; 30];
    fill(&mut x, |i| (i as f64).cos());
    assert_close(&moments::jacobian(&x), &differences(&x, |x| moments(x).to_vec()), DIFFERENCES);
    let j = moments::jacobian(&x);
    assert!((0..30).all(|c| j[(0, c)] == 1.0 && close(j[(1, c)], 3.0 * x[c] * x[c], SAME)));
}

#[test]
fn widths_of_floats_and_generics() {
    let j = mixed::jacobian(0.5, 0.8);
    let e = 0.4f64.exp();
    // f32 entries carry 24 bits; these factors are exact in neither.
    let want = Matrix::from_vec(2, 2, vec![0.8 * e, 0.5 * e, 0.8, 0.5]);
    assert_close(&j, &want, 1e-6);
    let j = generic::jacobian(&[1.0, 2.0], 0.5f64);
    let e = 0.5f64.exp();
    assert_close(&j, &Matrix::from_vec(2, 3, vec![0.5, 0.0, 1.0 + e, 0.0, 0.5, 2.0 + e]), SAME);
    assert_eq!(generic::jacobian(&[1.0f32], 0.0f32).as_slice(), [0.0, 2.0]);
}
