//! Functions with `&mut` parameters as values.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct P {
    a: f64,
    v: Vec<f64>,
}

/// A pendulum with friction.
#[differentiable(order = 2)]
fn rhs(t: f64, y: &[f64], p: &P, dy: &mut [f64]) {
    dy[0] = y[1];
    dy[1] = -p.a * y[0].sin() - p.v[0] * y[1] * y[1] + p.v[1] * t;
}

/// What it changes it also reads, and it returns something.
#[differentiable]
fn relax(x: &mut [f64], rate: f64, steps: &mut usize) -> f64 {
    let mut moved = 0.0;
    for i in 1..x.len() {
        let d = rate * (x[i - 1] - x[i]);
        x[i] += d;
        moved += d * d;
    }
    *steps += 1;
    moved
}

#[differentiable]
fn kick(p: &mut P, by: f64) {
    p.a *= by;
    p.v[0] += p.a * by;
}

#[differentiable(wrt(x), lanes)]
fn logged(x: f64, log: &mut Vec<f64>, scale: &mut f64, rest: &mut [(f64, bool)]) -> f64 {
    log.push(1.0);
    *scale += 1.0;
    rest[0].1 = true;
    x * x
}

fn pendulum() -> (P, [f64; 2]) {
    (P { a: 2.0, v: vec![0.3, 0.7] }, [0.4, -0.9])
}

#[test]
fn one_output() {
    let (p, y) = pendulum();
    let d = differentiable!(rhs);
    let (mut dy, mut expected) = ([0.0; 2], [0.0; 2]);
    d(0.5, &y, &p, &mut dy);
    rhs(0.5, &y, &p, &mut expected);
    assert_eq!(dy, expected);
    dy = [7.0; 2];
    d.call((0.5, &y[..], &p, &mut dy[..]));
    assert_eq!(dy, expected);

    let p_dot = PTangent {
        a: 0.5,
        v: vec![0.25, -1.0],
    };
    let (mut dot, mut expected_dot) = ([7.0; 2], [8.0; 2]);
    d.jvp((0.5, &y[..], &p, &mut dy[..]), (1.0, &[0.1, 0.2][..], &p_dot, &mut dot[..]));
    rhs::jvp((0.5, &y, &p, &mut dy), (1.0, &[0.1, 0.2], &p_dot, &mut expected_dot));
    assert_eq!((dy, dot), (expected, expected_dot));

    dy = [7.0; 2];
    let ((), pullback) = d.vjp((0.5, &y[..], &p, &mut dy[..]));
    assert_eq!(dy, expected);
    let g = pullback(&[1.0, 2.0]);
    let (mut again, bar) = ([7.0; 2], [1.0, 2.0]);
    let expected_gradient = rhs::vjp(0.5, &y, &p, &mut again).1(&bar);
    assert_eq!(g, expected_gradient);
    assert_eq!((g.t, g.dy.clone()), (2.0 * 0.7, vec![0.0; 2]));
    assert_eq!(pullback(&vec![1.0, 2.0]), g);
    assert_eq!(pullback(&[0.0, 0.0]).p, PTangent { a: 0.0, v: vec![0.0; 2] });
    assert_eq!(dy, expected);
}

#[test]
fn a_result_besides() {
    let d = differentiable!(relax);
    let start = [1.0, -0.5, 2.0];
    let (mut x, mut steps) = (start, 3);
    let (moved, g) = d.value_and_grad((&mut x[..], 0.5, &mut steps));
    let (mut x2, mut steps2) = (start, 3);
    assert_eq!(moved, relax(&mut x2, 0.5, &mut steps2));
    assert_eq!((x, steps), (x2, 4));
    let (mut x3, mut steps3) = (start, 3);
    let expected = relax::grad(&mut x3, 0.5, &mut steps3);
    assert_eq!(g, expected);

    let (mut x, mut steps) = (start, 3);
    let (moved_again, pullback) = d.vjp((&mut x[..], 0.5, &mut steps));
    assert_eq!((moved_again, x, steps), (moved, x2, 4));
    let out_bar = [0.1, 0.2, 0.3];
    let g = pullback(2.0, &out_bar, &());
    let (mut x3, mut steps3) = (start, 3);
    let expected = relax::vjp(&mut x3, 0.5, &mut steps3).1(2.0, &out_bar, &());
    assert_eq!(g, expected);
    assert_eq!(pullback(2.0, &out_bar, &()), g);
}

