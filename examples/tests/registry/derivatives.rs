//! The derivatives of the log-likelihoods against formulas derived by hand.

use cotangent_examples::common::newton::Objective;
use cotangent_examples::registry::cox::Sorted;
use cotangent_examples::registry::weibull::Rows;
use nalgebra::{DMatrix, DVector};

/// Rounding in sums of 40 rows: the actual errors are below 1e-13.
const TOLERANCE: f64 = 1e-12;
const ROWS: usize = 40;
const WIDTH: usize = 3;

/// A number in (-1, 1) that looks random.
fn noise(i: usize) -> f64 {
    ((i as f64 + 1.0) * 12.9898).sin() * 43758.5453 % 1.0
}

fn covariates() -> Vec<f64> {
    (0..ROWS * WIDTH).map(noise).collect()
}

/// Falling times, four rows each, about two thirds of them events.
fn sorted() -> Sorted {
    Sorted {
        x: covariates(),
        time: (0..ROWS).map(|i| (ROWS - i / 4 * 4) as f64).collect(),
        event: (0..ROWS).map(|i| i % 3 != 1).collect(),
    }
}

fn row(x: &[f64], i: usize) -> DVector<f64> {
    DVector::from_column_slice(&x[i * WIDTH..(i + 1) * WIDTH])
}

/// Efron's score and information (Therneau and Grambsch 2000, section 3.3): the mean and the variance of the covariates
/// over the risk set, in which the events of the time weigh 1 - k/d.
fn cox_by_hand(data: &Sorted, beta: &[f64]) -> (DVector<f64>, DMatrix<f64>) {
    let beta = DVector::from_column_slice(beta);
    let (mut score, mut hessian) = (DVector::zeros(WIDTH), DMatrix::zeros(WIDTH, WIDTH));
    let mut times = data.time.clone();
    times.dedup();
    for t in times {
        let tied: Vec<usize> = (0..ROWS).filter(|&i| data.time[i] == t && data.event[i]).collect();
        for (k, &i) in tied.iter().enumerate() {
            let (mut total, mut first, mut second) = (0.0, DVector::zeros(WIDTH), DMatrix::<f64>::zeros(WIDTH, WIDTH));
            for j in (0..ROWS).filter(|&j| data.time[j] >= t) {
                let share = if tied.contains(&j) {
                    1.0 - k as f64 / tied.len() as f64
                } else {
                    1.0
                };
                let x = row(&data.x, j);
                let weight = share * beta.dot(&x).exp();
                total += weight;
                first += weight * &x;
                second += weight * &x * x.transpose();
            }
            let mean = first / total;
            score += row(&data.x, i) - &mean;
            hessian -= second / total - &mean * mean.transpose();
        }
    }
    (score, hessian)
}

/// With `u = (1, x)`, `z = (log t - location) / s`: the derivatives of `event (z - log s) - exp(z)`.
fn weibull_by_hand(data: &Rows, beta: &[f64]) -> (DVector<f64>, DMatrix<f64>) {
    let size = WIDTH + 2;
    let s = beta[size - 1].exp();
    let (mut score, mut hessian) = (DVector::zeros(size), DMatrix::zeros(size, size));
    for i in 0..ROWS {
        let x = row(&data.x, i);
        let location = beta[0] + (0..WIDTH).map(|k| x[k] * beta[k + 1]).sum::<f64>();
        let z = (data.log_time[i] - location) / s;
        let event = f64::from(data.event[i]);
        // z falls by u / s per coefficient and by z per unit of log s.
        let mut slope = DVector::from_element(size, -1.0 / s);
        slope.rows_mut(1, WIDTH).component_mul_assign(&x);
        slope[size - 1] = -z;
        let mut curve = DMatrix::zeros(size, size);
        curve.column_mut(size - 1).copy_from(&-&slope);
        curve.row_mut(size - 1).copy_from(&-slope.transpose());
        score += (event - z.exp()) * &slope;
        score[size - 1] -= event;
        hessian += (event - z.exp()) * curve - z.exp() * &slope * slope.transpose();
    }
    (score, hessian)
}

fn check(objective: &impl Objective, beta: &[f64], (score, hessian): (DVector<f64>, DMatrix<f64>)) {
    let (_, gradient) = objective.value_and_grad(beta);
    let error = (gradient - &score).amax() / score.amax();
    assert!(error < TOLERANCE, "gradient off by {error:.1e}");
    let error = (objective.hessian(beta) - &hessian).amax() / hessian.amax();
    assert!(error < TOLERANCE, "Hessian off by {error:.1e}");
}

#[test]
fn cox_derivatives_are_exact() {
    let beta = [0.4, -0.7, 0.2];
    check(&sorted(), &beta, cox_by_hand(&sorted(), &beta));
}

#[test]
fn weibull_derivatives_are_exact() {
    let beta = [0.3, 0.4, -0.7, 0.2, -0.25];
    let log_time = (0..ROWS).map(|i| noise(1000 + i)).collect();
    let data = Rows {
        x: covariates(),
        log_time,
        event: sorted().event,
    };
    check(&data, &beta, weibull_by_hand(&data, &beta));
}
