//! A pool of tapes for each thread, so that entry points without a tape argument do not allocate one each time.

use crate::Tape;

#[cfg(feature = "std")]
std::thread_local! {
    static POOL: core::cell::RefCell<alloc::vec::Vec<Tape>> = const { core::cell::RefCell::new(alloc::vec::Vec::new()) };
}

/// A tape on loan; goes back on drop, so also when there is a panic.
struct Loan(Tape);

impl Loan {
    #[cfg(feature = "std")]
    fn new() -> Self {
        let pooled = POOL.try_with(|pool| pool.borrow_mut().pop());
        Self(pooled.ok().flatten().unwrap_or_default())
    }

    #[cfg(not(feature = "std"))]
    fn new() -> Self {
        Self(Tape::new())
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        // Cleared here and not on the next loan: what the tape owns must not outlive the call. The pool is not borrowed
        // meanwhile, since a drop may run user code.
        self.0.clear();
        #[cfg(feature = "std")]
        {
            let tape = core::mem::take(&mut self.0);
            // Fails only while the thread ends; the tape is then simply dropped.
            let _ = POOL.try_with(|pool| pool.borrow_mut().push(tape));
        }
    }
}

impl Tape {
    /// Calls `f` with an empty tape of this thread, which is cleared afterwards, also if `f` panics.
    ///
    /// Calls may be nested; each level has a tape of its own. The tapes keep their memory for the next call until
    /// [`release_pool`](Self::release_pool) or the end of the thread. Without the feature `std` there is no pool, and
    /// each call makes a tape.
    ///
    /// ```
    /// use cotangent_core::Tape;
    /// let lengths = Tape::with(|outer| Tape::with(|inner| (outer.len(), inner.len())));
    /// assert_eq!(lengths, (0, 0));
    /// ```
    #[inline]
    pub fn with<R>(f: impl FnOnce(&mut Tape) -> R) -> R {
        f(&mut Loan::new().0)
    }

    /// Gives back the memory of the tapes that [`with`](Self::with) keeps for this thread.
    pub fn release_pool() {
        #[cfg(feature = "std")]
        drop(POOL.try_with(|pool| core::mem::take(&mut *pool.borrow_mut())));
    }
}
