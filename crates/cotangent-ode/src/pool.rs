//! Large buffers are used again: a repeated solve takes no memory from the system.

use std::any::Any;
use std::cell::RefCell;

use cotangent::Real;

thread_local! {
    /// Each a boxed `Vec<F>`; few, since a solve takes one and gives it back.
    static BUFFERS: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// Buffers that a thread keeps at most.
const KEPT: usize = 4;

/// A buffer that was given back before, or an empty one. What it holds is arbitrary.
pub(crate) fn take<F: Real>() -> Vec<F> {
    let taken = BUFFERS.try_with(|buffers| {
        let mut buffers = buffers.borrow_mut();
        let place = buffers.iter().position(|buffer| buffer.is::<Vec<F>>())?;
        buffers.swap_remove(place).downcast::<Vec<F>>().ok()
    });
    taken.ok().flatten().map_or_else(Vec::new, |buffer| *buffer)
}

/// Gives a buffer back.
pub(crate) fn give<F: Real>(buffer: Vec<F>) {
    if buffer.capacity() == 0 {
        return;
    }
    // The thread may be ending.
    let _ = BUFFERS.try_with(|buffers| {
        let mut buffers = buffers.borrow_mut();
        if buffers.len() < KEPT {
            buffers.push(Box::new(buffer));
        }
    });
}
