//! The stack that the forward sweep records on and the reverse sweep pops from.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::mem::{MaybeUninit, forget, needs_drop, size_of};
use core::ptr::NonNull;

type Word = MaybeUninit<u64>;

const WORD: usize = size_of::<Word>();

/// The high-water mark moves in blocks of this many words (4 KiB), so that a push need not keep it.
const BLOCK: usize = 512;

/// Carries the type of a recorded value from its push to its pop, for type inference; it has no size.
///
/// ```
/// use cotangent_core::Witness;
/// let w = Witness::<Vec<f64>>::new();
/// assert_eq!(size_of_val(&w), 0);
/// ```
pub struct Witness<T>(PhantomData<fn() -> T>);

impl<T> Witness<T> {
    /// A witness for `T`.
    #[inline]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Clone for Witness<T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Witness<T> {}

impl<T> Default for Witness<T> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Witness<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Witness<{}>", core::any::type_name::<T>())
    }
}

/// What a reverse sweep needs from its forward sweep: a stack of 8-byte words.
///
/// Keep one and pass it to `grad_into` again and again: it keeps its memory, so that there is no allocation from the
/// second call on. The other entry points take one from [`Tape::with`]. After every pullback its length is zero.
///
/// ```
/// use cotangent_core::Tape;
/// let tape = Tape::new();
/// assert_eq!((tape.len(), tape.bytes()), (0, 0));
/// ```
///
/// Only generated code pushes and pops. Every value is popped as the type it was pushed with, in reverse order;
/// builds with debug assertions check this at every pop, and so do the tests of the macro for all code it makes.
pub struct Tape {
    words: Vec<Word>,
    /// Words in use.
    len: usize,
    /// Words that may be used before `grow` is called: at most `words.len()`, and at least the largest `len` ever.
    limit: usize,
    /// Where values that must be dropped lie, and how, bottom first.
    owned: Vec<Owned>,
    /// Buffers between two loans.
    spare: Vec<Vec<f64>>,
    /// See [`Tape::outputs`].
    outputs: Option<Box<Tape>>,
    #[cfg(debug_assertions)]
    canaries: Vec<Canary>,
    /// A tape holds values of any type, so it stays on its thread.
    not_send: PhantomData<*mut ()>,
}

struct Owned {
    position: usize,
    drop: unsafe fn(NonNull<Word>),
}

#[cfg(debug_assertions)]
#[derive(PartialEq, Eq)]
struct Canary {
    type_name: &'static str,
    position: usize,
}

impl Tape {
    /// An empty tape; it allocates at the first push.
    pub const fn new() -> Self {
        Self {
            words: Vec::new(),
            len: 0,
            limit: 0,
            owned: Vec::new(),
            spare: Vec::new(),
            outputs: None,
            #[cfg(debug_assertions)]
            canaries: Vec::new(),
            not_send: PhantomData,
        }
    }

