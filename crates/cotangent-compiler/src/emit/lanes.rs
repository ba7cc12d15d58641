//! Calls in forward mode along several directions.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print::Printer;
use crate::ir::{Arg, Call, ExprKind, Target};

impl Printer<'_> {
    /// A call of a function's, or an operator's, version in lanes.
    pub(super) fn lane_call(&self, c: &Call) -> TokenStream {
        let operator = match &c.target {
            Target::Operator(op) => format!("{op:?}_jvp_lanes"),
            Target::OperatorAssign(op) => format!("{op:?}_assign_jvp_lanes"),
            Target::Negate => "neg_jvp_lanes".to_string(),
            _ => return self.lane_function(c),
        };
        let name = format_ident!("{}", operator.to_lowercase(), span = c.span);
        let args: Vec<TokenStream> = c.args.iter().map(|a| self.lane_operand(a)).collect();
        if !matches!(c.target, Target::OperatorAssign(_)) {
            return quote!(__p::#name(#(#args),*));
        }
        // Values first: they may read what the place lends.
        let (place, dot, value, value_dot) = (&args[0], &args[1], &args[2], &args[3]);
        quote!({
            let (__value, __value_dot) = (#value, #value_dot);
            __p::#name(#place, #dot, __value, __value_dot)
        })
    }

    /// Operands are numbers: passed by value, also where the source has a reference.
    fn lane_operand(&self, a: &Arg) -> TokenStream {
        match a {
            Arg::Value(e) => match &e.kind {
                ExprKind::Ref(p, _) => self.place(p),
                _ => self.expr(e),
            },
            other => self.arg(other),
        }
    }

    fn lane_function(&self, c: &Call) -> TokenStream {
        let lent = self.derived_args(c);
        let (before, args) = (&lent.before, &lent.args);
        let callee = super::vjp::callee(c, "lanes");
        match &c.target {
            Target::Function(path) => quote!({ __p::in_lanes::<#path>(); #before #callee(#(#args),*) }),
            _ => quote!({ #before #callee(#(#args),*) }),
        }
    }
}
