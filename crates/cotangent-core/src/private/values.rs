//! Values, cotangents and containers, as generated code handles them.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use crate::{Differentiable, Real, Tangent, Tape, Witness};

/// A copy.
#[inline(always)]
pub fn dup<T: Clone>(value: &T) -> T {
    value.clone()
}

/// An owned copy, also of slices.
#[inline(always)]
pub fn owned<T: ToOwned + ?Sized>(value: &T) -> T::Owned {
    value.to_owned()
}

/// The zero tangent of a value.
#[inline(always)]
pub fn zero<T: Differentiable + ?Sized>(value: &T) -> T::Tangent {
    value.zero_tangent()
}

/// Puts a new value in place of the old one, and gives the old one.
#[inline(always)]
pub fn replace<T>(place: &mut T, new: T) -> T {
    core::mem::replace(place, new)
}

/// `place += value`
#[inline(always)]
pub fn add<T: Tangent>(place: &mut T, value: T) {
    place.accumulate(&value);
}

/// `place += value`, by reference; also where the place is a slice and the value a `Vec`.
#[inline(always)]
pub fn add_ref<P: Slot<V> + ?Sized, V: ?Sized>(place: &mut P, value: &V) {
    place.add_from(value);
}

/// Something that a tangent of type `V` can be added to.
pub trait Slot<V: ?Sized> {
    /// `self += value`
    fn add_from(&mut self, value: &V);
}

impl<T: Tangent> Slot<T> for T {
    #[inline(always)]
    fn add_from(&mut self, value: &T) {
        self.accumulate(value);
    }
}

impl<T: Tangent> Slot<Vec<T>> for [T] {
    #[inline(always)]
    fn add_from(&mut self, value: &Vec<T>) {
        add_slice(self, value);
    }
}

impl<T: Tangent> Slot<[T]> for Vec<T> {
    #[inline(always)]
    fn add_from(&mut self, value: &[T]) {
        add_slice(self, value);
    }
}

/// `place += value`, where the value may be a slice.
#[inline(always)]
pub fn add_slot<P: Slot<V>, V: ?Sized>(place: &mut P, value: &V) {
    place.add_from(value);
}

/// Adds elementwise.
#[inline(always)]
pub fn add_slice<T: Tangent>(place: &mut [T], values: &[T]) {
    for (a, b) in place.iter_mut().zip(values) {
        a.accumulate(b);
    }
}

/// Moves a slice of cotangents out, and leaves zeros.
#[inline]
pub fn take_slice<T: Tangent>(place: &mut [T]) -> Vec<T> {
    let values = place.to_vec();
    clear_slice(place);
    values
}

/// Sets cotangents to zero.
#[inline]
pub fn clear_slice<T: Tangent>(place: &mut [T]) {
    place.iter_mut().for_each(T::set_zero);
}

/// The sum of cotangents, for a value that was repeated; there must be one.
#[inline]
pub fn sum<T: Tangent>(values: &[T]) -> Option<T> {
    let (first, rest) = values.split_first()?;
    let mut total = first.clone();
    rest.iter().for_each(|v| total.accumulate(v));
    Some(total)
}

/// The last cotangent of a `Vec`, whose element the reverse sweep takes back.
#[inline(always)]
pub fn popped<T>(values: &mut Vec<T>) -> T {
    values.pop().expect("a cotangent for each element that was pushed")
}

/// What `truncate(len)` drops.
#[inline]
pub fn split_tail<T>(values: &mut Vec<T>, len: usize) -> Vec<T> {
    if len < values.len() { values.split_off(len) } else { Vec::new() }
}

/// Two functions that must be the same: code takes the first for the second.
#[inline(always)]
pub fn the_function_of_cotangent<F>(_named_here: F, _meant: F) {}

/// A slice or what stands for one: the methods `first`, `last` and `get` of it are std's.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a slice, and `first`, `last` and `get` are taken for methods of slices here",
    note = "call a method of yours by its path: `Type::first(&value)`"
)]
pub trait Sequence {}
impl<T> Sequence for [T] {}
impl<T, const N: usize> Sequence for [T; N] {}
impl<T> Sequence for alloc::vec::Vec<T> {}
impl<T: ?Sized> Sequence for alloc::boxed::Box<T> where T: Sequence {}
impl<T: ?Sized + Sequence> Sequence for &T {}
impl<T: ?Sized + Sequence> Sequence for &mut T {}

/// Asserts that std's methods are meant.
#[inline(always)]
pub fn sequence<S: Sequence + ?Sized>(_: &S) {}

