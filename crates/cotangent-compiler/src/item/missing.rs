//! What a function has no derivative for still has a name: calling it is an error that tells what to write.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::hidden;
use crate::surface::Surface;

/// The entry points as differentiable code sees them; of the orders above that of the function, errors.
pub fn orders(surface: &Surface, order: usize) -> TokenStream {
    let n = surface.func.params.len();
    if n == 0 {
        return quote!();
    }
    let nested = surface.nested(order);
    let second: Vec<TokenStream> = surface
        .second_order_names(n)
        .into_iter()
        .map(|(name, n, ret)| lacking(&name, n, &ret))
        .collect();
    let never = quote!(!);
    let mut two = vec![lacking(&hidden("__jvp_fwd"), 2 * n + 1, &never)];
    let mut three = vec![
        lacking(&hidden("__jvp_jvp"), 4 * n, &never),
        lacking(&hidden("__jvp_jvp_fwd"), 4 * n + 1, &never),
    ];
    for (name, count, of) in surface.nested_names() {
        if of > order {
            if of == 2 { &mut two } else { &mut three }.push(lacking(&name, count, &never));
        }
    }
    match order {
        1 => quote!(#nested __p::lacking! { Order2: #(#second)* #(#two)* } __p::lacking! { Order3: #(#three)* }),
        2 => quote!(#nested __p::lacking! { Order3: #(#three)* }),
        _ => nested,
    }
}

/// `name(a b c) -> result;` for the macro `lacking!`: as many names as there are arguments after the first.
fn lacking(name: &Ident, arguments: usize, result: &TokenStream) -> TokenStream {
    let more = (1..arguments).map(|k| format_ident!("a{k}", span = Span::call_site()));
    quote!(#name(#(#more)*) -> #result;)
}
