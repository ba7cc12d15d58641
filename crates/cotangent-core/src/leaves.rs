//! Values and tangents as lists of named numbers: what optimisers, solvers, printing and serialisation need.

use crate::{Differentiable, Real, Tangent};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

/// One step on the way from a value or tangent to a leaf.
///
/// ```
/// use cotangent_core::{LeafPath, Step};
/// let mut path = LeafPath::new();
/// path.enter(Step::Field("weights"));
/// path.enter(Step::Index(3));
/// assert_eq!(path.as_str(), "weights[3]");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A field, a tuple index or an enum variant, by its name.
    Field(&'static str),
    /// An element of a sequence, by its position.
    Index(usize),
}

/// Sees the leaves of a value or tangent, through [`Differentiable::visit_leaves`].
///
/// A leaf arrives as what it is, `f32` or `f64`. The names come as steps: a visitor that needs none leaves `enter` and
/// `leave` as they are, and they cost nothing.
///
/// ```
/// use cotangent_core::{Differentiable, Real, Visitor};
///
/// struct Largest(f64);
/// impl Visitor for Largest {
///     fn leaf<R: Real>(&mut self, value: R) {
///         self.0 = self.0.max(value.to_f64().abs());
///     }
/// }
///
/// let mut largest = Largest(0.0);
/// (1.0, [-3.0_f32, 2.0]).visit_leaves(&mut largest);
/// assert_eq!(largest.0, 3.0);
/// ```
pub trait Visitor: Sized {
    /// Called for every leaf.
    fn leaf<R: Real>(&mut self, value: R);

    /// Called before the leaves behind `step`.
    #[inline]
    fn enter(&mut self, step: Step) {
        let _ = step;
    }

    /// Called after the leaves behind the step entered last.
    #[inline]
    fn leave(&mut self) {}

    /// Visits `part` as the field `name`.
    #[inline]
    fn field<T: Differentiable + ?Sized>(&mut self, name: &'static str, part: &T) {
        self.enter(Step::Field(name));
        part.visit_leaves(self);
        self.leave();
    }

    /// Visits `parts` as the elements of a sequence.
    #[inline]
    fn elements<T: Differentiable>(&mut self, parts: &[T]) {
        for (i, part) in parts.iter().enumerate() {
            self.enter(Step::Index(i));
            part.visit_leaves(self);
            self.leave();
        }
    }
}

/// Changes the leaves of a value or tangent, through [`Differentiable::visit_leaves_mut`]. See [`Visitor`].
///
/// ```
/// use cotangent_core::{Differentiable, Real, VisitorMut};
///
/// struct Clip(f64);
/// impl VisitorMut for Clip {
///     fn leaf<R: Real>(&mut self, value: &mut R) {
///         *value = R::from_f64(value.to_f64().clamp(-self.0, self.0));
///     }
/// }
///
/// let mut gradient = (1.0, [-3.0, 2.0]);
/// gradient.visit_leaves_mut(&mut Clip(1.5));
/// assert_eq!(gradient, (1.0, [-1.5, 1.5]));
/// ```
pub trait VisitorMut: Sized {
    /// Called for every leaf.
    fn leaf<R: Real>(&mut self, value: &mut R);

    /// Called before the leaves behind `step`.
    #[inline]
    fn enter(&mut self, step: Step) {
        let _ = step;
    }

    /// Called after the leaves behind the step entered last.
    #[inline]
    fn leave(&mut self) {}

    /// Visits `part` as the field `name`.
    #[inline]
    fn field<T: Differentiable + ?Sized>(&mut self, name: &'static str, part: &mut T) {
        self.enter(Step::Field(name));
        part.visit_leaves_mut(self);
        self.leave();
    }

    /// Visits `parts` as the elements of a sequence.
    #[inline]
    fn elements<T: Differentiable>(&mut self, parts: &mut [T]) {
        for (i, part) in parts.iter_mut().enumerate() {
            self.enter(Step::Index(i));
            part.visit_leaves_mut(self);
            self.leave();
        }
    }
}