/// Parts of a slice that do not overlap, by where they begin and end, borrowed together.
#[inline]
#[track_caller]
pub fn apart<T, const N: usize>(values: &mut [T], ranges: [(usize, usize); N]) -> [&mut [T]; N] {
    let mut order: [usize; N] = core::array::from_fn(|k| k);
    order.sort_unstable_by_key(|k| ranges[*k]);
    let mut parts: [&mut [T]; N] = core::array::from_fn(|_| Default::default());
    let (mut rest, mut start) = (values, 0);
    for k in order {
        let (lo, hi) = ranges[k];
        assert!(start <= lo, "two parts of one slice, both in use, overlap");
        let (part, after) = rest.split_at_mut(hi - start);
        parts[k] = &mut part[lo - start..];
        (rest, start) = (after, hi);
    }
    parts
}

/// A `Vec` of known length as an array.
#[inline]
pub fn into_array<T, const N: usize>(values: Vec<T>) -> [T; N] {
    match values.try_into() {
        Ok(array) => array,
        Err(_) => panic!("a tangent of a `vec![..]` of {N} elements has another length"),
    }
}

/// An iterator from its end.
#[inline(always)]
pub fn backwards<I: DoubleEndedIterator>(range: I) -> core::iter::Rev<I> {
    range.rev()
}

/// The first `n` items.
#[inline(always)]
pub fn first<I: Iterator>(range: I, n: usize) -> core::iter::Take<I> {
    range.take(n)
}

/// The number of integers in `lo..hi`.
#[inline(always)]
pub fn span<I>(lo: I, hi: I) -> usize
where
    core::ops::Range<I>: Iterator,
{
    (lo..hi).size_hint().0
}

/// How often a loop over the range runs; a frame on the tape has room for so many iterations.
#[inline(always)]
pub fn trips<I: Iterator>(range: &I) -> usize {
    let (n, upper) = range.size_hint();
    assert!(upper == Some(n), "a loop's range is longer than the address space");
    n
}

/// Whether a loop over the range runs often enough that sums beside it, of so many numbers, cost little by comparison.
#[inline]
pub fn sums_pay<I: Iterator>(range: &I, numbers: usize) -> bool {
    numbers / 16 <= trips(range)
}

/// As many zeros as there are values, on loan from the tape.
#[inline]
pub fn zeros_like<T: Real>(tape: &mut crate::Tape, values: &[T]) -> Vec<T> {
    tape.zeros(values.len())
}

/// `place += factor * values`
#[inline]
pub fn add_scaled<F: Real, T: Real>(place: &mut [T], factor: F, values: &[T]) {
    let factor = T::from_f64(factor.to_f64());
    for (p, v) in place.iter_mut().zip(values) {
        *p += factor * *v;
    }
}

/// Writes a slot of a frame.
#[inline(always)]
pub fn put<T>(slot: &mut core::mem::MaybeUninit<T>, value: T) {
    slot.write(value);
}

/// The slots of a frame with the integers of a range, item by item.
#[inline(always)]
pub fn beside<A: IntoIterator, B: IntoIterator>(slots: A, range: B) -> core::iter::Zip<A::IntoIter, B::IntoIter> {
    core::iter::zip(slots, range)
}

/// A number in generic code.
#[inline(always)]
pub fn lit<T: Real>(value: f64) -> T {
    T::from_f64(value)
}

/// 1, of the type of `x`.
#[inline(always)]
pub fn one_like<T: Real>(_: T) -> T {
    T::ONE
}

/// The cotangent that a user's closure makes of another.
#[inline(always)]
pub fn through<B>(bar: B, closure: impl FnOnce(B) -> B) -> B {
    closure(bar)
}

/// Drops a pullback that nothing flows back through.
#[inline(always)]
pub fn forget<T>(_: T) {}

/// Runs `f` on a tape that is empty before and after, also when `f` panics.
#[inline]
pub fn cleared<R>(tape: &mut Tape, f: impl FnOnce(&mut Tape) -> R) -> R {
    struct Clear<'a>(&'a mut Tape);
    impl Drop for Clear<'_> {
        fn drop(&mut self) {
            self.0.clear();
        }
    }
    tape.clear();
    let guard = Clear(tape);
    f(&mut *guard.0)
}

/// Keeps the outputs of a function while the reverse sweep restores its inputs.
pub struct Scratch<T> {
    kept: Vec<T>,
}

impl<T: Clone> Scratch<T> {
    /// Copies a slice.
    pub fn of(values: &[T]) -> Self {
        Scratch { kept: values.to_vec() }
    }

