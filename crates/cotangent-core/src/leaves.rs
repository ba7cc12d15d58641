//! A tangent as a list of named numbers: what optimisers, printing and serialisation need.

use crate::{Real, Tangent};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

/// One step on the way from a tangent to a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A field, a tuple index or an enum variant, by its name.
    Field(&'static str),
    /// An element of a sequence, by its position.
    Index(usize),
}

/// Sees the leaves of a tangent, through [`Tangent::visit_leaves`].
///
/// A leaf arrives as what it is, `f32` or `f64`. The names come as steps: a visitor that needs none leaves `enter` and
/// `leave` as they are, and they cost nothing.
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

    /// Visits `tangent` as the field `name`.
    #[inline]
    fn field<T: Tangent>(&mut self, name: &'static str, tangent: &T) {
        self.enter(Step::Field(name));
        tangent.visit_leaves(self);
        self.leave();
    }

    /// Visits `tangents` as the elements of a sequence.
    #[inline]
    fn elements<T: Tangent>(&mut self, tangents: &[T]) {
        for (i, tangent) in tangents.iter().enumerate() {
            self.enter(Step::Index(i));
            tangent.visit_leaves(self);
            self.leave();
        }
    }
}

/// Changes the leaves of a tangent, through [`Tangent::visit_leaves_mut`]. See [`Visitor`].
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

    /// Visits `tangent` as the field `name`.
    #[inline]
    fn field<T: Tangent>(&mut self, name: &'static str, tangent: &mut T) {
        self.enter(Step::Field(name));
        tangent.visit_leaves_mut(self);
        self.leave();
    }

    /// Visits `tangents` as the elements of a sequence.
    #[inline]
    fn elements<T: Tangent>(&mut self, tangents: &mut [T]) {
        for (i, tangent) in tangents.iter_mut().enumerate() {
            self.enter(Step::Index(i));
            tangent.visit_leaves_mut(self);
            self.leave();
        }
    }
}

/// Combines the leaves of two tangents of one shape, through [`Tangent::zip_leaves`].
///
/// A zero in the second must leave the first as it is: parts that are zero may be skipped.
pub trait Zip {
    /// Called for every pair of leaves at the same place.
    fn leaf<R: Real>(&mut self, a: &mut R, b: R);
}

/// The name of a leaf, built step by step: `p.v[3]`.
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

/// Any tangent as a vector of named `f64` leaves; implemented for every [`Tangent`].
///
/// Leaves come in declaration order, depth first. `f32` leaves are converted to `f64` (exactly) and back (rounded to
/// nearest). This trait is not in the prelude, since `dot` and `scale` are names that people give their own traits:
/// `use cotangent::Leaves`.
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
pub trait Leaves: Tangent {
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

    /// A tangent of the shape of `self` with the leaves `flat`; the inverse of [`flatten`](Self::flatten).
    ///
    /// # Panics
    /// If `flat` does not hold exactly [`leaf_count`](Self::leaf_count) numbers.
    #[must_use]
    fn unflatten(&self, flat: &[f64]) -> Self {
        let mut tangent = self.clone();
        tangent.assign_flat(flat);
        tangent
    }

    /// Overwrites the leaves with `flat`, without allocating. Panics as [`unflatten`](Self::unflatten) does.
    #[track_caller]
    fn assign_flat(&mut self, flat: &[f64]) {
        let count = self.leaf_count();
        assert!(
            flat.len() == count,
            "unflatten: the tangent has {count} leaves, but {} numbers were given; pass one number a leaf",
            flat.len()
        );
        self.visit_leaves_mut(&mut Assign(flat));
    }

    /// The inner product of two tangents of one shape, summed in `f64`. Clones `self`.
    ///
    /// Panics where the shapes differ, as [`Tangent::zip_leaves`] does.
    fn dot(&self, other: &Self) -> f64 {
        let mut dot = Dot(0.0);
        self.clone().zip_leaves(other, &mut dot);
        dot.0
    }

    /// The Euclidean norm over all leaves. Does not guard against overflow of the squares.
    fn norm(&self) -> f64 {
        let mut sum = SumOfSquares(0.0);
        self.visit_leaves(&mut sum);
        Real::sqrt(sum.0)
    }

    /// `self *= factor`.
    fn scale(&mut self, factor: f64) {
        self.visit_leaves_mut(&mut Scale(factor));
    }

    /// `self + other`. Panics where the shapes differ, as [`Tangent::zip_leaves`] does.
    #[must_use]
    fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        sum.accumulate(other);
        sum
    }

    /// `self += factor * other`. Panics where the shapes differ, as [`Tangent::zip_leaves`] does.
    fn add_scaled(&mut self, factor: f64, other: &Self) {
        self.zip_leaves(other, &mut AddScaled(factor));
    }
}

impl<T: Tangent> Leaves for T {}

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

struct Assign<'a>(&'a [f64]);

impl VisitorMut for Assign<'_> {
    #[inline]
    fn leaf<R: Real>(&mut self, value: &mut R) {
        // The length was checked, so the slice does not run out.
        if let Some((first, rest)) = self.0.split_first() {
            *value = R::from_f64(*first);
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
