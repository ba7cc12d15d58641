//! Roots and fixed points, with implicit derivatives.

use crate::decomposition::lu::lu_solve;
use crate::product::subtract_vectors;
use crate::{Error, Lu, constant};
use cotangent_core::{DiffFn, Differentiable, Matrix, Real};
use cotangent_macros::differentiable;

/// Steps after which an iteration gives up.
const STEPS: usize = 100;

/// A function of a slice that returns as many numbers: `differentiable!(f)` of `fn f(x: &[f64]) -> Vec<f64>`.
pub trait System: for<'a> DiffFn<(&'a [f64],), Output = Vec<f64>, Direction = (&'a [f64],)> {}
impl<F: for<'a> DiffFn<(&'a [f64],), Output = Vec<f64>, Direction = (&'a [f64],)>> System for F {}

/// A root of `f` near `x0` by Newton's method with exact Jacobians; steps are halved until the residual falls.
///
/// It stops where a step no longer moves `x`, or the residual is zero. Inside differentiable code use [`root`](fn@root).
///
/// # Errors
/// [`Error::Singular`] where the Jacobian is, [`Error::NoConvergence`], [`Error::NotFinite`], [`Error::Shape`].
///
/// ```
/// use cotangent::prelude::*;
/// use cotangent_linalg::newton_root;
///
/// #[differentiable]
/// fn circle_and_line(x: &[f64]) -> Vec<f64> {
///     vec![x[0] * x[0] + x[1] * x[1] - 2.0, x[0] - x[1]]
/// }
///
/// let x = newton_root(&cotangent::differentiable!(circle_and_line), &[3.0, 0.5])?;
/// assert!((x[0] - 1.0).abs() < 1e-15 && (x[1] - 1.0).abs() < 1e-15);
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
pub fn newton_root<F: System>(f: &F, x0: &[f64]) -> Result<Vec<f64>, Error> {
    let n = x0.len();
    let jacobian = |x: &[f64]| {
        let (mut a, mut axis) = (Matrix::zeros(n, n), vec![0.0; n]);
        for j in 0..n {
            axis[j] = 1.0;
            let (_, column) = f.jvp((x,), (&axis,));
            axis[j] = 0.0;
            column.into_iter().enumerate().for_each(|(i, value)| a[(i, j)] = value);
        }
        a
    };
    let mut search = Search::new(x0, f.call((x0,)))?;
    while search.is_open()? {
        search.prepare(&jacobian(&search.x))?;
        loop {
            let trial = search.trial();
            let residual = f.call((&trial,));
            if search.accepts(trial, residual)? {
                break;
            }
        }
    }
    Ok(search.x)
}

/// Newton's method, driven from outside: the caller evaluates the function, wherever functions may be called.
#[derive(Clone, Debug)]
struct Search<T> {
    x: Vec<T>,
    residual: Vec<T>,
    lu: Lu<T>,
    step: Vec<T>,
    length: T,
    steps: usize,
    done: bool,
    taken: bool,
}

fn size<T: Real>(v: &[T]) -> T {
    v.iter().map(|x| *x * *x).sum::<T>().sqrt()
}

impl<T: Real> Search<T> {
    fn new(x0: &[T], residual: Vec<T>) -> Result<Self, Error> {
        Error::shape(
            "root",
            (residual.len(), 1),
            (x0.len(), 1),
            "the function returns a number for each unknown",
        )?;
        Error::finite("root: the starting point", x0)?;
        Error::finite("root: the function at the starting point", &residual)?;
        Ok(Search {
            x: x0.to_vec(),
            residual,
            lu: Lu::empty(),
            step: vec![T::ZERO; x0.len()],
            length: T::ONE,
            steps: 0,
            done: false,
            taken: false,
        })
    }

    fn is_open(&self) -> Result<bool, Error> {
        let residual = size(&self.residual);
        if self.done || residual == T::ZERO {
            return Ok(false);
        }
        if self.steps < STEPS {
            return Ok(true);
        }
        Err(self.failure())
    }

    fn failure(&self) -> Error {
        Error::NoConvergence {
            operation: "root",
            steps: self.steps,
            residual: size(&self.residual).to_f64(),
        }
    }

    fn prepare(&mut self, jacobian: &Matrix<T>) -> Result<(), Error> {
        self.lu.factor(jacobian)?;
        self.lu.solve_into(&self.residual, &mut self.step);
        (self.length, self.steps) = (T::ONE, self.steps + 1);
        Ok(())
    }

    fn trial(&self) -> Vec<T> {
        self.x.iter().zip(&self.step).map(|(x, s)| *x - self.length * *s).collect()
    }

    /// Takes the trial if the residual fell; else halves the step. Where the step is rounding error, the iteration is done.
    fn accepts(&mut self, trial: Vec<T>, residual: Vec<T>) -> Result<bool, Error> {
        let (now, before) = (size(&residual), size(&self.residual));
        let short = size(&self.step) <= T::from_f64(4.0) * T::EPSILON * size(&self.x).max(T::MIN_POSITIVE);
        if now < before {
            (self.x, self.residual, self.done) = (trial, residual, short);
            return Ok(true);
        }
        // A full step of a few rounding errors does not lower the residual any more: this is the root.
        if short
            || size(&self.step) <= T::EPSILON.sqrt() * size(&self.x).max(T::EPSILON)
                && self.length == T::ONE
                && now <= before * T::from_f64(4.0)
        {
            self.done = true;
            return Ok(true);
        }
        self.length *= T::from_f64(0.5);
        if self.length < T::EPSILON {
            return Err(self.failure());
        }
        Ok(false)
    }
}

/// How far to go for a difference quotient, so that rounding and truncation are about equal.
fn offset<T: Real>(x: T) -> T {
    let h = T::EPSILON.sqrt() * x.abs().max(T::ONE);
    // So that x + h − x is h.
    (x + h) - x
}

fn moved<T: Real>(x: &[T], j: usize) -> Vec<T> {
    let mut y = x.to_vec();
    y[j] += offset(x[j]);
    y
}

/// The matrix of a Newton step, which is gathered column by column.
#[derive(Clone, Debug)]
struct Columns<T>(Matrix<T>);

fn with_column<T: Real>(columns: &Columns<T>, j: usize, x: &[T], at: &[T], there: &[T]) -> Columns<T> {
    let mut columns = columns.clone();
    let h = offset(x[j]);
    for (i, (there, at)) in there.iter().zip(at).enumerate() {
        columns.0[(i, j)] = (*there - *at) / h;
    }
    columns
}

fn prepared<T: Real>(search: &Search<T>, jacobian: &Columns<T>) -> Result<Search<T>, Error> {
    let mut search = search.clone();
    search.prepare(&jacobian.0)?;
    Ok(search)
}

/// The search after a trial, with whether that was taken or the step is halved.
fn judged<T: Real>(search: &Search<T>, trial: &[T], residual: &[T]) -> Result<Search<T>, Error> {
    let mut search = search.clone();
    search.taken = search.accepts(trial.to_vec(), residual.to_vec())?;
    Ok(search)
}

macro_rules! constant_type {
    ($name:ident) => {
        impl<T: Real> Differentiable for $name<T> {
            type Tangent = ();

            fn zero_tangent(&self) {}

            fn visit_leaves<V: cotangent_core::Visitor>(&self, _: &mut V) {}

            fn visit_leaves_mut<V: cotangent_core::VisitorMut>(&mut self, _: &mut V) {}

            fn zip_tangent<Z: cotangent_core::Zip>(&mut self, (): &(), _: &mut Z) {}
        }
    };
}
constant_type!(Search);
constant_type!(Columns);

fn empty_columns<T: Real>(n: usize) -> Columns<T> {
    Columns(Matrix::zeros(n, n))
}

fn decomposed<T: Real>(a: &Columns<T>) -> Result<Lu<T>, Error> {
    let mut lu = Lu::empty();
    lu.factor(&a.0)?;
    Ok(lu)
}

/// `f(x)`, or `x − f(x)` for a fixed point.
#[differentiable(order = 2, crate = cotangent_core)]
fn residual_of<T: Real>(x: &[T], y: Vec<T>, fixed: bool) -> Vec<T> {
    if fixed { subtract_vectors(x, &y) } else { y }
}

#[differentiable(order = 2, crate = cotangent_core)]
fn implicit<T: Real, F: Fn(&[T]) -> Vec<T>>(f: F, x0: &[T], fixed: bool) -> Result<Vec<T>, Error> {
    let n = x0.len();
    let start: Vec<T> = constant(x0.to_vec());
    let first = residual_of(&start, f(&start), fixed);
    let mut search = constant(Search::new(&start, first.to_vec()))?;
    while constant(search.is_open())? {
        let mut columns = constant(empty_columns(n));
        for j in 0..n {
            let there: Vec<T> = constant(moved(&search.x, j));
            let value = residual_of(&there, f(&there), fixed);
            columns = constant(with_column(&columns, j, &search.x, &search.residual, &value));
        }
        search = constant(prepared(&search, &columns))?;
        loop {
            let trial: Vec<T> = constant(search.trial());
            let residual = residual_of(&trial, f(&trial), fixed);
            search = constant(judged(&search, &trial, &residual))?;
            if search.taken {
                break;
            }
        }
    }
    let mut x: Vec<T> = constant(search.x.clone());
    let at = residual_of(&x, f(&x), fixed);
    let mut columns = constant(empty_columns(n));
    for j in 0..n {
        let there: Vec<T> = constant(moved(&search.x, j));
        let value = residual_of(&there, f(&there), fixed);
        columns = constant(with_column(&columns, j, &search.x, &at, &value));
    }
    let lu = constant(decomposed(&columns))?;
    for _ in 0..3 {
        let rest = residual_of(&x, f(&x), fixed);
        let step = lu_solve(&lu, &rest);
        x = subtract_vectors(&x, &step);
    }
    Ok(x)
}

/// A root of `f` near `x0`, for differentiable code: derivatives are those of the root as a function of what `f` captures.
///
/// ```
/// use cotangent::prelude::*;
/// use cotangent_linalg::{Error, root};
///
/// /// The eccentric anomaly of Kepler's equation.
/// #[differentiable(order = 2)]
/// fn anomaly(mean: f64, eccentricity: f64) -> Result<f64, Error> {
///     let e = root(|x: &[f64]| vec![x[0] - eccentricity * x[0].sin() - mean], &[mean])?;
///     Ok(e[0])
/// }
///
/// let (e, pullback) = anomaly::vjp(1.0, 0.3);
/// let slope = 1.0 / (1.0 - 0.3 * e.unwrap().cos());
/// assert!((pullback(Some(1.0)).mean - slope).abs() < 1e-14);
/// ```
///
/// Method: Newton's, with Jacobians by differences, since plain code has no derivatives of `f`; the root is as accurate as `f` all the
/// same. Derivative: by the implicit function theorem, `x_dot = −J⁻¹ f_dot`. It is obtained by differentiating three steps
/// `x − J⁻¹ f(x)` from the root with `J` held, each of which makes one more order exact (Christianson 1998): an error of `J` of
/// relative size 1e-7 leaves one of 1e-21 in first derivatives and of 1e-14 in second ones. Nothing before is recorded, so memory does
/// not grow with the number of steps. `x0` is constant.
///
/// # Errors
/// [`Error::Singular`] where the Jacobian is, [`Error::NoConvergence`], [`Error::NotFinite`], [`Error::Shape`].
#[differentiable(order = 2, crate = cotangent_core)]
pub fn root<T: Real, F: Fn(&[T]) -> Vec<T>>(f: F, x0: &[T]) -> Result<Vec<T>, Error> {
    implicit(f, x0, false)
}

/// A fixed point `x = g(x)` near `x0`, for differentiable code: derivatives are those of the fixed point as a function of what `g`
/// captures.
///
/// It is found as the [`root`](fn@root) of `x − g(x)`, so `g` need not contract.
///
/// ```
/// use cotangent::prelude::*;
/// use cotangent_linalg::{Error, fixed_point};
///
/// #[differentiable]
/// fn cosine(a: f64) -> Result<f64, Error> {
///     let x = fixed_point(|x: &[f64]| vec![(a * x[0]).cos()], &[0.5])?;
///     Ok(x[0])
/// }
///
/// let (x, pullback) = cosine::vjp(1.0);
/// let x = x.unwrap();
/// assert!((x - 0.739_085_133_215_160_6).abs() < 1e-15);
/// assert!((pullback(Some(1.0)).a + x * x.sin() / (1.0 + x.sin())).abs() < 1e-14);
/// ```
///
/// # Errors
/// As of [`root`](fn@root); the Jacobian is that of `x − g(x)`.
#[differentiable(order = 2, crate = cotangent_core)]
pub fn fixed_point<T: Real, G: Fn(&[T]) -> Vec<T>>(g: G, x0: &[T]) -> Result<Vec<T>, Error> {
    implicit(g, x0, true)
}