    /// Copies it back.
    pub fn restore(self, values: &mut [T]) {
        values.clone_from_slice(&self.kept);
    }
}

/// Keeps what a function left in a slice, while the reverse sweep restores its inputs.
#[inline]
pub fn keep_output<T: Clone>(tape: &mut Tape, values: &[T]) {
    tape.outputs().push_slice(&Witness::new(), values);
}

/// Puts back what was kept last.
#[inline]
pub fn restore_output<T>(tape: &mut Tape, values: &mut [T]) {
    tape.outputs().pop_slice(&Witness::new(), values);
}

/// The same for a `Vec`, whose length may have changed.
#[inline]
pub fn restore_vec<T: Real>(tape: &mut Tape, values: &mut Vec<T>, len: usize) {
    values.resize(len, T::ZERO);
    restore_output(tape, values);
}

/// `Option` and `Result`, as `?` and patterns see them.
pub trait Payload {
    /// The value inside.
    type Value;
    /// The value, which is there.
    fn payload(&self) -> &Self::Value;
    /// The value, which is there.
    fn payload_mut(&mut self) -> &mut Self::Value;
    /// There is none.
    fn fails(&self) -> bool;
}

impl<T> Payload for Option<T> {
    type Value = T;
    #[inline(always)]
    fn payload(&self) -> &T {
        self.as_ref().expect("a value")
    }
    #[inline(always)]
    fn payload_mut(&mut self) -> &mut T {
        self.as_mut().expect("a value")
    }
    #[inline(always)]
    fn fails(&self) -> bool {
        self.is_none()
    }
}

impl<T, E> Payload for Result<T, E> {
    type Value = T;
    #[inline(always)]
    fn payload(&self) -> &T {
        self.as_ref().ok().expect("a value")
    }
    #[inline(always)]
    fn payload_mut(&mut self) -> &mut T {
        self.as_mut().ok().expect("a value")
    }
    #[inline(always)]
    fn fails(&self) -> bool {
        self.is_err()
    }
}

/// The value in `Some` or `Ok`.
#[inline(always)]
pub fn payload<P: Payload>(value: &P) -> &P::Value {
    value.payload()
}

/// The value in `Some` or `Ok`, to be changed.
#[inline(always)]
pub fn payload_mut<P: Payload>(value: &mut P) -> &mut P::Value {
    value.payload_mut()
}

/// Whether `?` leaves here.
#[inline(always)]
pub fn fails<P: Payload>(value: &P) -> bool {
    value.fails()
}

/// What `?` returns.
pub trait Residual<R> {
    /// `None`, or the converted error.
    fn residual(&self) -> R;
}

impl<T, U> Residual<Option<U>> for Option<T> {
    #[inline(always)]
    fn residual(&self) -> Option<U> {
        None
    }
}

impl<T, U, E: Clone, F: From<E>> Residual<Result<U, F>> for Result<T, E> {
    #[inline(always)]
    fn residual(&self) -> Result<U, F> {
        match self {
            Err(e) => Err(F::from(e.clone())),
            Ok(_) => unreachable!("`?` leaves on an error only"),
        }
    }
}

/// What `?` returns.
#[inline(always)]
pub fn residual<P: Residual<R>, R>(value: &P) -> R {
    value.residual()
}

/// Where the cotangent of `value[index]` lies in the cotangent of `value`.
pub trait IndexBar<I>: Differentiable {
    /// The cotangent of an element.
    type Bar;
    /// Its place.
    fn index_bar<'a>(&self, bar: &'a mut Self::Tangent, index: I) -> &'a mut Self::Bar;
    /// Its place, to be read.
    fn index_dot<'a>(&self, dot: &'a Self::Tangent, index: I) -> &'a Self::Bar;
}

/// Where the tangent of `value[index]` lies in the tangent of `value`.
#[inline(always)]
pub fn index_dot<'a, T: IndexBar<I>, I>(value: &T, dot: &'a T::Tangent, index: I) -> &'a T::Bar {
    value.index_dot(dot, index)
}

/// Where the cotangent of `value[index]` lies in the cotangent of `value`.
#[inline(always)]
pub fn index_bar<'a, T: IndexBar<I>, I>(value: &T, bar: &'a mut T::Tangent, index: I) -> &'a mut T::Bar {
    value.index_bar(bar, index)
}

