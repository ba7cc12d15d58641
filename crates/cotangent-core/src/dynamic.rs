//! Tangents of values behind `dyn`: what is known of them when the type is not.

mod erased;

use alloc::borrow::{Borrow, ToOwned};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::any::{Any, type_name};
use core::fmt;

pub use erased::{ErasedVisitor, ErasedVisitorMut, ErasedZip};

use crate::private::is_zero;
use crate::{Differentiable, LeafPath, Real, Step, Tangent, Visitor, VisitorMut, Zip};

/// A tangent of any type: what a parameter `&dyn Trait` has for a tangent.
///
/// Implemented for every [`Tangent`]. A reference to one is passed as it is: `&PTangent` is a `&dyn AnyTangent`.
///
/// ```
/// use cotangent_core::AnyTangent;
/// let tangent: &dyn AnyTangent = &vec![1.0, 2.0];
/// assert_eq!(tangent.downcast_ref::<Vec<f64>>().unwrap()[1], 2.0);
/// assert!(tangent.downcast_ref::<f64>().is_none());
/// ```
pub trait AnyTangent: Any {
    #[doc(hidden)]
    fn __name(&self) -> &'static str;
    #[doc(hidden)]
    fn __clone(&self) -> Box<dyn AnyTangent>;
    #[doc(hidden)]
    fn __zero(&self) -> Box<dyn AnyTangent>;
    #[doc(hidden)]
    fn __set_zero(&mut self);
    #[doc(hidden)]
    fn __is_zero(&self) -> bool;
    #[doc(hidden)]
    fn __visit(&self, visitor: &mut dyn ErasedVisitor);
    #[doc(hidden)]
    fn __visit_mut(&mut self, visitor: &mut dyn ErasedVisitorMut);
    /// `other` is of the same type.
    #[doc(hidden)]
    fn __zip(&mut self, other: &dyn AnyTangent, zip: &mut dyn ErasedZip);
    /// `other` is of the same type.
    #[doc(hidden)]
    fn __add(&mut self, other: &dyn AnyTangent);
    /// What lies in a box.
    #[doc(hidden)]
    fn __inside(&self) -> Option<&dyn AnyTangent>;
    /// What lies in a box.
    #[doc(hidden)]
    fn __inside_mut(&mut self) -> Option<&mut dyn AnyTangent>;
}

impl<T: Tangent + 'static> AnyTangent for T {
    fn __name(&self) -> &'static str {
        type_name::<T>()
    }
    fn __clone(&self) -> Box<dyn AnyTangent> {
        Box::new(self.clone())
    }
    fn __zero(&self) -> Box<dyn AnyTangent> {
        Box::new(self.zero_tangent())
    }
    fn __set_zero(&mut self) {
        self.set_zero();
    }
    fn __is_zero(&self) -> bool {
        is_zero(self)
    }
    fn __visit(&self, visitor: &mut dyn ErasedVisitor) {
        self.visit_leaves(&mut erased::Restored(visitor));
    }
    fn __visit_mut(&mut self, visitor: &mut dyn ErasedVisitorMut) {
        self.visit_leaves_mut(&mut erased::Restored(visitor));
    }
    fn __zip(&mut self, other: &dyn AnyTangent, zip: &mut dyn ErasedZip) {
        self.zip_leaves(same(other), &mut erased::Restored(zip));
    }
    fn __add(&mut self, other: &dyn AnyTangent) {
        self.accumulate(same(other));
    }
    fn __inside(&self) -> Option<&dyn AnyTangent> {
        self.__behind()
    }
    fn __inside_mut(&mut self) -> Option<&mut dyn AnyTangent> {
        self.__behind_mut()
    }
}

/// The other operand, whose type the caller has compared.
fn same<T: 'static>(other: &dyn AnyTangent) -> &T {
    other.downcast_ref().expect("tangents of one type")
}

impl dyn AnyTangent {
    /// Whether it is a `T`.
    pub fn is<T: 'static>(&self) -> bool {
        self.holds::<T>()
    }

    /// The tangent, if it is a `T`.
    pub fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
    }

    /// The tangent, to be changed, if it is a `T`.
    pub fn downcast_mut<T: 'static>(&mut self) -> Option<&mut T> {
        (self as &mut dyn Any).downcast_mut()
    }

    fn holds<T: 'static>(&self) -> bool {
        (self as &dyn Any).is::<T>()
    }
}

