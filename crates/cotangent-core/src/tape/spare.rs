//! Buffers of zeros on loan, so that a gradient that needs some allocates them in its first call only.

use alloc::vec::Vec;
use core::any::Any;
use core::mem::{size_of, take};

use super::Tape;
use crate::Real;

impl Tape {
    /// `n` zeros; [`give_back`](Self::give_back) keeps their memory for the next loan. Only `f64` is kept.
    #[doc(hidden)]
    pub fn zeros<T: Real>(&mut self, n: usize) -> Vec<T> {
        let mut buffer = Vec::new();
        if let Some(words) = (&mut buffer as &mut dyn Any).downcast_mut::<Vec<f64>>() {
            *words = self.spare.pop().unwrap_or_default();
            words.clear();
        }
        buffer.resize(n, T::ZERO);
        buffer
    }

    /// Ends a loan.
    #[doc(hidden)]
    pub fn give_back<T: Real>(&mut self, mut buffer: Vec<T>) {
        if let Some(words) = (&mut buffer as &mut dyn Any).downcast_mut::<Vec<f64>>() {
            self.spare.push(take(words));
        }
    }

    /// The memory that is kept for loans.
    pub(super) fn spare_bytes(&self) -> usize {
        self.spare.iter().map(|v| v.capacity() * size_of::<f64>()).sum()
    }
}