impl<T: Differentiable> IndexBar<(usize, usize)> for crate::Matrix<T> {
    type Bar = T::Tangent;
    #[inline(always)]
    fn index_bar<'a>(&self, bar: &'a mut Self::Tangent, index: (usize, usize)) -> &'a mut T::Tangent {
        &mut bar[index]
    }
    #[inline(always)]
    fn index_dot<'a>(&self, dot: &'a Self::Tangent, index: (usize, usize)) -> &'a T::Tangent {
        &dot[index]
    }
}

/// Pushes a copy of a slice.
#[inline(always)]
pub fn push_slice<T: Clone>(tape: &mut Tape, witness: &Witness<T>, values: &[T]) {
    tape.push_slice(witness, values);
}

/// The tangent whose numbers are what `f` gives for each axis; `zero` has its shape.
pub fn by_axes<G: Tangent>(mut zero: G, mut f: impl FnMut(&G) -> f64) -> G {
    use crate::Leaves;
    let mut axis = alloc::vec![0.0; zero.leaf_count()];
    let mut result = axis.clone();
    for k in 0..axis.len() {
        axis[k] = 1.0;
        zero.unflatten_from(&axis);
        axis[k] = 0.0;
        result[k] = f(&zero);
    }
    zero.unflatten_from(&result);
    zero
}

/// Shows each axis of the shape of `zero`, with the column of a matrix that belongs to it.
pub fn by_columns<G: Tangent>(zero: &G, matrix: &crate::Matrix<f64>, mut f: impl FnMut(&G, &G)) {
    use crate::Leaves;
    let n = zero.leaf_count();
    let (mut axis, mut column, mut numbers) = (zero.clone(), zero.clone(), alloc::vec![0.0; n]);
    for j in 0..n {
        numbers.fill(0.0);
        numbers[j] = 1.0;
        axis.unflatten_from(&numbers);
        for (i, number) in numbers.iter_mut().enumerate() {
            *number = matrix[(i, j)];
        }
        column.unflatten_from(&numbers);
        f(&axis, &column);
    }
}

/// A Hessian, a column for each number of `direction`, which starts and ends at zero.
pub fn hessian<G: Tangent>(direction: &mut G, hvp: impl Fn(&G) -> G) -> crate::Matrix<f64> {
    use crate::Leaves;
    let n = direction.leaf_count();
    let mut unit = alloc::vec![0.0; n];
    let mut matrix = crate::Matrix::zeros(n, n);
    for j in 0..n {
        unit[j] = 1.0;
        direction.unflatten_from(&unit);
        unit[j] = 0.0;
        for (i, value) in hvp(direction).flatten().into_iter().enumerate() {
            matrix[(i, j)] = value;
        }
    }
    direction.set_zero();
    matrix
}

/// Asserts a type: what generated code takes to carry no derivative is what std returns, not a user's method of that name.
#[inline(always)]
pub fn promise<T>(value: T) -> T {
    value
}

/// Undoes `+=` and `-=` on values without derivative.
pub trait Undo<R> {
    /// After `self += value`.
    fn undo_add(&mut self, value: R);
    /// After `self -= value`.
    fn undo_sub(&mut self, value: R);
}

macro_rules! undo {
    ($($t:ty),*) => {$(
        impl Undo<$t> for $t {
            #[inline(always)]
            fn undo_add(&mut self, value: $t) {
                *self -= value;
            }
            #[inline(always)]
            fn undo_sub(&mut self, value: $t) {
                *self += value;
            }
        }
        impl Undo<&$t> for $t {
            #[inline(always)]
            fn undo_add(&mut self, value: &$t) {
                *self -= *value;
            }
            #[inline(always)]
            fn undo_sub(&mut self, value: &$t) {
                *self += *value;
            }
        }
    )*};
}

undo!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

impl Undo<&str> for alloc::string::String {
    fn undo_add(&mut self, value: &str) {
        self.truncate(self.len() - value.len());
    }
    fn undo_sub(&mut self, _: &str) {
        unreachable!("strings have no `-=`")
    }
}

impl Undo<&alloc::string::String> for alloc::string::String {
    fn undo_add(&mut self, value: &alloc::string::String) {
        self.truncate(self.len() - value.len());
    }
    fn undo_sub(&mut self, _: &alloc::string::String) {
        unreachable!("strings have no `-=`")
    }
}

/// Undoes `place += value`.
#[inline(always)]
pub fn undo_add<T: Undo<R>, R>(place: &mut T, value: R) {
    place.undo_add(value);
}

/// Undoes `place -= value`.
#[inline(always)]
pub fn undo_sub<T: Undo<R>, R>(place: &mut T, value: R) {
    place.undo_sub(value);
}