/// A tangent whose type is known at run time only: that of a `dyn Trait`, for a trait under `#[differentiable(dyn)]`.
///
/// It holds the tangent of the value that stands behind the `dyn`. [`Leaves`](crate::Leaves) sees the numbers under
/// their names, as in any other tangent; `downcast_ref` gives the tangent itself.
///
/// ```
/// use cotangent_core::{DynTangent, Leaves, Tangent};
/// let mut g = DynTangent::new((1.0, vec![2.0]));
/// g.accumulate(&DynTangent::new((0.5, vec![1.0])));
/// assert_eq!(g.leaf_names(), ["0", "1[0]"]);
/// assert_eq!(g.flatten(), [1.5, 3.0]);
/// let (a, v) = g.downcast_ref::<(f64, Vec<f64>)>().unwrap();
/// assert_eq!((*a, v[0]), (1.5, 3.0));
/// ```
///
/// Tangents of two different types cannot be combined: that is a panic, which names both, unless one of them is zero.
pub struct DynTangent(Box<dyn AnyTangent>);

impl DynTangent {
    /// The tangent as one of a type that is not known.
    pub fn new<T: Tangent + 'static>(tangent: T) -> Self {
        Self(Box::new(tangent))
    }

    /// A copy of a tangent that may lie behind boxes.
    pub(crate) fn of(tangent: &dyn AnyTangent) -> Self {
        match tangent.__inside() {
            Some(inside) => Self::of(inside),
            None => Self(tangent.__clone()),
        }
    }

    /// Adds itself where a cotangent lies, behind boxes or not; nowhere, if nothing is differentiated by it.
    #[track_caller]
    pub(crate) fn add_to(&self, slot: &mut dyn AnyTangent) {
        let mut slot = slot;
        loop {
            if let Some(whole) = slot.downcast_mut::<DynTangent>() {
                return whole.accumulate(self);
            }
            if (&*slot as &dyn Any).type_id() == (&*self.0 as &dyn Any).type_id() {
                return slot.__add(&*self.0);
            }
            if slot.holds::<()>() || self.0.__is_zero() {
                return;
            }
            let name = slot.__name();
            match slot.__inside_mut() {
                Some(inside) => slot = inside,
                None => different_types(name, self.0.__name()),
            }
        }
    }

    /// Whether it holds a `T`.
    pub fn is<T: Tangent + 'static>(&self) -> bool {
        self.0.holds::<T>()
    }

    /// The tangent, if it is a `T`.
    pub fn downcast_ref<T: Tangent + 'static>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }

    /// The tangent, to be changed, if it is a `T`.
    pub fn downcast_mut<T: Tangent + 'static>(&mut self) -> Option<&mut T> {
        self.0.downcast_mut()
    }

    /// The tangent, taken out, if it is a `T`.
    ///
    /// # Errors
    /// `self`, if it is of another type.
    pub fn downcast<T: Tangent + 'static>(self) -> Result<T, Self> {
        if !self.is::<T>() {
            return Err(self);
        }
        let any: Box<dyn Any> = self.0;
        Ok(*any.downcast().expect("its type was compared"))
    }

    fn same_type(&self, other: &dyn AnyTangent) -> bool {
        (&*self.0 as &dyn Any).type_id() == (other as &dyn Any).type_id()
    }

    /// Makes `self` of the type of `other`, if one of them is zero; false if there is nothing to combine.
    #[track_caller]
    fn match_type(&mut self, other: &dyn AnyTangent) -> bool {
        if self.same_type(other) {
            return true;
        }
        if other.__is_zero() {
            return false;
        }
        if !self.0.__is_zero() {
            different_types(self.0.__name(), other.__name());
        }
        self.0 = other.__zero();
        true
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn different_types(left: &str, right: &str) -> ! {
    panic!(
        "cannot combine tangents of different types behind `dyn`: `{left}` and `{right}`; both must come from values of \
         one type, unless one is zero"
    )
}

impl Clone for DynTangent {
    fn clone(&self) -> Self {
        Self(self.0.__clone())
    }
}

impl fmt::Debug for DynTangent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct(self.0.__name());
        crate::Leaves::for_each_leaf(self, |name, value| {
            fields.field(name, &value);
        });
        fields.finish()
    }
}

