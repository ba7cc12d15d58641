//! The Gaussian mixture.

use std::rc::Rc;

use super::derived;
use crate::annotated::gmm::{natural, workspace};
use crate::case::{Gradient, Style};
use crate::cases::gmm::{Buffers, derivatives};
use crate::input::Gmm;

/// The gradient in alphas, means and icf.
pub fn gradient(i: Rc<Gmm>, style: Style) -> Box<dyn Gradient> {
    match style {
        Style::Natural => derived(
            natural::grad(i.d, i.k, &i.alphas, &i.means, &i.icf, &i.x, i.gamma, i.m),
            move |tape, g| natural::grad_into(i.d, i.k, &i.alphas, &i.means, &i.icf, &i.x, i.gamma, i.m, tape, g),
            |y, g| derivatives(y, &g.alphas, &g.means, &g.icf),
        ),
        Style::Workspace => {
            let mut w = Buffers::new(&i);
            macro_rules! call {
                ($entry:ident $(, $more:expr)*) => {
                    workspace::$entry(
                        i.d, i.k, &i.alphas, &i.means, &i.icf, &i.x, i.gamma, i.m, &mut w.q_diagonals, &mut w.q_sums,
                        &mut w.centered, &mut w.y, &mut w.terms $(, $more)*
                    )
                };
            }
            derived(
                call!(grad),
                move |tape, g| call!(grad_into, tape, g),
                |y, g| derivatives(y, &g.alphas, &g.means, &g.icf),
            )
        }
    }
}
