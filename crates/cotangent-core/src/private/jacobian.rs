//! Jacobians: which sweeps to run, and where their results go.

use alloc::vec::Vec;

use crate::{Leaves, Matrix, Real, Tangent, Visitor, VisitorMut};

/// Tells a function how many directions to carry.
pub struct Width<const W: usize>;

/// The next sweep of a Jacobian.
pub enum Sweep {
    /// Forward, along sixteen directions.
    Forward16,
    /// Forward, along eight directions.
    Forward8,
    /// Forward, along four directions.
    Forward4,
    /// Forward, along one direction.
    Forward,
    /// Forward and back, for one row.
    Row,
}

// What sweeps cost, in tenths of an evaluation of the function, as measured on the benchmarks: a row; directions one at a
// time; several directions at a time, to begin with and for each.
const ROW: usize = 45;
const DIRECTION: usize = 24;
const SWEEP: usize = 13;
const LANE: usize = 5;

/// A Jacobian in the making. The first sweep goes forward and tells the number of rows; the shape decides about the rest.
pub struct Jacobian<'m> {
    matrix: &'m mut Matrix<f64>,
    cols: usize,
    lanes: bool,
    started: bool,
    /// The next column, and the next row of reverse mode.
    col: usize,
    row: Option<usize>,
    /// The leaf that the next part starts with, and the tangents of all outputs so far.
    leaf: usize,
    outputs: Vec<f64>,
}

impl<'m> Jacobian<'m> {
    /// By the numbers in `inputs`; `lanes`: the function has forward mode along several directions.
    pub fn new<G: Tangent>(matrix: &'m mut Matrix<f64>, inputs: &G, lanes: bool) -> Self {
        let cols = inputs.leaf_count();
        Jacobian {
            matrix,
            cols,
            lanes,
            started: false,
            col: 0,
            row: None,
            leaf: 0,
            outputs: Vec::new(),
        }
    }

    /// The next sweep; none where all is done.
    pub fn sweep(&mut self) -> Option<Sweep> {
        self.leaf = 0;
        self.outputs.clear();
        if let Some(row) = self.row {
            return (row < self.matrix.rows()).then_some(Sweep::Row);
        }
        let left = self.cols - self.col;
        if self.started && left == 0 {
            return None;
        }
        let forward = if self.lanes {
            left.div_ceil(16) * SWEEP + left * LANE
        } else {
            left * DIRECTION
        };
        if self.started && self.matrix.rows() * ROW < forward {
            self.row = Some(0);
            return self.sweep();
        }
        Some(match left {
            9.. if self.lanes => Sweep::Forward16,
            5.. if self.lanes => Sweep::Forward8,
            2.. if self.lanes => Sweep::Forward4,
            _ => Sweep::Forward,
        })
    }

    /// Sets the tangents of the inputs, `width` side by side, to the unit vectors of this sweep.
    pub fn seed<G: Tangent>(&mut self, inputs: &mut G, width: usize) {
        let mut seed = Seed {
            at: 0,
            ones: |at| at / width == self.col + at % width,
        };
        inputs.visit_leaves_mut(&mut seed);
    }

    /// Takes the tangents of an output.
    pub fn output<T: Tangent>(&mut self, output: &T) {
        output.visit_leaves(&mut Take(&mut self.outputs));
    }

    /// Takes the tangents of an output that is a slice.
    pub fn outputs<T: Tangent>(&mut self, outputs: &[T]) {
        outputs.iter().for_each(|output| self.output(output));
    }

    /// Stores the columns of this sweep.
    pub fn columns(&mut self, width: usize) {
        let rows = self.outputs.len() / width;
        if !self.started {
            self.started = true;
            self.matrix.reshape(rows, self.cols);
        }
        assert!(
            rows == self.matrix.rows(),
            "jacobian: the function gave {} outputs, and now {rows}: their number must not change from call to call",
            self.matrix.rows()
        );
        let here = width.min(self.cols - self.col);
        for (i, values) in self.outputs.chunks_exact(width).enumerate() {
            self.matrix.row_mut(i)[self.col..self.col + here].copy_from_slice(&values[..here]);
        }
        self.col += here;
    }

    /// Sets the cotangent of an output, which is zero, to 1 where it is that of this row.
    pub fn seed_row<T: Tangent>(&mut self, output: &mut T) {
        let row = self.row.unwrap_or(0);
        let mut seed = Seed {
            at: self.leaf,
            ones: |at| at == row,
        };
        output.visit_leaves_mut(&mut seed);
        self.leaf = seed.at;
    }

    /// Stores the row of this sweep.
    pub fn row<G: Tangent>(&mut self, gradient: &G) {
        self.output(gradient);
        let row = self.row.unwrap_or(0);
        self.matrix.row_mut(row).copy_from_slice(&self.outputs);
        self.row = Some(row + 1);
    }
}

struct Seed<F> {
    at: usize,
    ones: F,
}

impl<F: Fn(usize) -> bool> VisitorMut for Seed<F> {
    #[inline]
    fn leaf<R: Real>(&mut self, value: &mut R) {
        *value = if (self.ones)(self.at) { R::ONE } else { R::ZERO };
        self.at += 1;
    }
}

struct Take<'a>(&'a mut Vec<f64>);

impl Visitor for Take<'_> {
    #[inline]
    fn leaf<R: Real>(&mut self, value: R) {
        self.0.push(value.to_f64());
    }
}

/// The Jacobian of a scalar: its gradient as a row.
pub fn gradient_row<G: Tangent>(gradient: &G, matrix: &mut Matrix<f64>) {
    matrix.reshape(1, gradient.leaf_count());
    let mut at = 0;
    let row = matrix.row_mut(0);
    gradient.visit_leaves(&mut Row(row, &mut at));
}

struct Row<'a>(&'a mut [f64], &'a mut usize);

impl Visitor for Row<'_> {
    #[inline]
    fn leaf<R: Real>(&mut self, value: R) {
        self.0[*self.1] = value.to_f64();
        *self.1 += 1;
    }
}