/// Equal are tangents of one type with the same leaves under the same names.
impl PartialEq for DynTangent {
    fn eq(&self, other: &Self) -> bool {
        self.same_type(&*other.0) && Listed::of(self) == Listed::of(other)
    }
}

/// Leaves with their names.
#[derive(Default)]
struct Listed {
    path: LeafPath,
    leaves: Vec<(alloc::string::String, f64)>,
}

impl Listed {
    fn of(tangent: &DynTangent) -> Vec<(alloc::string::String, f64)> {
        let mut listed = Self::default();
        tangent.visit_leaves(&mut listed);
        listed.leaves
    }
}

impl Visitor for Listed {
    fn leaf<R: Real>(&mut self, value: R) {
        self.leaves.push((self.path.as_str().into(), value.to_f64()));
    }
    fn enter(&mut self, step: Step) {
        self.path.enter(step);
    }
    fn leave(&mut self) {
        self.path.leave();
    }
}

impl Differentiable for DynTangent {
    type Tangent = Self;

    fn zero_tangent(&self) -> Self {
        Self(self.0.__zero())
    }

    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        self.0.__visit(visitor);
    }

    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        self.0.__visit_mut(visitor);
    }

    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self, zip: &mut Z) {
        self.zip_leaves(tangent, zip);
    }
}

impl Tangent for DynTangent {
    fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z) {
        if self.match_type(&*other.0) {
            self.0.__zip(&*other.0, zip);
        }
    }

    fn accumulate(&mut self, other: &Self) {
        if self.match_type(&*other.0) {
            self.0.__add(&*other.0);
        }
    }

    fn set_zero(&mut self) {
        self.0.__set_zero();
    }

    fn __behind(&self) -> Option<&dyn AnyTangent> {
        Some(&*self.0)
    }

    fn __behind_mut(&mut self) -> Option<&mut dyn AnyTangent> {
        Some(&mut *self.0)
    }
}

impl Borrow<dyn AnyTangent> for DynTangent {
    fn borrow(&self) -> &dyn AnyTangent {
        self
    }
}

impl ToOwned for dyn AnyTangent {
    type Owned = DynTangent;

    fn to_owned(&self) -> DynTangent {
        DynTangent::of(self)
    }
}

/// A tangent is its own tangent.
impl Differentiable for dyn AnyTangent {
    type Tangent = DynTangent;

    fn zero_tangent(&self) -> DynTangent {
        DynTangent(self.__zero())
    }

    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        self.__visit(visitor);
    }

    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        self.__visit_mut(visitor);
    }

    fn zip_tangent<Z: Zip>(&mut self, tangent: &DynTangent, zip: &mut Z) {
        let other = concrete(self, &*tangent.0);
        self.__zip(other, zip);
    }
}

/// `other`, which must be of the type of `this`.
fn concrete<'a>(this: &dyn AnyTangent, other: &'a dyn AnyTangent) -> &'a dyn AnyTangent {
    if (this as &dyn Any).type_id() != (other as &dyn Any).type_id() {
        different_types(this.__name(), other.__name());
    }
    other
}

/// The cotangent of `value`, where it lies behind boxes and `dyn`; `spare`, if nothing is differentiated by it.
#[track_caller]
pub fn dyn_bar<'a, V: Differentiable<Tangent: 'static>>(
    value: &V,
    slot: &'a mut dyn AnyTangent,
    spare: &'a mut Option<V::Tangent>,
) -> &'a mut V::Tangent {
    let mut slot = slot;
    loop {
        if slot.holds::<V::Tangent>() {
            return slot.downcast_mut().expect("its type was compared");
        }
        if slot.holds::<()>() {
            return spare.insert(value.zero_tangent());
        }
        // A zero of another type is left where a value of that type stood: it becomes the zero of this one.
        if slot.holds::<DynTangent>() {
            let whole: &mut DynTangent = slot.downcast_mut().expect("its type was compared");
            if innermost::<V::Tangent>(&*whole.0).is_none() && whole.0.__is_zero() {
                *whole = DynTangent::new(value.zero_tangent());
            }
            slot = &mut *whole.0;
            continue;
        }
        let name = slot.__name();
        match slot.__inside_mut() {
            Some(inside) => slot = inside,
            None => different_types(name, type_name::<V::Tangent>()),
        }
    }
}

