//! The adjoint of the long short-term memory: every gate of every step is kept, then one sweep back.

use crate::input::Lstm;

/// What one unit of one layer did in one step.
#[derive(Clone, Copy, Default)]
struct Unit {
    input: f64,
    hidden: f64,
    cell: f64,
    forget: f64,
    ingate: f64,
    outgate: f64,
    change: f64,
    squashed: f64,
}

/// The loss, its gradient and every buffer that the adjoint needs.
pub struct LstmAdjoint {
    /// The negative mean log-likelihood.
    pub objective: f64,
    /// Its gradient in the weights and biases of the layers.
    pub d_main: Vec<f64>,
    /// Its gradient in the weights of input and output.
    pub d_extra: Vec<f64>,
    units: Vec<Unit>,
    /// `exp y / (2 + sum exp y)` of every step.
    shares: Vec<f64>,
    hidden: Vec<f64>,
    cell: Vec<f64>,
    input: Vec<f64>,
}

impl LstmAdjoint {
    /// Buffers for inputs of the size of this one.
    pub fn new(input: &Lstm) -> Self {
        let (steps, width) = (input.steps - 1, input.layers * input.b);
        LstmAdjoint {
            objective: 0.0,
            d_main: vec![0.0; input.main_params.len()],
            d_extra: vec![0.0; input.extra_params.len()],
            units: vec![Unit::default(); steps * width],
            shares: vec![0.0; steps * input.b],
            hidden: vec![0.0; width],
            cell: vec![0.0; width],
            input: vec![0.0; input.b],
        }
    }

    /// The memory of the record.
    pub fn record_bytes(&self) -> usize {
        size_of_val(&self.units[..]) + size_of_val(&self.shares[..])
    }

    /// Computes the loss and the gradient.
    pub fn run(&mut self, input: &Lstm) {
        let b = input.b;
        for (layer, state) in input.state.chunks_exact(2 * b).enumerate() {
            self.hidden[layer * b..(layer + 1) * b].copy_from_slice(&state[..b]);
            self.cell[layer * b..(layer + 1) * b].copy_from_slice(&state[b..]);
        }
        let mut total = 0.0;
        for t in 0..input.steps - 1 {
            total += self.forward(input, t);
        }
        let scale = -1.0 / ((input.steps - 1) * b) as f64;
        self.objective = scale * total;

        self.d_main.fill(0.0);
        self.d_extra.fill(0.0);
        // From here on `hidden` and `cell` hold cotangents of the state.
        self.hidden.fill(0.0);
        self.cell.fill(0.0);
        for t in (0..input.steps - 1).rev() {
            self.reverse(input, t, scale);
        }
    }

    /// One character; returns its log-likelihood.
    fn forward(&mut self, input: &Lstm, t: usize) -> f64 {
        let b = input.b;
        let (in_weight, rest) = input.extra_params.split_at(b);
        let (out_weight, out_bias) = rest.split_at(b);
        for i in 0..b {
            self.input[i] = input.sequence[t * b + i] * in_weight[i];
        }
        for layer in 0..input.layers {
            self.forward_layer(input, t, layer);
        }
        let next = &input.sequence[(t + 1) * b..(t + 2) * b];
        let shares = &mut self.shares[t * b..(t + 1) * b];
        let (mut sum, mut score, mut ones) = (2.0, 0.0, 0.0);
        for i in 0..b {
            let y = self.input[i] * out_weight[i] + out_bias[i];
            shares[i] = y.exp();
            sum += shares[i];
            score += next[i] * y;
            ones += next[i];
        }
        for share in shares {
            *share /= sum;
        }
        score - ones * sum.ln()
    }

    fn forward_layer(&mut self, input: &Lstm, t: usize, layer: usize) {
        let b = input.b;
        let main = &input.main_params[8 * layer * b..8 * (layer + 1) * b];
        let gate = |g: usize, i: usize, x: f64| x * main[g * b + i] + main[(4 + g) * b + i];
        for i in 0..b {
            let at = layer * b + i;
            let (x, hidden, cell) = (self.input[i], self.hidden[at], self.cell[at]);
            let forget = sigmoid(gate(0, i, x));
            let ingate = sigmoid(gate(1, i, hidden));
            let outgate = sigmoid(gate(2, i, x));
            let change = gate(3, i, hidden).tanh();
            self.cell[at] = cell * forget + ingate * change;
            let squashed = self.cell[at].tanh();
            self.hidden[at] = outgate * squashed;
            self.input[i] = self.hidden[at];
            let unit = Unit {
                input: x,
                hidden,
                cell,
                forget,
                ingate,
                outgate,
                change,
                squashed,
            };
            self.units[t * input.layers * b + at] = unit;
        }
    }

    fn reverse(&mut self, input: &Lstm, t: usize, scale: f64) {
        let b = input.b;
        let next = &input.sequence[(t + 1) * b..(t + 2) * b];
        let ones: f64 = next.iter().sum();
        let last = &self.units[((t + 1) * input.layers - 1) * b..];
        for i in 0..b {
            let y_bar = scale * (next[i] - ones * self.shares[t * b + i]);
            let output = last[i].outgate * last[i].squashed;
            self.d_extra[b + i] += y_bar * output;
            self.d_extra[2 * b + i] += y_bar;
            self.input[i] = y_bar * input.extra_params[b + i];
        }
        for layer in (0..input.layers).rev() {
            self.reverse_layer(input, t, layer);
        }
        for i in 0..b {
            self.d_extra[i] += self.input[i] * input.sequence[t * b + i];
        }
    }

    fn reverse_layer(&mut self, input: &Lstm, t: usize, layer: usize) {
        let b = input.b;
        let main = &input.main_params[8 * layer * b..8 * (layer + 1) * b];
        let main_bar = &mut self.d_main[8 * layer * b..8 * (layer + 1) * b];
        for i in 0..b {
            let at = layer * b + i;
            let u = self.units[t * input.layers * b + at];
            // The layer's output went to the next layer and to this layer's next step.
            let hidden_bar = self.input[i] + self.hidden[at];
            let cell_bar = self.cell[at] + hidden_bar * u.outgate * (1.0 - u.squashed * u.squashed);
            let gates_bar = [
                cell_bar * u.cell * u.forget * (1.0 - u.forget),
                cell_bar * u.change * u.ingate * (1.0 - u.ingate),
                hidden_bar * u.squashed * u.outgate * (1.0 - u.outgate),
                cell_bar * u.ingate * (1.0 - u.change * u.change),
            ];
            let from = [u.input, u.hidden, u.input, u.hidden];
            for g in 0..4 {
                main_bar[g * b + i] += gates_bar[g] * from[g];
                main_bar[(4 + g) * b + i] += gates_bar[g];
            }
            self.cell[at] = cell_bar * u.forget;
            self.hidden[at] = gates_bar[1] * main[b + i] + gates_bar[3] * main[3 * b + i];
            self.input[i] = gates_bar[0] * main[i] + gates_bar[2] * main[2 * b + i];
        }
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
