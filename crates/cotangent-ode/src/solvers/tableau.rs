//! The coefficients of an explicit Runge-Kutta method.

/// An explicit Runge-Kutta method with `S` stages, those of dense output included.
///
/// The last of the `main` stages stands at the new state: its row of `a` is what others call `b`. A method without the
/// property "first same as last" has that stage all the same: it is the first of the next step, and dense output needs it.
#[derive(Clone, Copy, Debug)]
pub struct Tableau<const S: usize> {
    /// The name.
    pub name: &'static str,
    /// The order of convergence.
    pub order: usize,
    /// The order of the error estimate; 0 if there is none.
    pub error_order: usize,
    /// The number of stages of a step, the last one at the new state.
    pub main: usize,
    /// The times of the stages.
    pub c: [f64; S],
    /// The weights of earlier stages in the argument of each.
    pub a: [[f64; S]; S],
    /// The weights of the error estimate.
    pub error: [f64; S],
    /// A second error estimate `e₂`, as in DOP853: the error is `e² / sqrt(e² + 0.01 e₂²)`.
    pub second_error: Option<[f64; S]>,
    /// `dense[i][m]` is the coefficient of `theta^(m + 1)` in the weight of stage `i`.
    pub dense: [&'static [f64]; S],
    /// The order of dense output.
    pub dense_order: usize,
}

impl<const S: usize> Tableau<S> {
    /// The weights of the step.
    pub fn b(&self) -> [f64; S] {
        self.a[self.main - 1]
    }
}

/// Dense output by the cubic Hermite polynomial through both ends and their slopes, of order 3: from the weights of the step.
pub const fn hermite(b: f64, place: usize, main: usize) -> [f64; 3] {
    // h00 and h01 carry b (3 θ² - 2 θ³); h10 = θ - 2 θ² + θ³ the first slope; h11 = θ³ - θ² the last one.
    let first = if place == 0 { 1.0 } else { 0.0 };
    let last = if place + 1 == main { 1.0 } else { 0.0 };
    [first, 3.0 * b - 2.0 * first - last, -2.0 * b + first + last]
}

/// A matrix from the entries of each row that are not zero.
pub const fn rows<const S: usize>(entries: &[&[(usize, f64)]]) -> [[f64; S]; S] {
    let mut matrix = [[0.0; S]; S];
    let mut i = 0;
    while i < entries.len() {
        matrix[i] = weights(entries[i]);
        i += 1;
    }
    matrix
}

/// A row from its entries that are not zero.
pub const fn weights<const S: usize>(entries: &[(usize, f64)]) -> [f64; S] {
    let mut row = [0.0; S];
    let mut j = 0;
    while j < entries.len() {
        row[entries[j].0] = entries[j].1;
        j += 1;
    }
    row
}
