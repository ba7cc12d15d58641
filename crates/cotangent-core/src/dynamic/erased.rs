//! Visitors without type parameters, so that they pass through a `dyn`, and back.

use core::any::Any;

use crate::{Real, Step, Visitor, VisitorMut, Zip};

/// A [`Visitor`] behind `dyn`.
pub trait ErasedVisitor {
    #[doc(hidden)]
    fn single(&mut self, value: f32);
    #[doc(hidden)]
    fn double(&mut self, value: f64);
    #[doc(hidden)]
    fn step(&mut self, step: Option<Step>);
}

/// A [`VisitorMut`] behind `dyn`.
pub trait ErasedVisitorMut {
    #[doc(hidden)]
    fn single(&mut self, value: &mut f32);
    #[doc(hidden)]
    fn double(&mut self, value: &mut f64);
    #[doc(hidden)]
    fn step(&mut self, step: Option<Step>);
}

/// A [`Zip`] behind `dyn`.
pub trait ErasedZip {
    #[doc(hidden)]
    fn single(&mut self, a: &mut f32, b: f32);
    #[doc(hidden)]
    fn double(&mut self, a: &mut f64, b: f64);
}

impl<V: Visitor> ErasedVisitor for V {
    fn single(&mut self, value: f32) {
        self.leaf(value);
    }
    fn double(&mut self, value: f64) {
        self.leaf(value);
    }
    fn step(&mut self, step: Option<Step>) {
        match step {
            Some(step) => self.enter(step),
            None => self.leave(),
        }
    }
}

impl<V: VisitorMut> ErasedVisitorMut for V {
    fn single(&mut self, value: &mut f32) {
        self.leaf(value);
    }
    fn double(&mut self, value: &mut f64) {
        self.leaf(value);
    }
    fn step(&mut self, step: Option<Step>) {
        match step {
            Some(step) => self.enter(step),
            None => self.leave(),
        }
    }
}

impl<Z: Zip> ErasedZip for Z {
    fn single(&mut self, a: &mut f32, b: f32) {
        self.leaf(a, b);
    }
    fn double(&mut self, a: &mut f64, b: f64) {
        self.leaf(a, b);
    }
}

/// What came through a `dyn`, with its type parameters again.
pub(super) struct Restored<'a, V: ?Sized>(pub &'a mut V);

impl Visitor for Restored<'_, dyn ErasedVisitor + '_> {
    fn leaf<R: Real>(&mut self, mut value: R) {
        match Width::of(&mut value) {
            Width::Single(value) => self.0.single(*value),
            Width::Double(value) => self.0.double(*value),
        }
    }
    fn enter(&mut self, step: Step) {
        self.0.step(Some(step));
    }
    fn leave(&mut self) {
        self.0.step(None);
    }
}

impl VisitorMut for Restored<'_, dyn ErasedVisitorMut + '_> {
    fn leaf<R: Real>(&mut self, value: &mut R) {
        match Width::of(value) {
            Width::Single(value) => self.0.single(value),
            Width::Double(value) => self.0.double(value),
        }
    }
    fn enter(&mut self, step: Step) {
        self.0.step(Some(step));
    }
    fn leave(&mut self) {
        self.0.step(None);
    }
}

impl Zip for Restored<'_, dyn ErasedZip + '_> {
    fn leaf<R: Real>(&mut self, a: &mut R, mut b: R) {
        match (Width::of(a), Width::of(&mut b)) {
            (Width::Single(a), Width::Single(b)) => self.0.single(a, *b),
            (Width::Double(a), Width::Double(b)) => self.0.double(a, *b),
            _ => unreachable!("both are an `R`"),
        }
    }
}

/// A real number is one of two types.
enum Width<'a> {
    Single(&'a mut f32),
    Double(&'a mut f64),
}

impl<'a> Width<'a> {
    fn of<R: Real>(value: &'a mut R) -> Self {
        let value: &mut dyn Any = value;
        if value.is::<f64>() {
            return Self::Double(value.downcast_mut().expect("its type was compared"));
        }
        Self::Single(value.downcast_mut().expect("`Real` is `f32` or `f64`"))
    }
}