/// Combines the leaves of two tangents of one shape, through [`Tangent::zip_leaves`], or of a value and a tangent,
/// through [`Differentiable::zip_tangent`].
///
/// A zero in the second must leave the first as it is: parts that are zero may be skipped.
///
/// ```
/// use cotangent_core::{Real, Tangent, Zip};
///
/// /// `a += b²`, as in an optimiser with a step of its own for each number.
/// struct AddSquare;
/// impl Zip for AddSquare {
///     fn leaf<R: Real>(&mut self, a: &mut R, b: R) {
///         *a += b * b;
///     }
/// }
///
/// let mut squares = (1.0, vec![0.0]);
/// squares.zip_leaves(&(3.0, vec![4.0]), &mut AddSquare);
/// assert_eq!(squares, (10.0, vec![16.0]));
/// ```
pub trait Zip {
    /// Called for every pair of leaves at the same place.
    fn leaf<R: Real>(&mut self, a: &mut R, b: R);
}

/// The name of a leaf, built step by step: `p.v[3]`.
///
/// ```
/// use cotangent_core::{LeafPath, Step};
/// let mut path = LeafPath::new();
/// path.enter(Step::Field("p"));
/// path.enter(Step::Field("v"));
/// path.leave();
/// assert_eq!(path.as_str(), "p");
/// ```
#[derive(Clone, Debug, Default)]
pub struct LeafPath {
    text: String,
    lengths: Vec<usize>,
}

impl LeafPath {
    /// The path of the whole tangent: an empty name.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a step.
    pub fn enter(&mut self, step: Step) {
        self.lengths.push(self.text.len());
        match step {
            Step::Field(name) if self.text.is_empty() => self.text.push_str(name),
            Step::Field(name) => {
                self.text.push('.');
                self.text.push_str(name);
            }
            Step::Index(i) => write!(self.text, "[{i}]").expect("writing to a String does not fail"),
        }
    }

    /// Removes the step appended last.
    pub fn leave(&mut self) {
        self.text.truncate(self.lengths.pop().unwrap_or(0));
    }

    /// The name so far.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Any value or tangent as a vector of named leaves; implemented for every [`Differentiable`] type.
///
/// Leaves come in declaration order, depth first, and are the same, under the same names, for a value and for its
/// tangent. Where leaves and numbers are of different widths, `f32` becomes `f64` exactly, and `f64` becomes `f32` by
/// rounding to nearest. This trait is not in the prelude, since `dot` and `scale` are names that people give their own
/// traits: `use cotangent::Leaves`.
///
/// ```
/// use cotangent_core::Leaves;
/// let mut g = (1.0, vec![2.0, 3.0]);
/// assert_eq!(g.leaf_names(), ["0", "1[0]", "1[1]"]);
/// assert_eq!(g.flatten(), [1.0, 2.0, 3.0]);
/// assert_eq!(g.dot(&g), 14.0);
/// g.scale(2.0);
/// g.add_scaled(-1.0, &(0.0, vec![1.0, 1.0]));
/// assert_eq!(g, (2.0, vec![3.0, 5.0]));
/// ```
///
/// A value is moved, and read from and written to a flat vector, without allocating. This is how an optimiser or the
/// solver of a differential equation handles states of any type:
///
/// ```
/// use cotangent_core::Leaves;
/// let mut state = (1.0_f64, [2.0_f32, 3.0], "constant");
/// let mut flat = [0.0_f64; 3];
/// state.flatten_into(&mut flat);
/// assert_eq!(flat, [1.0, 2.0, 3.0]);
/// flat[2] = 5.0;
/// state.unflatten_from(&flat);
/// state.move_by(-0.5, &(2.0, [0.0, 4.0], ()));
/// assert_eq!(state, (0.0, [2.0, 3.0], "constant"));
/// ```
pub trait Leaves: Differentiable {
    /// Calls `visit` with the name and the value of every leaf.
    fn for_each_leaf(&self, visit: impl FnMut(&str, f64)) {
        self.visit_leaves(&mut Named {
            visit,
            path: LeafPath::new(),
        });
    }