    /// The number of 8-byte words in use; zero between calls.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is recorded.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0 && self.owned.is_empty()
    }

    /// The most bytes that were ever in use at once, rounded up to blocks of 4 KiB, and what is kept beside, for sums
    /// and outputs.
    pub fn bytes(&self) -> usize {
        let outputs = self.outputs.as_ref().map_or(0, |outputs| outputs.bytes());
        self.limit * WORD + self.spare_bytes() + outputs
    }

    /// Drops everything recorded; keeps the memory.
    pub fn clear(&mut self) {
        #[cfg(debug_assertions)]
        self.canaries.clear();
        if let Some(outputs) = &mut self.outputs {
            outputs.clear();
        }
        while let Some(Owned { position, drop }) = self.owned.pop() {
            // Taken off first: if the drop panics, the value is not dropped again.
            self.len = position;
            // SAFETY: `push` put this entry here together with a value that `drop` fits, at this position; `pop` takes
            // both off together, so the value is still there, and it is not used again.
            unsafe { drop(self.at(position)) };
        }
        self.len = 0;
    }

    /// Drops everything recorded and gives the memory back.
    pub fn release(&mut self) {
        self.clear();
        *self = Self::new();
    }

    /// Records `value`.
    #[doc(hidden)]
    #[inline]
    pub fn push<T>(&mut self, _: &Witness<T>, value: T) {
        let words = const { words_of::<T>() };
        if self.limit - self.len < words {
            self.grow(words);
        }
        // SAFETY: `words` words from `len` on are within the allocation: `len + words <= limit <= words.len()`.
        unsafe { self.put(self.len, value) };
    }

    /// Takes back the value recorded last, which must be a `T`.
    #[doc(hidden)]
    #[inline]
    pub fn pop<T>(&mut self, _: &Witness<T>) -> T {
        let words = const { words_of::<T>() };
        let Some(position) = self.len.checked_sub(words) else {
            underflow::<T>()
        };
        #[cfg(debug_assertions)]
        self.check_canary::<T>(position);
        if needs_drop::<T>() {
            let owned = self.owned.pop();
            debug_assert!(owned.is_some_and(|owned| owned.position == position));
        }
        self.len = position;
        // SAFETY: by the contract of the tape, the value recorded last is a `T`; it begins at `position`. Its words
        // are no longer in use and its drop entry is gone, so this move is the only use of it.
        unsafe { self.at(position).cast::<T>().read_unaligned() }
    }

    /// Records a copy of every element, as so many pushes would.
    #[doc(hidden)]
    #[inline]
    pub fn push_slice<T: Clone>(&mut self, _: &Witness<T>, values: &[T]) {
        let words = const { words_of::<T>() } * values.len();
        if self.limit - self.len < words {
            self.grow(words);
        }
        for value in values {
            // SAFETY: there is room for all elements, see `push`. (`clone` cannot reach this tape: it is borrowed.)
            unsafe { self.put(self.len, value.clone()) };
        }
    }

    /// Takes back what [`push_slice`](Self::push_slice) recorded, into a slice of the same length.
    #[doc(hidden)]
    #[inline]
    pub fn pop_slice<T>(&mut self, witness: &Witness<T>, values: &mut [T]) {
        for value in values.iter_mut().rev() {
            *value = self.pop(witness);
        }
    }

    /// A second tape, for what a function leaves in its `&mut` parameters while the reverse sweep restores its inputs.
    #[doc(hidden)]
    #[inline]
    pub fn outputs(&mut self) -> &mut Tape {
        self.outputs.get_or_insert_default()
    }

    /// Writes `value` at `position`, the present length, and moves the length behind it.
    ///
    /// # Safety
    /// `position` is the length, and the words of a `T` from there on are within `limit`.
    #[inline]
    unsafe fn put<T>(&mut self, position: usize, value: T) {
        #[cfg(debug_assertions)]
        self.canaries.push(Canary {
            type_name: core::any::type_name::<T>(),
            position,
        });
        if needs_drop::<T>() {
            self.owned.push(Owned {
                position,
                drop: drop_at::<T>,
            });
        }
        if size_of::<T>() == 0 {
            // Nothing to store; `pop` makes it anew.
            forget(value);
            return;
        }
        // SAFETY: the place is within the allocation (caller) and free, since it is at the length.
        unsafe { self.at(position).cast::<T>().write_unaligned(value) };
        self.len = position + const { words_of::<T>() };
    }

    /// The address of a position; dangling, but aligned and not null, while nothing is allocated.
    #[inline]
    fn at(&mut self, position: usize) -> NonNull<Word> {
        debug_assert!(position <= self.words.len());
        // SAFETY: `position <= len <= words.len()`, so the result is within the allocation or one past its end.
        unsafe { NonNull::new_unchecked(self.words.as_mut_ptr()).add(position) }
    }

    /// Makes room for `words` more words, in whole blocks.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, words: usize) {
        let needed = self.len.checked_add(words).and_then(|n| n.checked_next_multiple_of(BLOCK));
        let needed = needed.expect("Tape: the record is larger than the address space");
        if needed > self.words.len() {
            self.words.reserve_exact((2 * self.words.len()).max(needed) - self.words.len());
            // SAFETY: `Word` may be uninitialised, and `capacity` of them are allocated.
            unsafe { self.words.set_len(self.words.capacity()) };
        }
        self.limit = needed;
    }

    #[cfg(debug_assertions)]
    fn check_canary<T>(&mut self, position: usize) {
        let expected = Canary {
            type_name: core::any::type_name::<T>(),
            position,
        };
        match self.canaries.pop() {
            Some(found) if found == expected => {}
            Some(found) => panic!(
                "Tape: pop of a `{}` at word {}, but a `{}` was pushed at word {}; this is a bug of cotangent",
                expected.type_name, expected.position, found.type_name, found.position
            ),
            None => underflow::<T>(),
        }
    }
}

/// The words that a `T` takes. The words are not aligned beyond 8 bytes, hence unaligned reads and writes.
const fn words_of<T>() -> usize {
    size_of::<T>().div_ceil(WORD)
}

/// Drops the `T` that lies at `place`.
///
/// # Safety
/// A `T` lies there and is not used again.
unsafe fn drop_at<T>(place: NonNull<Word>) {
    // SAFETY: see above. Moved out first, since it may lie less aligned than a `T` must be when it is dropped in place.
    drop(unsafe { place.cast::<T>().read_unaligned() });
}

#[cold]
#[inline(never)]
fn underflow<T>() -> ! {
    panic!(
        "Tape: pop of a `{}` from an empty tape; this is a bug of cotangent",
        core::any::type_name::<T>()
    )
}

impl Default for Tape {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        self.clear();
    }
}

impl fmt::Debug for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tape")
            .field("len", &self.len)
            .field("bytes", &self.bytes())
            .finish()
    }
}

mod frame;
mod spare;
#[cfg(all(test, feature = "std"))]
mod tests;
