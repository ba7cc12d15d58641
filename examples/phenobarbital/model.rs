//! One compartment, doses into the vein, and normal random effects on the logarithms of clearance and volume.

use super::data::{Subject, What};
use cotangent::prelude::*;

/// Random effects of a subject: on log clearance, on log volume.
pub const EFFECTS: usize = 2;

/// Parameters: log clearance (l/h), log volume (l), logs of the effects' standard deviations, log of the error's.
pub const PARAMETERS: usize = 5;

const HALF_LOG_2PI: f64 = 0.918_938_533_204_672_8;

/// Minus the log density of a subject's samples and of its random effects `b`, at the parameters `theta`.
///
/// The amount in the body falls as exp(-clearance / volume t), and a dose adds to it; a sample is amount / volume with a
/// normal error. Pinheiro and Bates, *Mixed-Effects Models in S and S-PLUS*, 2000, section 6.4 has the same model.
#[differentiable(order = 3, wrt(b, theta))]
pub fn joint(b: &[f64], theta: &[f64], subject: &Subject) -> f64 {
    let rate = (theta[0] + b[0] - theta[1] - b[1]).exp();
    let volume = (theta[1] + b[1]).exp();
    let mut amount = 0.0;
    let mut last = 0.0;
    let mut total = 0.0;
    for event in &subject.events {
        amount *= (-rate * (event.time - last)).exp();
        last = event.time;
        match event.what {
            What::Dose(dose) => amount += dose,
            What::Sample(concentration) => {
                let z = (concentration - amount / volume) * (-theta[4]).exp();
                total += 0.5 * z * z + theta[4] + HALF_LOG_2PI;
            }
        }
    }
    for k in 0..EFFECTS {
        let z = b[k] * (-theta[EFFECTS + k]).exp();
        total += 0.5 * z * z + theta[EFFECTS + k] + HALF_LOG_2PI;
    }
    total
}

/// The concentration of `subject` at a time, with doses up to and at it.
pub fn concentration(effects: &[f64], theta: &[f64], subject: &Subject, time: f64) -> f64 {
    let rate = (theta[0] + effects[0] - theta[1] - effects[1]).exp();
    let volume = (theta[1] + effects[1]).exp();
    let amount = |(at, dose): (f64, f64)| dose * (-rate * (time - at)).exp();
    let doses = subject.events.iter().filter_map(|event| match event.what {
        What::Dose(dose) if event.time <= time => Some((event.time, dose)),
        _ => None,
    });
    doses.map(amount).sum::<f64>() / volume
}

/// The concentration a sample is compared with: doses that stand above it in the file.
pub fn fitted(effects: &[f64], theta: &[f64], subject: &Subject) -> Vec<f64> {
    let rate = (theta[0] + effects[0] - theta[1] - effects[1]).exp();
    let volume = (theta[1] + effects[1]).exp();
    let (mut amount, mut last) = (0.0, 0.0);
    let mut fitted = Vec::new();
    for event in &subject.events {
        amount *= (-rate * (event.time - last)).exp();
        last = event.time;
        match event.what {
            What::Dose(dose) => amount += dose,
            What::Sample(_) => fitted.push(amount / volume),
        }
    }
    fitted
}
