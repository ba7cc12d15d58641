//! Which functions return their pullback in a box: an opaque type must not contain itself.

use crate::ir::{Block, Function, Stmt};
use crate::parse::Options;

/// Whether the pullback is a `Box<dyn FnOnce(..)>`: the function calls itself, or the user says that others call it back.
pub fn is_boxed(func: &Function, options: &Options) -> bool {
    options.boxed || calls_itself(&func.body)
}

fn calls_itself(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| match stmt {
        Stmt::Call(call) => call.recursive,
        Stmt::If(_, a, b) => calls_itself(a) || calls_itself(b),
        Stmt::Match(_, arms) => arms.iter().any(|arm| calls_itself(&arm.body)),
        Stmt::For(f) => calls_itself(&f.body),
        Stmt::While(_, body) => calls_itself(body),
        _ => false,
    })
}
