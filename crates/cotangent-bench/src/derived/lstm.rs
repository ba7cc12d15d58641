//! The long short-term memory.

use std::rc::Rc;

use super::derived;
use crate::annotated::lstm::{natural, workspace};
use crate::case::{Gradient, Style};
use crate::cases::lstm::{Buffers, derivatives};
use crate::input::Lstm;

/// The gradient in both groups of parameters.
pub fn gradient(m: Rc<Lstm>, style: Style) -> Box<dyn Gradient> {
    match style {
        Style::Natural => derived(
            natural::grad(m.layers, m.b, &m.main_params, &m.extra_params, &m.state, &m.sequence),
            move |tape, g| natural::grad_into(m.layers, m.b, &m.main_params, &m.extra_params, &m.state, &m.sequence, tape, g),
            |y, g| derivatives(y, &g.main, &g.extra),
        ),
        Style::Workspace => {
            let mut w = Buffers::new(&m);
            macro_rules! call {
                ($entry:ident $(, $more:expr)*) => {
                    workspace::$entry(
                        m.layers, m.b, &m.main_params, &m.extra_params, &m.state, &m.sequence, &mut w.hidden,
                        &mut w.cell, &mut w.input, &mut w.y $(, $more)*
                    )
                };
            }
            derived(
                call!(grad),
                move |tape, g| call!(grad_into, tape, g),
                |y, g| derivatives(y, &g.main, &g.extra),
            )
        }
    }
}
