//! Every coefficient takes part in the order conditions: one for each rooted tree up to the order of the method.
//! Hairer, Nørsett, Wanner: Solving Ordinary Differential Equations I, theorem II.2.13.

use cotangent_ode::Tableau;
use cotangent_ode::{BS3, DOP853, DOPRI5, HEUN, KENCARP4, KVAERNO3, KVAERNO5, RK4, RODAS5P, TSIT5, VERN7, VERN9};

/// A rooted tree: the trees at its root.
#[derive(Clone, Debug)]
struct Tree(Vec<Tree>);

impl Tree {
    fn order(&self) -> usize {
        1 + self.0.iter().map(Tree::order).sum::<usize>()
    }

    /// γ, the density.
    fn density(&self) -> f64 {
        self.order() as f64 * self.0.iter().map(Tree::density).product::<f64>()
    }

    /// Φ_i at every stage, without the last sum.
    fn weights<const S: usize>(&self, a: &[[f64; S]; S]) -> [f64; S] {
        let mut weights = [1.0; S];
        for child in &self.0 {
            let inner = child.weights(a);
            for (i, w) in weights.iter_mut().enumerate() {
                *w *= a[i].iter().zip(&inner).map(|(a, x)| a * x).sum::<f64>();
            }
        }
        weights
    }
}

/// All trees of each order up to `order`.
fn trees(order: usize) -> Vec<Vec<Tree>> {
    let mut all: Vec<Vec<Tree>> = vec![Vec::new()];
    for size in 1..=order {
        // Children in an order that does not decrease, as (size, place).
        let mut found = Vec::new();
        forests(&all, size - 1, (1, 0), &mut Vec::new(), &mut found);
        all.push(found);
    }
    all
}

fn forests(all: &[Vec<Tree>], left: usize, from: (usize, usize), chosen: &mut Vec<Tree>, found: &mut Vec<Tree>) {
    if left == 0 {
        found.push(Tree(chosen.clone()));
        return;
    }
    for size in from.0..=left {
        for place in if size == from.0 { from.1 } else { 0 }..all.get(size).map_or(0, Vec::len) {
            chosen.push(all[size][place].clone());
            forests(all, left - size, (size, place), chosen, found);
            chosen.pop();
        }
    }
}

#[test]
fn numbers_of_trees() {
    let counts: Vec<_> = trees(9).iter().map(Vec::len).collect();
    assert_eq!(counts, [0, 1, 1, 2, 4, 9, 20, 48, 115, 286]);
}

/// The largest violation of a condition of order `order` by the weights `b` at `theta`, relative to the size of its terms.
fn violation<const S: usize>(a: &[[f64; S]; S], b: &[f64; S], theta: f64, trees: &[Tree]) -> f64 {
    let one = |tree: &Tree| {
        let terms = tree.weights(a);
        let sum: f64 = terms.iter().zip(b).map(|(x, b)| x * b).sum();
        let size: f64 = terms.iter().zip(b).map(|(x, b)| (x * b).abs()).sum();
        (sum - theta.powi(tree.order() as i32) / tree.density()).abs() / (1.0 + size)
    };
    trees.iter().map(one).fold(0.0, f64::max)
}

fn check<const S: usize>(tableau: &Tableau<S>) {
    let name = tableau.name;
    let trees = trees(tableau.order + 1);
    // Rounding: coefficients of size up to 100, in sums of products of up to nine.
    let rounding = 1e-12;
    for i in 0..S {
        let sum: f64 = tableau.a[i].iter().sum();
        assert!(
            (sum - tableau.c[i]).abs() < 1e-13 * (1.0 + tableau.a[i].iter().map(|a| a.abs()).sum::<f64>()),
            "{name}: c[{i}]"
        );
    }
    let b = tableau.b();
    for (order, trees) in trees.iter().enumerate().skip(1).take(tableau.order) {
        let v = violation(&tableau.a, &b, 1.0, trees);
        assert!(v < rounding, "{name}: the conditions of order {order} are violated by {v:.1e}");
    }
    let next = violation(&tableau.a, &b, 1.0, &trees[tableau.order + 1]);
    assert!(next > 1e-9, "{name} is of a higher order than it says");
    for step in 0..=8 {
        let theta = f64::from(step) / 8.0;
        let weights: [f64; S] = core::array::from_fn(|i| theta * tableau.dense[i].iter().rev().fold(0.0, |s, c| s * theta + c));
        for (order, trees) in trees.iter().enumerate().skip(1).take(tableau.dense_order) {
            let v = violation(&tableau.a, &weights, theta, trees);
            // Coefficients of dense output reach 1e4.
            assert!(v < 1e-10, "{name}: dense output at {theta}, order {order}: {v:.1e}");
        }
    }
    if tableau.error_order > 0 {
        // b minus the error is a method of the lower order.
        let lower: [f64; S] = core::array::from_fn(|i| b[i] - tableau.error[i]);
        let exact = if tableau.second_error.is_some() { 5 } else { tableau.error_order };
        for trees in trees.iter().skip(1).take(exact) {
            assert!(violation(&tableau.a, &lower, 1.0, trees) < rounding, "{name}: error estimate");
        }
        assert!(
            violation(&tableau.a, &lower, 1.0, &trees[exact + 1]) > 1e-9,
            "{name}: error estimate vanishes"
        );
    }
}