    /// Calls `change` with the name and the value of every leaf, and stores what it leaves there.
    fn for_each_leaf_mut(&mut self, change: impl FnMut(&str, &mut f64)) {
        self.visit_leaves_mut(&mut NamedMut {
            change,
            path: LeafPath::new(),
        });
    }

    /// The names of all leaves.
    fn leaf_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.for_each_leaf(|name, _| names.push(name.into()));
        names
    }

    /// The number of leaves.
    fn leaf_count(&self) -> usize {
        let mut count = Count(0);
        self.visit_leaves(&mut count);
        count.0
    }

    /// All leaves in order.
    fn flatten(&self) -> Vec<f64> {
        let mut flat = Flat(Vec::with_capacity(self.leaf_count()));
        self.visit_leaves(&mut flat);
        flat.0
    }

    /// Writes all leaves in order to `flat`, without allocating.
    ///
    /// # Panics
    /// If the length of `flat` is not [`leaf_count`](Self::leaf_count).
    #[track_caller]
    fn flatten_into<F: Real>(&self, flat: &mut [F]) {
        let length = flat.len();
        let mut into = FlatInto { rest: flat, count: 0 };
        self.visit_leaves(&mut into);
        if into.count != length {
            wrong_length("flatten_into", into.count, length);
        }
    }

    /// A copy of `self` with the leaves `flat`; the inverse of [`flatten`](Self::flatten). Panics as
    /// [`unflatten_from`](Self::unflatten_from) does.
    #[must_use]
    #[track_caller]
    fn unflatten<F: Real>(&self, flat: &[F]) -> Self
    where
        Self: Clone,
    {
        let mut copy = self.clone();
        copy.unflatten_from(flat);
        copy
    }

    /// Overwrites the leaves with `flat`, without allocating.
    ///
    /// # Panics
    /// If the length of `flat` is not [`leaf_count`](Self::leaf_count); nothing is changed then.
    #[track_caller]
    fn unflatten_from<F: Real>(&mut self, flat: &[F]) {
        let count = self.leaf_count();
        if flat.len() != count {
            wrong_length("unflatten_from", count, flat.len());
        }
        self.visit_leaves_mut(&mut Assign(flat));
    }

    /// `self += step * tangent`, without allocating. Panics where the shapes differ, as
    /// [`zip_tangent`](Differentiable::zip_tangent) does.
    fn move_by(&mut self, step: f64, tangent: &Self::Tangent) {
        self.zip_tangent(tangent, &mut AddScaled(step));
    }

    /// The Euclidean norm over all leaves. Does not guard against overflow of the squares.
    fn norm(&self) -> f64 {
        let mut sum = SumOfSquares(0.0);
        self.visit_leaves(&mut sum);
        Real::sqrt(sum.0)
    }

    /// The inner product of two tangents of one shape, summed in `f64`. Clones `self`.
    ///
    /// Panics where the shapes differ, as [`Tangent::zip_leaves`] does.
    fn dot(&self, other: &Self) -> f64
    where
        Self: Tangent,
    {
        let mut dot = Dot(0.0);
        self.clone().zip_leaves(other, &mut dot);
        dot.0
    }

    /// `self *= factor`.
    fn scale(&mut self, factor: f64)
    where
        Self: Tangent,
    {
        self.visit_leaves_mut(&mut Scale(factor));
    }

    /// `self + other`. Panics where the shapes differ, as [`Tangent::zip_leaves`] does.
    #[must_use]
    fn plus(&self, other: &Self) -> Self
    where
        Self: Tangent,
    {
        let mut sum = self.clone();
        sum.accumulate(other);
        sum
    }

