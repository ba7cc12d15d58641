//! The hand-written derivatives against central differences of the plain functions.

use cotangent_bench::cases::building::{DT, PARAMETERS};
use cotangent_bench::cases::lu::System;
use cotangent_bench::generate::generate;
use cotangent_bench::hand::ba::residual;
use cotangent_bench::hand::building::BuildingAdjoint;
use cotangent_bench::hand::gmm::GmmAdjoint;
use cotangent_bench::hand::lstm::LstmAdjoint;
use cotangent_bench::hand::lu::LuAdjoint;
use cotangent_bench::input::Problem;
use cotangent_bench::plain;

/// Central differences with step 1e-5 err by about 1e-10 (truncation) and 1e-11 |f| (rounding), which the scale of the
/// entry and of the function covers here.
const TOLERANCE: f64 = 1e-7;

/// Compares a gradient with central differences of `f` in every entry of `x`.
fn check(name: &str, x: &[f64], gradient: &[f64], f: impl Fn(&[f64]) -> f64) {
    assert_eq!(x.len(), gradient.len(), "{name}");
    let mut moved = x.to_vec();
    for i in 0..x.len() {
        let step = 1e-5 * x[i].abs().max(1e-3);
        moved[i] = x[i] + step;
        let above = f(&moved);
        moved[i] = x[i] - step;
        let below = f(&moved);
        moved[i] = x[i];
        let want = (above - below) / (2.0 * step);
        let scale = 1.0 + want.abs() + 1e-3 * f(x).abs() / x[i].abs().max(1e-3);
        let error = (gradient[i] - want).abs() / scale;
        assert!(error < TOLERANCE, "{name}[{i}]: {} by hand, {want} by differences", gradient[i]);
    }
}

#[test]
fn gmm_with_a_prior_that_shows() {
    let Problem::Gmm(g) = generate("gmm:n=7,d=3,k=4,seed=5,gamma=2,m=3").unwrap().problem else {
        panic!("a gmm")
    };
    let f = |alphas: &[f64], means: &[f64], icf: &[f64]| plain::gmm::natural(g.d, g.k, alphas, means, icf, &g.x, g.gamma, g.m);
    let mut hand = GmmAdjoint::new(&g);
    hand.run(&g);
    let value = f(&g.alphas, &g.means, &g.icf);
    assert!((hand.objective - value).abs() < 1e-12 * value.abs(), "{} {value}", hand.objective);
    check("alphas", &g.alphas, &hand.d_alphas, |x| f(x, &g.means, &g.icf));
    check("means", &g.means, &hand.d_means, |x| f(&g.alphas, x, &g.icf));
    check("icf", &g.icf, &hand.d_icf, |x| f(&g.alphas, &g.means, x));
}

#[test]
fn lstm_of_three_layers() {
    let Problem::Lstm(m) = generate("lstm:l=3,c=6,b=4,seed=5").unwrap().problem else {
        panic!("an lstm")
    };
    let f = |main: &[f64], extra: &[f64]| plain::lstm::natural(m.layers, m.b, main, extra, &m.state, &m.sequence);
    let mut hand = LstmAdjoint::new(&m);
    hand.run(&m);
    assert!(
        (hand.objective - f(&m.main_params, &m.extra_params)).abs() < 1e-13,
        "{}",
        hand.objective
    );
    check("main", &m.main_params, &hand.d_main, |x| f(x, &m.extra_params));
    check("extra", &m.extra_params, &hand.d_extra, |x| f(&m.main_params, x));
}

#[test]
fn ba_with_distinct_cameras() {
    let Problem::Ba(ba) = generate("ba:n=4,m=6,p=9,seed=5").unwrap().problem else {
        panic!("a bundle")
    };
    for (i, [c, p]) in ba.observations.iter().copied().enumerate() {
        let (camera, point, weight, feature) = (&ba.cameras[c], &ba.points[p], ba.weights[i], &ba.features[i]);
        let mut jacobian = [0.0; 30];
        residual(camera, point, weight, feature, &mut jacobian);
        let x = [&camera[..], &point[..], &[weight]].concat();
        for row in 0..2 {
            check("residual", &x, &jacobian[15 * row..15 * (row + 1)], |x| {
                let camera = x[..11].try_into().unwrap();
                let point = x[11..14].try_into().unwrap();
                plain::ba::natural(camera, point, x[14], feature)[row]
            });
        }
    }
}

#[test]
fn lu_with_pivots() {
    let s = System::random(6, 5);
    let mut hand = LuAdjoint::new(s.n);
    hand.run(s.n, &s.a, &s.b);
    check("a", &s.a, &hand.d_a, |x| plain::lu::natural(s.n, x, &s.b));
    check("b", &s.b, &hand.d_b, |x| plain::lu::natural(s.n, &s.a, x));
}

#[test]
fn building_of_many_steps() {
    let mut hand = BuildingAdjoint::default();
    hand.run(&PARAMETERS, 50, DT);
    check("parameters", &PARAMETERS, &hand.gradient, |x| {
        let building = plain::building::Building::from_parameters(x.try_into().unwrap());
        plain::building::loss(&building, x[19], 50, DT)
    });
}

#[test]
fn styles_give_the_same_value() {
    let Problem::Gmm(g) = generate("gmm:n=7,d=3,k=4,seed=5").unwrap().problem else {
        panic!("a gmm")
    };
    let mut buffers = [g.d * g.k, g.k, g.d, g.d, g.k].map(|len| vec![f64::NAN; len]);
    let [q, sums, centered, y, terms] = &mut buffers;
    let passed = plain::gmm::workspace(
        g.d, g.k, &g.alphas, &g.means, &g.icf, &g.x, g.gamma, g.m, q, sums, centered, y, terms,
    );
    let allocated = plain::gmm::natural(g.d, g.k, &g.alphas, &g.means, &g.icf, &g.x, g.gamma, g.m);
    assert_eq!(passed, allocated, "the same operations in the same order");
}
