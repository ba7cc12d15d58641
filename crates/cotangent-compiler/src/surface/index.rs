//! The body of a user's `index`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::emit::plain::plain;
use crate::parse::FnInput;

/// The body of a user's `index`: statements, and the element as a place of the cotangent, to be changed and to be read.
pub fn index_body(input: &FnInput, diags: &crate::diagnose::Diagnostics) -> Option<(TokenStream, TokenStream, TokenStream)> {
    let (func, place) = crate::lower::lower_place(input, diags)?;
    let statements = plain(&func, None);
    let bar = Ident::new("__bar", Span::mixed_site());
    let code = place.print_bar(&func.vars, &bar);
    let index = &func.vars[func.params.get(1)?.var].name;
    let items = &func.items;
    let pattern = match input.sig.inputs.get(1)? {
        syn::FnArg::Typed(t) if matches!(&*t.pat, syn::Pat::Ident(_)) => quote!(let #index = __index;),
        _ => quote!(let #index = __index;),
    };
    let owned = if func.params[1].owned {
        quote!(let #index = &#index;)
    } else {
        quote!()
    };
    Some((quote!(#(#items)* #pattern #owned #statements), code.clone(), code))
}