/// The tangent of `value`, where it lies behind boxes and `dyn`; `spare`, if it is zero whatever its type.
#[track_caller]
pub fn dyn_dot<'a, V: Differentiable<Tangent: 'static>>(
    value: &V,
    dot: &'a dyn AnyTangent,
    spare: &'a mut Option<V::Tangent>,
) -> &'a V::Tangent {
    if let Some(found) = innermost(dot) {
        return found;
    }
    if !dot.__is_zero() {
        different_types(dot.__name(), type_name::<V::Tangent>());
    }
    spare.insert(value.zero_tangent())
}

/// The `T` behind boxes and `dyn`.
fn innermost<T: 'static>(tangent: &dyn AnyTangent) -> Option<&T> {
    match tangent.downcast_ref() {
        Some(found) => Some(found),
        None => innermost(tangent.__inside()?),
    }
}

/// What every value behind a `dyn` can do; the rest is in the trait that the macro makes.
pub trait Object: Any {
    #[doc(hidden)]
    fn __any(&self) -> &dyn Any;
    #[doc(hidden)]
    fn __any_mut(&mut self) -> &mut dyn Any;
    #[doc(hidden)]
    fn __zero_tangent(&self) -> DynTangent;
    #[doc(hidden)]
    fn __zero_tangent_into(&self, tangent: &mut DynTangent);
    #[doc(hidden)]
    fn __visit_leaves(&self, visitor: &mut dyn ErasedVisitor);
    #[doc(hidden)]
    fn __visit_leaves_mut(&mut self, visitor: &mut dyn ErasedVisitorMut);
    #[doc(hidden)]
    fn __zip_tangent(&mut self, tangent: &DynTangent, zip: &mut dyn ErasedZip);
    /// Takes the value of another of the same type.
    #[doc(hidden)]
    fn __assign(&mut self, other: &dyn Any);
}

impl<T: Differentiable + Clone + 'static> Object for T {
    fn __any(&self) -> &dyn Any {
        self
    }
    fn __any_mut(&mut self) -> &mut dyn Any {
        self
    }
    fn __zero_tangent(&self) -> DynTangent {
        DynTangent::new(self.zero_tangent())
    }
    fn __zero_tangent_into(&self, tangent: &mut DynTangent) {
        match tangent.downcast_mut() {
            Some(tangent) => self.zero_tangent_into(tangent),
            None => *tangent = self.__zero_tangent(),
        }
    }
    fn __visit_leaves(&self, visitor: &mut dyn ErasedVisitor) {
        self.visit_leaves(&mut erased::Restored(visitor));
    }
    fn __visit_leaves_mut(&mut self, visitor: &mut dyn ErasedVisitorMut) {
        self.visit_leaves_mut(&mut erased::Restored(visitor));
    }
    fn __zip_tangent(&mut self, tangent: &DynTangent, zip: &mut dyn ErasedZip) {
        let mut spare = None;
        let tangent = dyn_dot(&*self, tangent, &mut spare);
        self.zip_tangent(tangent, &mut erased::Restored(zip));
    }
    fn __assign(&mut self, other: &dyn Any) {
        self.clone_from(receiver(other));
    }
}

/// The receiver of a pullback, which must be of the type that the forward sweep saw.
#[track_caller]
pub fn receiver<T: 'static>(value: &dyn Any) -> &T {
    value.downcast_ref().unwrap_or_else(|| another_receiver::<T>())
}

/// The same, to be changed.
#[track_caller]
pub fn receiver_mut<T: 'static>(value: &mut dyn Any) -> &mut T {
    value.downcast_mut().unwrap_or_else(|| another_receiver::<T>())
}

#[cold]
#[inline(never)]
#[track_caller]
fn another_receiver<T>() -> ! {
    panic!(
        "a pullback of a method of `{}` was called with a value of another type; this is a bug of cotangent",
        type_name::<T>()
    )
}
