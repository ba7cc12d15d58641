//! The linear solve, through the elimination: no rule for a solve.

use std::rc::Rc;

use super::derived;
use crate::annotated::lu::{natural, workspace};
use crate::case::{Gradient, Style};
use crate::cases::lu::{System, derivatives};

/// The gradient in the matrix and the right-hand side.
pub fn gradient(s: Rc<System>, style: Style) -> Box<dyn Gradient> {
    match style {
        Style::Natural => derived(
            natural::grad(s.n, &s.a, &s.b),
            move |tape, g| natural::grad_into(s.n, &s.a, &s.b, tape, g),
            |y, g| derivatives(y, &g.a, &g.b),
        ),
        Style::Workspace => {
            let (mut lu, mut x) = (s.a.clone(), s.b.clone());
            derived(
                workspace::grad(s.n, &s.a, &s.b, &mut lu, &mut x),
                move |tape, g| workspace::grad_into(s.n, &s.a, &s.b, &mut lu, &mut x, tape, g),
                |y, g| derivatives(y, &g.a, &g.b),
            )
        }
    }
}
