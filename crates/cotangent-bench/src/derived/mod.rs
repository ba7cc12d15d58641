//! The derivatives that cotangent makes of [`crate::annotated`]: `grad_into` with a tape and a gradient that are kept.

use cotangent::prelude::Tape;

use crate::case::{Derivatives, Gradient};

pub mod ba;
pub mod building;
pub mod gmm;
pub mod hand;
pub mod lstm;
pub mod lu;

/// A call of `grad_into` with the buffers that it keeps from run to run.
struct Derived<G, R, N> {
    value: f64,
    gradient: G,
    tape: Tape,
    run: R,
    name: N,
}

/// Wraps a call of `grad_into`, the gradient that it overwrites, and how that gradient is named.
pub(crate) fn derived<G, R, N>(gradient: G, run: R, name: N) -> Box<dyn Gradient>
where
    G: 'static,
    R: FnMut(&mut Tape, &mut G) -> f64 + 'static,
    N: Fn(f64, &G) -> Derivatives + 'static,
{
    Box::new(Derived {
        value: f64::NAN,
        gradient,
        tape: Tape::new(),
        run,
        name,
    })
}

impl<G, R, N> Gradient for Derived<G, R, N>
where
    R: FnMut(&mut Tape, &mut G) -> f64,
    N: Fn(f64, &G) -> Derivatives,
{
    fn tool(&self) -> &'static str {
        "cotangent"
    }

    fn run(&mut self) {
        self.value = (self.run)(&mut self.tape, &mut self.gradient);
    }

    fn derivatives(&self) -> Derivatives {
        (self.name)(self.value, &self.gradient)
    }

    fn tape_bytes(&self) -> usize {
        self.tape.bytes()
    }
}
