//! Gradients of losses of solutions.

mod forward;
mod reverse;

pub use forward::{Sensitivities, sensitivities};
pub(crate) use reverse::{Pulled, Sweep};
