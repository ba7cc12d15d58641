//! Frames: room for what every iteration of a loop records, made once before the loop.
//!
//! A push in each iteration checks the room and moves the length, which keeps the loop from vectorising. Where each
//! iteration records `K` numbers and nothing else, the loop writes them by index instead.

use core::mem::{MaybeUninit, align_of, size_of};
use core::slice;

use super::{Tape, WORD, Witness, underflow};

impl Tape {
    /// Room for `K` values of each of `n` iterations, above all that is recorded.
    ///
    /// Every slot must be written before [`take_frame`](Self::take_frame) takes the frame back, and nothing recorded
    /// above it may be left by then.
    #[doc(hidden)]
    #[inline]
    pub fn frame<T: Copy, const K: usize>(&mut self, _: &Witness<T>, n: usize) -> &mut [[MaybeUninit<T>; K]] {
        const { assert!(align_of::<T>() <= WORD, "a frame begins at a word") };
        let words = frame_words::<T, K>(n);
        if self.limit - self.len < words {
            self.grow(words);
        }
        #[cfg(debug_assertions)]
        self.canaries.push(super::Canary {
            type_name: core::any::type_name::<[T; K]>(),
            position: self.len,
        });
        let start = self.at(self.len);
        self.len += words;
        // SAFETY: `n` arrays fit into `words` words from the old length on, which are within the allocation (for `n` or
        // `K` of 0 nothing is pointed at) and free, since they were above the length. A word is aligned for `T`, and
        // `MaybeUninit` needs no initialising. The result borrows the tape, so nothing else uses them meanwhile.
        unsafe { slice::from_raw_parts_mut(start.cast().as_ptr(), n) }
    }

    /// Takes back the frame recorded last, which was made with the same types and `n`.
    #[doc(hidden)]
    #[inline]
    pub fn take_frame<T: Copy, const K: usize>(&mut self, _: &Witness<T>, n: usize) -> &[[T; K]] {
        let Some(position) = self.len.checked_sub(frame_words::<T, K>(n)) else {
            underflow::<[T; K]>()
        };
        #[cfg(debug_assertions)]
        self.check_canary::<[T; K]>(position);
        self.len = position;
        // SAFETY: by the contract of the tape a frame of these types and this `n` was recorded last, so it begins here,
        // and every slot of it was written. The result borrows the tape, so nothing is recorded over it meanwhile.
        unsafe { slice::from_raw_parts(self.at(position).cast().as_ptr(), n) }
    }
}

/// The words that a frame takes.
#[inline]
fn frame_words<T, const K: usize>(n: usize) -> usize {
    let bytes = n.checked_mul(const { size_of::<[T; K]>() });
    bytes.expect("Tape: the frame is larger than the address space").div_ceil(WORD)
}