#[test]
fn explicit_methods() {
    check(&HEUN);
    check(&BS3);
    check(&RK4);
    check(&TSIT5);
    check(&DOPRI5);
    check(&DOP853);
    check(&VERN7);
    check(&VERN9);
}

#[test]
fn diagonally_implicit_methods() {
    check(&KVAERNO3);
    check(&KVAERNO5);
    check(&KENCARP4);
}

/// The weights of a tree for a Rosenbrock method: `β = α + Γ` where a node has one child, `α` where it has more.
/// Hairer, Wanner II, IV.7.
fn rosenbrock_weights(tree: &Tree, alpha: &[[f64; 8]; 8], beta: &[[f64; 8]; 8]) -> [f64; 8] {
    let mut weights = [1.0; 8];
    let matrix = if tree.0.len() == 1 { beta } else { alpha };
    for child in &tree.0 {
        let inner = rosenbrock_weights(child, alpha, beta);
        for (i, w) in weights.iter_mut().enumerate() {
            *w *= matrix[i].iter().zip(&inner).map(|(a, x)| a * x).sum::<f64>();
        }
    }
    weights
}

/// The row `x` with `x Γ⁻¹ = row`, where `Γ⁻¹ = I/γ - C` is lower triangular.
fn times_gamma(row: &[f64; 8], gamma: f64, coupling: &[[f64; 8]; 8]) -> [f64; 8] {
    let mut x = [0.0; 8];
    for j in (0..8).rev() {
        let behind: f64 = (j + 1..8).map(|i| -x[i] * coupling[i][j]).sum();
        x[j] = (row[j] - behind) * gamma;
    }
    x
}

#[test]
fn rosenbrock_methods() {
    let t = &RODAS5P;
    let unit = |i: usize| core::array::from_fn(|j| if i == j { 1.0 } else { 0.0 });
    let gammas: [[f64; 8]; 8] = core::array::from_fn(|i| times_gamma(&unit(i), t.gamma, &t.coupling));
    let alpha: [[f64; 8]; 8] = core::array::from_fn(|i| times_gamma(&t.a[i], t.gamma, &t.coupling));
    let beta: [[f64; 8]; 8] = core::array::from_fn(|i| core::array::from_fn(|j| alpha[i][j] + gammas[i][j]));
    for i in 0..8 {
        assert!((alpha[i].iter().sum::<f64>() - t.c[i]).abs() < 1e-12, "c[{i}]");
        assert!((gammas[i].iter().sum::<f64>() - t.d[i]).abs() < 1e-12, "d[{i}]");
    }
    let all = trees(6);
    let worst = |b: &[f64; 8], theta: f64, order: usize| {
        let b = times_gamma(b, t.gamma, &t.coupling);
        let one = |tree: &Tree| {
            let sum: f64 = rosenbrock_weights(tree, &alpha, &beta).iter().zip(&b).map(|(x, b)| x * b).sum();
            (sum - theta.powi(order as i32) / tree.density()).abs()
        };
        all[order].iter().map(one).fold(0.0, f64::max)
    };
    for order in 1..=5 {
        // The published coefficients have 16 digits and reach 1e2.
        assert!(worst(&t.b, 1.0, order) < 1e-11, "order {order}: {:.1e}", worst(&t.b, 1.0, order));
    }
    assert!(worst(&t.b, 1.0, 6) > 1e-6);
    let lower = core::array::from_fn(|i| t.b[i] - t.error[i]);
    for order in 1..=4 {
        assert!(worst(&lower, 1.0, order) < 1e-11, "error estimate, order {order}");
    }
    assert!(worst(&lower, 1.0, 5) > 1e-6);
    for theta in [0.25, 0.5, 0.875] {
        for order in 1..=4 {
            assert!(
                worst(&t.weights(theta), theta, order) < 1e-11,
                "dense output at {theta}, order {order}"
            );
        }
    }
}
