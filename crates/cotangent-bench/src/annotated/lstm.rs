//! ADBench's long short-term memory: the negative mean log-likelihood of a sequence of one-hot characters.
//!
//! `main` holds, a layer after the other, the weights of the forget, input and output gates and of the change, then
//! their biases; `extra` holds the input weights, the output weights and the output biases.

use cotangent::prelude::*;

/// The loss, with its buffers allocated here, as people write it.
#[differentiable(wrt(main, extra))]
pub fn natural(layers: usize, b: usize, main: &[f64], extra: &[f64], state: &[f64], sequence: &[f64]) -> f64 {
    let steps = sequence.len() / b;
    let mut hidden = vec![0.0; layers * b];
    let mut cell = vec![0.0; layers * b];
    let mut input = vec![0.0; b];
    let mut y = vec![0.0; b];
    load(layers, b, state, &mut hidden, &mut cell);
    let mut total = 0.0;
    for t in 0..steps - 1 {
        predict(
            layers,
            b,
            main,
            extra,
            &sequence[t * b..(t + 1) * b],
            &mut hidden,
            &mut cell,
            &mut input,
            &mut y,
        );
        total += score(&sequence[(t + 1) * b..(t + 2) * b], &y);
    }
    -total / (((steps - 1) * b) as f64)
}

/// The same with every buffer passed in.
#[differentiable(wrt(main, extra, hidden, cell, input, y))]
pub fn workspace(
    layers: usize,
    b: usize,
    main: &[f64],
    extra: &[f64],
    state: &[f64],
    sequence: &[f64],
    hidden: &mut [f64],
    cell: &mut [f64],
    input: &mut [f64],
    y: &mut [f64],
) -> f64 {
    let steps = sequence.len() / b;
    load(layers, b, state, hidden, cell);
    let mut total = 0.0;
    for t in 0..steps - 1 {
        predict(layers, b, main, extra, &sequence[t * b..(t + 1) * b], hidden, cell, input, y);
        total += score(&sequence[(t + 1) * b..(t + 2) * b], y);
    }
    -total / (((steps - 1) * b) as f64)
}

/// Splits the initial state into the hidden and the cell part of every layer.
#[differentiable]
fn load(layers: usize, b: usize, state: &[f64], hidden: &mut [f64], cell: &mut [f64]) {
    for layer in 0..layers {
        for i in 0..b {
            hidden[layer * b + i] = state[2 * layer * b + i];
            cell[layer * b + i] = state[(2 * layer + 1) * b + i];
        }
    }
}

/// One character through every layer: updates the state and leaves the prediction in `y`.
#[differentiable]
fn predict(
    layers: usize,
    b: usize,
    main: &[f64],
    extra: &[f64],
    character: &[f64],
    hidden: &mut [f64],
    cell: &mut [f64],
    input: &mut [f64],
    y: &mut [f64],
) {
    for i in 0..b {
        input[i] = character[i] * extra[i];
    }
    for layer in 0..layers {
        let at = layer * b;
        advance(
            b,
            &main[8 * at..8 * at + 4 * b],
            &main[8 * at + 4 * b..8 * at + 8 * b],
            &mut hidden[at..at + b],
            &mut cell[at..at + b],
            input,
        );
        input.copy_from_slice(&hidden[at..at + b]);
    }
    for i in 0..b {
        y[i] = input[i] * extra[b + i] + extra[2 * b + i];
    }
}

/// One layer for one character.
#[differentiable]
fn advance(b: usize, weight: &[f64], bias: &[f64], hidden: &mut [f64], cell: &mut [f64], input: &[f64]) {
    for i in 0..b {
        let forget = sigmoid(input[i] * weight[i] + bias[i]);
        let ingate = sigmoid(hidden[i] * weight[b + i] + bias[b + i]);
        let outgate = sigmoid(input[i] * weight[2 * b + i] + bias[2 * b + i]);
        let change = (hidden[i] * weight[3 * b + i] + bias[3 * b + i]).tanh();
        cell[i] = cell[i] * forget + ingate * change;
        hidden[i] = outgate * cell[i].tanh();
    }
}

/// The logistic function.
#[differentiable]
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The log-likelihood of the character that came next.
#[differentiable(wrt(y))]
fn score(next: &[f64], y: &[f64]) -> f64 {
    let mut sum = 2.0;
    for i in 0..y.len() {
        sum += y[i].exp();
    }
    let log = sum.ln();
    let mut total = 0.0;
    for i in 0..y.len() {
        total += next[i] * (y[i] - log);
    }
    total
}