#[test]
fn structs_in_place() {
    let d = differentiable!(kick);
    let start = pendulum().0;
    let mut p = start.clone();
    let ((), pullback) = d.vjp((&mut p, 3.0));
    assert_eq!(
        p,
        P {
            a: 6.0,
            v: vec![18.3, 0.7]
        }
    );
    let g = pullback(&PTangent { a: 1.0, v: vec![1.0, 1.0] });
    assert_eq!(
        (g.p, g.by),
        (
            PTangent {
                a: 12.0,
                v: vec![1.0, 1.0]
            },
            2.0 + 6.0 + 6.0
        )
    );
    let (mut p, mut dot) = (start, PTangent { a: 1.0, v: vec![0.0, 0.0] });
    d.jvp((&mut p, 3.0), (&mut dot, 0.0));
    assert_eq!(dot, PTangent { a: 3.0, v: vec![9.0, 0.0] });
}

#[test]
fn constants_in_place() {
    let d = differentiable!(logged);
    let (mut log, mut scale, mut rest) = (vec![], 2.0, [(0.0, false)]);
    let (y, g) = d.value_and_grad((3.0, &mut log, &mut scale, &mut rest[..]));
    assert_eq!((y, g.x, g.log, g.scale), (9.0, 6.0, (), ()));
    assert_eq!((&log[..], scale, rest[0].1), (&[1.0][..], 3.0, true));
    let dots = (1.0, (), (), ());
    assert_eq!(d.jvp((3.0, &mut log, &mut scale, &mut rest[..]), dots), (9.0, 6.0));
    assert_eq!((log.len(), scale), (2, 4.0));
    assert_eq!(logged::grad(3.0, &mut log, &mut scale, &mut rest).x, 6.0);
    assert_eq!(logged::jvp((3.0, &mut log, &mut scale, &mut rest), dots), (9.0, 6.0));
    assert_eq!((log.len(), scale), (4, 6.0));
}

#[test]
fn closures_outside() {
    let k = 3.0;
    let d = differentiable!(|x: f64, out: &mut [f64]| -> f64 {
        out[0] = k * x * x;
        out[1] *= x;
        out[0] * x
    });
    let mut out = [0.0, 5.0];
    assert_eq!(d(2.0, &mut out), 24.0);
    assert_eq!(out, [12.0, 10.0]);
    out = [0.0, 5.0];
    let (y, pullback) = d.vjp((2.0, &mut out[..]));
    assert_eq!((y, out), (24.0, [12.0, 10.0]));
    let g = pullback(1.0, &[10.0, 100.0]);
    assert_eq!((g.x, g.out), (36.0 + 120.0 + 500.0, vec![0.0, 200.0]));
}

