//! What a function has no derivative for still has a name: calling it is an error that tells what to write.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::hidden;
use crate::jvp::jvp;
use crate::surface::Surface;

/// A function that cannot be called. The bound mentions a type parameter, so it is looked at where the call stands.
fn stub(surface: &Surface, name: &Ident, bound: &TokenStream) -> TokenStream {
    let sweeps = name.to_string().ends_with("fwd");
    let result = if sweeps { surface.boxed_sweep() } else { surface.result() };
    let tape = if sweeps { quote!(__tape: &mut __p::Tape) } else { quote!() };
    surface.never(name, &surface.declared(), &tape, &result, bound)
}

/// The entry points as differentiable code sees them; of the orders above that of the function, errors.
pub fn orders(surface: &Surface, order: usize) -> TokenStream {
    let nested = surface.nested(order);
    let dual = jvp(surface.func);
    let dual = Surface { input: surface.input, func: &dual, gradient: surface.gradient.clone(), generic: surface.generic.clone() };
    let stubs = match order {
        1 => {
            let mut out = surface.second_order_stubs(&quote!(__p::Order2));
            out.extend(stub(&dual, &hidden("__jvp_fwd"), &quote!(__p::Order2)));
            out
        }
        2 => {
            let dual2 = jvp(dual.func);
            let dual2 = Surface { input: surface.input, func: &dual2, gradient: surface.gradient.clone(), generic: surface.generic.clone() };
            let mut out = stub(&dual2, &hidden("__jvp_jvp"), &quote!(__p::Order3));
            out.extend(stub(&dual2, &hidden("__jvp_jvp_fwd"), &quote!(__p::Order3)));
            out
        }
        _ => quote!(),
    };
    quote!(#nested #stubs)
}