    /// `self += factor * other`. Panics where the shapes differ, as [`Tangent::zip_leaves`] does.
    fn add_scaled(&mut self, factor: f64, other: &Self)
    where
        Self: Tangent,
    {
        self.zip_leaves(other, &mut AddScaled(factor));
    }
}

impl<T: Differentiable + ?Sized> Leaves for T {}

#[cold]
#[inline(never)]
#[track_caller]
fn wrong_length(method: &str, leaves: usize, numbers: usize) -> ! {
    panic!("{method}: there are {leaves} leaves, but {numbers} numbers were given; pass one number a leaf")
}

struct Named<F> {
    visit: F,
    path: LeafPath,
}

impl<F: FnMut(&str, f64)> Visitor for Named<F> {
    fn leaf<R: Real>(&mut self, value: R) {
        (self.visit)(self.path.as_str(), value.to_f64());
    }

    fn enter(&mut self, step: Step) {
        self.path.enter(step);
    }

    fn leave(&mut self) {
        self.path.leave();
    }
}

struct NamedMut<F> {
    change: F,
    path: LeafPath,
}

impl<F: FnMut(&str, &mut f64)> VisitorMut for NamedMut<F> {
    fn leaf<R: Real>(&mut self, value: &mut R) {
        let mut wide = value.to_f64();
        (self.change)(self.path.as_str(), &mut wide);
        *value = R::from_f64(wide);
    }

    fn enter(&mut self, step: Step) {
        self.path.enter(step);
    }

    fn leave(&mut self) {
        self.path.leave();
    }
}

struct Count(usize);

impl Visitor for Count {
    #[inline]
    fn leaf<R: Real>(&mut self, _: R) {
        self.0 += 1;
    }
}

struct Flat(Vec<f64>);

impl Visitor for Flat {
    #[inline]
    fn leaf<R: Real>(&mut self, value: R) {
        self.0.push(value.to_f64());
    }
}

struct SumOfSquares(f64);

impl Visitor for SumOfSquares {
    #[inline]
    fn leaf<R: Real>(&mut self, value: R) {
        self.0 += value.to_f64() * value.to_f64();
    }
}

struct FlatInto<'a, F> {
    rest: &'a mut [F],
    count: usize,
}

impl<F: Real> Visitor for FlatInto<'_, F> {
    #[inline]
    fn leaf<R: Real>(&mut self, value: R) {
        self.count += 1;
        if let Some((first, rest)) = core::mem::take(&mut self.rest).split_first_mut() {
            *first = F::from_f64(value.to_f64());
            self.rest = rest;
        }
    }
}

struct Assign<'a, F>(&'a [F]);

impl<F: Real> VisitorMut for Assign<'_, F> {
    #[inline]
    fn leaf<R: Real>(&mut self, value: &mut R) {
        // The length was checked, so the slice does not run out.
        if let Some((first, rest)) = self.0.split_first() {
            *value = R::from_f64(first.to_f64());
            self.0 = rest;
        }
    }
}

pub(crate) struct SetZero;

impl VisitorMut for SetZero {
    #[inline]
    fn leaf<R: Real>(&mut self, value: &mut R) {
        *value = R::ZERO;
    }
}

struct Scale(f64);

impl VisitorMut for Scale {
    #[inline]
    fn leaf<R: Real>(&mut self, value: &mut R) {
        *value *= R::from_f64(self.0);
    }
}

pub(crate) struct Add;

impl Zip for Add {
    #[inline]
    fn leaf<R: Real>(&mut self, a: &mut R, b: R) {
        *a += b;
    }
}

struct AddScaled(f64);

impl Zip for AddScaled {
    #[inline]
    fn leaf<R: Real>(&mut self, a: &mut R, b: R) {
        *a += R::from_f64(self.0) * b;
    }
}

struct Dot(f64);

impl Zip for Dot {
    #[inline]
    fn leaf<R: Real>(&mut self, a: &mut R, b: R) {
        self.0 += a.to_f64() * b.to_f64();
    }
}