/// Generic code over functions that write.
fn along<F>(f: &F, t: f64, y: &[f64], p: &P) -> Vec<f64>
where
    F: for<'a> DiffFn<
            (f64, &'a [f64], &'a P, &'a mut [f64]),
            Output = (),
            Direction = (f64, &'a [f64], &'a PTangent, &'a mut [f64]),
            Cotangents = (f64, Vec<f64>, PTangent, Vec<f64>),
            Outputs = (Vec<f64>,),
        >,
{
    let (mut dy, mut dot) = (vec![0.0; 2], vec![0.0; 2]);
    f.jvp((t, y, p, &mut dy), (1.0, &[0.0, 0.0], &p.zero_tangent(), &mut dot));
    let ((), pullback) = f.vjp_mut((t, y, p, &mut dy));
    pullback((), &(vec![1.0, 0.0],));
    dot
}

#[test]
fn generic_code() {
    let (p, y) = pendulum();
    assert_eq!(along(&differentiable!(rhs), 0.5, &y, &p), [0.0, 0.7]);
}

/// One step of Euler's method, in differentiable code.
#[differentiable(order = 2)]
fn euler<F: Fn(f64, &[f64], &mut [f64])>(f: F, y: &mut [f64], k: &mut [f64], t: f64, h: f64) {
    f(t, y, k);
    for i in 0..y.len() {
        y[i] += h * k[i];
    }
}

#[differentiable(order = 2)]
fn twice(t: f64, y: &[f64], dy: &mut [f64]) {
    dy[0] = y[1] * t;
    dy[1] = -y[0] * y[0];
}

#[differentiable(order = 2)]
fn passed_on(a: f64, y0: &[f64]) -> f64 {
    let mut y = y0.to_vec();
    let mut k = vec![0.0; 2];
    for i in 0..3 {
        euler(twice, &mut y, &mut k, i as f64, 0.1);
        euler(
            |t: f64, y: &[f64], dy: &mut [f64]| {
                dy[0] = a * y[1].sin() + t;
                dy[1] = y[0] * a;
            },
            &mut y,
            &mut k,
            i as f64,
            0.1,
        );
    }
    y[0] * y[1] + k[0]
}

#[test]
fn inside_differentiable_code() {
    cotangent_check::check_gradient!(order = 2; passed_on, 1.3, &[0.4, 0.2][..]);
}

/// Whole `Vec`s and parts of them, a function by reference, a parameter that is handed through.
#[differentiable(order = 2)]
fn heun<F: Fn(f64, &[f64], &P, &mut [f64])>(f: &F, y: &mut Vec<f64>, p: &P, t: f64, h: f64) {
    let mut k = vec![0.0; y.len()];
    let mut k2 = [0.0; 2];
    f(t, &y, p, &mut k);
    let z: Vec<f64> = y.clone();
    f(t + h, &z, p, &mut k2);
    f(t, &y[..], p, &mut k[0..2]);
    for i in 0..y.len() {
        y[i] += h * (k[i] + k2[i]);
    }
}

#[differentiable(order = 2)]
fn heun_steps(p: &P, t: f64, a: f64) -> f64 {
    let mut y = p.v.clone();
    heun(&rhs, &mut y, p, t, 0.1);
    let scaled = |t: f64, y: &[f64], p: &P, dy: &mut [f64]| {
        rhs(t, y, p, dy);
        dy[0] *= a;
    };
    heun(&scaled, &mut y, p, t, 0.1);
    y[0] * y[1]
}

cotangent_check::point!(P);

#[test]
fn inside_with_structs_and_parts() {
    let p = pendulum().0;
    cotangent_check::check_gradient!(order = 2; heun_steps, &p, 0.5, 0.7);
}

#[test]
fn outputs_can_be_read_while_the_pullback_lives() {
    let (p, y) = pendulum();
    let mut dy = [0.0; 2];
    let ((), pullback) = rhs::vjp(0.5, &y, &p, &mut dy);
    assert_eq!(dy[0], y[1]);
    assert_eq!(pullback(&[1.0, 0.0]).y, [0.0, 1.0]);
}

#[differentiable(order = 3)]
fn rotate(t: f64, y: &[f64], dy: &mut [f64]) {
    dy[0] += y[1] * y[1] * t;
    dy[1] = y[0].sin() * dy[0];
}

#[differentiable(order = 3)]
fn through<F: Fn(f64, &[f64], &mut [f64])>(f: &F, x: &[f64], t: f64) -> f64 {
    let mut out = vec![x[0], 1.0];
    f(t, x, &mut out);
    f(x[1], x, &mut out);
    out[0] * out[1]
}

#[differentiable(order = 3)]
fn potential(x: &[f64], a: f64) -> f64 {
    let twisted = |t: f64, y: &[f64], dy: &mut [f64]| {
        dy[0] *= y[0] * a;
        dy[1] += t * a.exp() * dy[0];
    };
    let plain: f64 = through(&rotate, x, a);
    let other: f64 = through(&twisted, x, 0.7);
    plain + other
}

/// What is differentiated here is a Hessian.
#[differentiable]
fn curvature(x: &[f64], a: f64) -> f64 {
    let h = potential::hessian(x, a);
    let (mut sum, mut weight) = (0.0, 1.0);
    for i in 0..2 {
        for j in 0..2 {
            sum += weight * h[(i, j)];
            weight *= 0.7;
        }
    }
    sum
}

#[test]
fn third_order() {
    cotangent_check::check_gradient!(order = 2; potential, &[0.4, 0.9][..], 0.6);
    cotangent_check::check_gradient!(curvature, &[0.4, 0.9][..], 0.6);
}
