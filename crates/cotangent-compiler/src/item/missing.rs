//! What a function has no derivative for still has a name: calling it is an error that tells what to write.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::hidden;
use crate::emit::vjp::method_name;
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

/// The same of a method: what is called as `x.energy(..)` is looked up among the methods of its type.
pub fn method_orders(surface: &Surface, order: usize, vis: &TokenStream) -> TokenStream {
    let (sig, n) = (&surface.input.sig, surface.func.params.len());
    let derived = [("jvp_fwd", 2, 2 * n + 1), ("jvp_jvp", 3, 4 * n), ("jvp_jvp_fwd", 3, 4 * n + 1)];
    let pulls = [("jvp_pull", 2), ("jvp_jvp_pull", 3)];
    let receiver = sig.receiver().map(|_| surface.receiver());
    let mut out = TokenStream::new();
    for (suffix, of, count) in derived.into_iter().filter(|(_, of, count)| *of > order && *count > 0) {
        let (name, bound) = (method_name(&sig.ident, suffix), format_ident!("MethodOrder{of}"));
        let rest = impls_of_sized(count - usize::from(receiver.is_some()) - 1);
        let receiver = receiver.iter();
        out.extend(quote! {
            #[doc(hidden)]
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #vis fn #name<__Asked>(#(#receiver,)* _: __Asked #rest) -> ! where Self: __p::#bound<__Asked> + Sized {
                ::core::unreachable!()
            }
        });
    }
    for (suffix, _) in pulls.into_iter().filter(|(_, of)| *of > order && receiver.is_some()) {
        let (name, rest) = (method_name(&sig.ident, suffix), impls_of_sized(5));
        out.extend(quote! {
            #[doc(hidden)]
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #vis fn #name(#receiver #rest) where Self: Sized {}
        });
    }
    out
}

fn impls_of_sized(count: usize) -> TokenStream {
    let names = (0..count).map(|k| format_ident!("__a{k}"));
    quote!(#(, #names: impl ::core::marker::Sized)*)
}

/// `name(a b c) -> result;` for the macro `lacking!`: as many names as there are arguments after the first.
fn lacking(name: &Ident, arguments: usize, result: &TokenStream) -> TokenStream {
    let more = (1..arguments).map(|k| format_ident!("a{k}", span = Span::call_site()));
    quote!(#name(#(#more)*) -> #result;)
}
