//! Operators on users' types: `impl Mul<f64> for Vec3` also gives the rule of `*` on these types.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};

use super::{derived, hidden};
use crate::diagnose::Diagnostics;
use crate::lower::lower;
use crate::parse::{FnInput, Options};
use crate::surface::{Surface, tangent_type};

/// How the operator's method takes its operands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Binary,
    Negate,
    Assign,
    Index,
    /// Nothing to add: the rule comes from `Index`.
    IndexMut,
}

/// An operator trait of std.
#[derive(Clone, Copy)]
pub struct Operator {
    name: &'static str,
    kind: Kind,
}

const OPERATORS: &[Operator] = &[
    Operator {
        name: "Add",
        kind: Kind::Binary,
    },
    Operator {
        name: "Sub",
        kind: Kind::Binary,
    },
    Operator {
        name: "Mul",
        kind: Kind::Binary,
    },
    Operator {
        name: "Div",
        kind: Kind::Binary,
    },
    Operator {
        name: "Rem",
        kind: Kind::Binary,
    },
    Operator {
        name: "Neg",
        kind: Kind::Negate,
    },
    Operator {
        name: "AddAssign",
        kind: Kind::Assign,
    },
    Operator {
        name: "SubAssign",
        kind: Kind::Assign,
    },
    Operator {
        name: "MulAssign",
        kind: Kind::Assign,
    },
    Operator {
        name: "DivAssign",
        kind: Kind::Assign,
    },
    Operator {
        name: "RemAssign",
        kind: Kind::Assign,
    },
    Operator {
        name: "Index",
        kind: Kind::Index,
    },
    Operator {
        name: "IndexMut",
        kind: Kind::IndexMut,
    },
];

/// The operator that a trait path names.
pub fn find(path: &syn::Path) -> Option<Operator> {
    let last = path.segments.last()?;
    OPERATORS.iter().find(|o| last.ident == o.name).copied()
}

/// The rule that belongs to an impl of an operator.
pub fn operator(i: &syn::ItemImpl, operator: Operator, options: &Options, diags: &Diagnostics) -> TokenStream {
    let Some(f) = i.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(f) => Some(f),
        _ => None,
    }) else {
        return quote!();
    };
    if operator.kind == Kind::IndexMut {
        return quote!();
    }
    let input = as_function(i, f, options);
    let code = match operator.kind {
        Kind::Index => index(i, &input, diags),
        _ => arithmetic(i, operator, &input, diags),
    };
    let private = options.private();
    quote! {
        #[allow(non_local_definitions)]
        const _: () = {
            use #private as __p;
            #code
        };
    }
}

/// The method as a free function: `self` is a parameter, `Self` is spelled out.
fn as_function(i: &syn::ItemImpl, f: &syn::ImplItemFn, options: &Options) -> FnInput {
    let self_ty = (*i.self_ty).clone();
    let output = output_type(i).cloned();
    let mut spell = Spell {
        self_ty: self_ty.clone(),
        output,
    };
    let (mut sig, mut body) = (f.sig.clone(), f.block.clone());
    if let Some(syn::FnArg::Receiver(r)) = sig.inputs.first() {
        let ty: syn::Type = match (&r.reference, &r.mutability) {
            (Some(_), Some(_)) => syn::parse_quote!(&mut #self_ty),
            (Some(_), None) => syn::parse_quote!(&#self_ty),
            _ => self_ty.clone(),
        };
        sig.inputs[0] = syn::parse_quote!(this: #ty);
    }
    sig.generics = i.generics.clone();
    spell.visit_signature_mut(&mut sig);
    spell.visit_block_mut(&mut body);
    FnInput {
        sig,
        body,
        options: options.clone(),
        in_impl: false,
        in_trait: false,
        captures_self: false,
        impl_generics: syn::Generics::default(),
        siblings: HashMap::new(),
    }
}

fn output_type(i: &syn::ItemImpl) -> Option<&syn::Type> {
    i.items.iter().find_map(|item| match item {
        syn::ImplItem::Type(t) if t.ident == "Output" => Some(&t.ty),
        _ => None,
    })
}

struct Spell {
    self_ty: syn::Type,
    output: Option<syn::Type>,
}

impl VisitMut for Spell {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        if let syn::Type::Path(p) = ty {
            let segments = &p.path.segments;
            if segments.len() == 2
                && segments[0].ident == "Self"
                && segments[1].ident == "Output"
                && let Some(output) = &self.output
            {
                *ty = output.clone();
                return self.visit_type_mut(ty);
            }
            if p.path.is_ident("Self") {
                *ty = self.self_ty.clone();
                return;
            }
        }
        visit_mut::visit_type_mut(self, ty);
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if path.is_ident("self") {
            path.segments[0].ident = Ident::new("this", path.segments[0].ident.span());
        } else if path.segments.first().is_some_and(|s| s.ident == "Self")
            && let syn::Type::Path(p) = strip(&self.self_ty)
        {
            // In expressions generic arguments are left to inference.
            let mut segments = p.path.segments.clone();
            segments.iter_mut().for_each(|s| s.arguments = syn::PathArguments::None);
            segments.extend(path.segments.iter().skip(1).cloned());
            path.segments = segments;
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = rename_self(mac.tokens.clone());
    }
}

fn rename_self(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .map(|t| match t {
            proc_macro2::TokenTree::Ident(i) if i == "self" => proc_macro2::TokenTree::Ident(Ident::new("this", i.span())),
            proc_macro2::TokenTree::Group(g) => {
                let mut new = proc_macro2::Group::new(g.delimiter(), rename_self(g.stream()));
                new.set_span(g.span());
                proc_macro2::TokenTree::Group(new)
            }
            other => other,
        })
        .collect()
}

fn strip(ty: &syn::Type) -> &syn::Type {
    crate::surface::strip_reference(ty)
}

/// Free functions for the sweeps, and the impl of the rule that calls them.
fn arithmetic(i: &syn::ItemImpl, operator: Operator, input: &FnInput, diags: &Diagnostics) -> TokenStream {
    let func = lower(input, diags);
    if !diags.is_empty() {
        return quote!();
    }
    let generic = input.reals().into_iter().next();
    let gradient = format_ident!("__Gradient");
    let mut out = TokenStream::new();
    for (func, suffix, sweeps) in derived(&func, input.options.order.min(3)) {
        let surface = Surface {
            input,
            func: &func,
            gradient: gradient.clone(),
            generic: generic.clone(),
        };
        let name = format_ident!("__op_{}", suffix);
        out.extend(if sweeps { surface.forward(&name) } else { surface.plain(&name) });
    }
    let types: Vec<&syn::Type> = input.sig.inputs.iter().map(arg_type).collect();
    let head = Head {
        left: Operand::of(&i.self_ty),
        right: types.get(1).map(|t| Operand::of(t)),
        out: output_type(i),
        captured: crate::surface::generic_names(&i.generics),
    };
    out.extend(head.rules(i, operator, input.options.order));
    out
}

fn arg_type(arg: &syn::FnArg) -> &syn::Type {
    match arg {
        syn::FnArg::Typed(t) => &t.ty,
        syn::FnArg::Receiver(r) => &r.ty,
    }
}

/// An operand: its type without the reference, and how it is passed.
struct Operand<'a> {
    ty: &'a syn::Type,
    by_ref: bool,
}

impl<'a> Operand<'a> {
    fn of(ty: &'a syn::Type) -> Self {
        Operand {
            ty: strip(ty),
            by_ref: matches!(ty, syn::Type::Reference(_)),
        }
    }

    fn pass(&self) -> TokenStream {
        if self.by_ref { quote!(__p::ByRef) } else { quote!(__p::ByVal) }
    }

    fn tangent(&self) -> TokenStream {
        tangent_type(self.ty)
    }

    /// `&'a T` or `T`
    fn passed(&self, ty: TokenStream) -> TokenStream {
        if self.by_ref { quote!(&'a #ty) } else { ty }
    }
}

struct Head<'a> {
    left: Operand<'a>,
    right: Option<Operand<'a>>,
    out: Option<&'a syn::Type>,
    captured: Vec<TokenStream>,
}

impl Head<'_> {
    fn rules(&self, i: &syn::ItemImpl, operator: Operator, order: usize) -> TokenStream {
        let mut generics = i.generics.clone();
        generics.params = generics
            .params
            .into_iter()
            .filter(|p| !matches!(p, syn::GenericParam::Lifetime(_)))
            .collect();
        let (impl_generics, _, where_) = generics.split_for_impl();
        let left = self.left.ty;
        let (l, r) = (self.left.pass(), self.right.as_ref().map(Operand::pass));
        let b = self.right.as_ref().map(|o| o.ty);
        let arguments = match operator.kind {
            Kind::Assign => quote!(<#r, #b>),
            Kind::Negate => quote!(<#l>),
            _ => quote!(<#l, #r, #b>),
        };
        let mut out = TokenStream::new();
        for k in 1..=order.min(3) {
            let rule = match k {
                1 => format_ident!("{}Rule", operator.name),
                _ => format_ident!("{}{k}Rule", operator.name),
            };
            let body = match (operator.kind, k) {
                (Kind::Assign, 1) => self.assign(),
                (Kind::Assign, 2) => self.assign2(),
                (Kind::Assign, _) => self.assign3(),
                (_, 1) => self.binary(),
                (_, 2) => self.binary2(),
                _ => self.binary3(),
            };
            out.extend(quote!(#[allow(warnings, clippy::all)] impl #impl_generics __p::#rule #arguments for #left #where_ { #body }));
        }
        out
    }

    /// The operands with their names.
    fn operands(&self) -> Vec<(&'static str, &Operand<'_>)> {
        std::iter::once(("a", &self.left))
            .chain(self.right.as_ref().map(|r| ("b", r)))
            .collect()
    }

    fn outcome(&self) -> (TokenStream, TokenStream) {
        match self.out {
            Some(out) => {
                let tan = tangent_type(out);
                (quote!(#out), tan)
            }
            None => (quote!(Self), quote!(<Self as __p::Differentiable>::Tangent)),
        }
    }

    fn binary(&self) -> TokenStream {
        let (out, out_tan) = self.outcome();
        let captured = &self.captured;
        let all = self.operands();
        let names: Vec<Ident> = all.iter().map(|(n, _)| hidden(n)).collect();
        let dots: Vec<Ident> = all.iter().map(|(n, _)| hidden(&format!("{n}_dot"))).collect();
        let bars: Vec<Ident> = all.iter().map(|(n, _)| hidden(&format!("{n}_bar"))).collect();
        let types: Vec<&syn::Type> = all.iter().map(|(_, o)| o.ty).collect();
        let tans: Vec<TokenStream> = all.iter().map(|(_, o)| o.tangent()).collect();
        let passed: Vec<TokenStream> = all
            .iter()
            .map(|(_, o)| {
                o.passed({
                    let t = o.ty;
                    quote!(#t)
                })
            })
            .collect();
        let dot_passed: Vec<TokenStream> = all.iter().map(|(_, o)| o.passed(o.tangent())).collect();
        let (result, value) = if all.len() == 1 {
            (quote!(#(#tans)*), quote!(#(#bars)*))
        } else {
            (quote!((#(#tans),*)), quote!((#(#bars),*)))
        };
        quote! {
            type Out = #out;
            #[inline]
            fn forward<'a>(#(#names: #passed,)* tape: &mut __p::Tape) -> (#out, impl ::core::ops::FnOnce(#(&#types,)* &mut __p::Tape, #out_tan) -> #result + use<#(#captured),*>) {
                let (z, pullback) = __op_fwd(#(#names,)* tape);
                (z, move |#(#names: &#types,)* tape: &mut __p::Tape, z_bar: #out_tan| {
                    #(let mut #bars = __p::zero(#names);)*
                    pullback(#(#names,)* tape, z_bar, #(&mut #bars),*);
                    #value
                })
            }
            #[inline]
            fn jvp<'a>(#(#names: #passed, #dots: #dot_passed),*) -> (#out, #out_tan) { __op_jvp(#(#names, #dots),*) }
        }
    }

    fn binary2(&self) -> TokenStream {
        let (out, out_tan) = self.outcome();
        let captured = &self.captured;
        let all = self.operands();
        let names: Vec<Ident> = all.iter().map(|(n, _)| hidden(n)).collect();
        let dots: Vec<Ident> = all.iter().map(|(n, _)| hidden(&format!("{n}_dot"))).collect();
        let bars: Vec<Ident> = all.iter().map(|(n, _)| hidden(&format!("{n}_bar"))).collect();
        let dot_bars: Vec<Ident> = all.iter().map(|(n, _)| hidden(&format!("{n}_dot_bar"))).collect();
        let types: Vec<&syn::Type> = all.iter().map(|(_, o)| o.ty).collect();
        let tans: Vec<TokenStream> = all.iter().map(|(_, o)| o.tangent()).collect();
        let passed: Vec<TokenStream> = all
            .iter()
            .map(|(_, o)| {
                o.passed({
                    let t = o.ty;
                    quote!(#t)
                })
            })
            .collect();
        let dot_passed: Vec<TokenStream> = all.iter().map(|(_, o)| o.passed(o.tangent())).collect();
        quote! {
            #[inline]
            fn jvp_forward<'a>(#(#names: #passed, #dots: #dot_passed,)* tape: &mut __p::Tape) -> (
                (#out, #out_tan),
                impl ::core::ops::FnOnce(#(&#types, &#tans,)* &mut __p::Tape, (#out_tan, #out_tan)) -> (#(#tans, #tans),*) + use<#(#captured),*>,
            ) {
                let (z, pullback) = __op_jvp_fwd(#(#names, #dots,)* tape);
                (z, move |#(#names: &#types, #dots: &#tans,)* tape: &mut __p::Tape, z_bar: (#out_tan, #out_tan)| {
                    #(let mut #bars = __p::zero(#names); let mut #dot_bars = __p::zero(#names);)*
                    pullback(#(#names, #dots,)* tape, z_bar, #(&mut #bars, &mut #dot_bars),*);
                    (#(#bars, #dot_bars),*)
                })
            }
        }
    }

    /// Order 3: every operand with its tangents in two directions, and in both; in the order that `jvp` gives parameters.
    fn binary3(&self) -> TokenStream {
        let (out, out_tan) = self.outcome();
        let captured = &self.captured;
        let (mut params, mut types, mut names, mut bars, mut zeros, mut tans) = (vec![], vec![], vec![], vec![], vec![], vec![]);
        for (name, operand) in self.operands() {
            let tan = operand.tangent();
            let ty = operand.ty;
            for (suffix, ty) in [
                ("", quote!(#ty)),
                ("_1", tan.clone()),
                ("_dot", tan.clone()),
                ("_dot_1", tan.clone()),
            ] {
                let param = hidden(&format!("{name}{suffix}"));
                let passed = operand.passed(ty.clone());
                let first = hidden(name);
                params.push(quote!(#param: #passed));
                types.push(ty);
                bars.push(hidden(&format!("{name}{suffix}_bar")));
                zeros.push(quote!(__p::zero(#first)));
                names.push(param);
                tans.push(tan.clone());
            }
        }
        let pairs = quote!(((#out, #out_tan), (#out_tan, #out_tan)));
        quote! {
            #[inline]
            fn jvp_jvp<'a>(#(#params),*) -> #pairs { __op_jvp_jvp(#(#names),*) }
            #[inline]
            fn jvp_jvp_forward<'a>(#(#params,)* tape: &mut __p::Tape) -> (
                #pairs,
                impl ::core::ops::FnOnce(#(&#types,)* &mut __p::Tape, ((#out_tan, #out_tan), (#out_tan, #out_tan))) -> (#(#tans),*) + use<#(#captured),*>,
            ) {
                let (z, pullback) = __op_jvp_jvp_fwd(#(#names,)* tape);
                (z, move |#(#names: &#types,)* tape: &mut __p::Tape, z_bar: ((#out_tan, #out_tan), (#out_tan, #out_tan))| {
                    #(let mut #bars = #zeros;)*
                    pullback(#(#names,)* tape, z_bar, #(&mut #bars),*);
                    (#(#bars),*)
                })
            }
        }
    }

    fn assign(&self) -> TokenStream {
        let Some(right) = &self.right else { return quote!() };
        let (left, captured, b) = (self.left.ty, &self.captured, right.ty);
        let (lt, rt, passed, dot_passed) = (
            self.left.tangent(),
            right.tangent(),
            right.passed(quote!(#b)),
            right.passed(right.tangent()),
        );
        quote! {
            #[inline]
            fn forward<'a>(&mut self, b: #passed, tape: &mut __p::Tape) -> impl ::core::ops::FnOnce(&mut #left, &#b, &mut __p::Tape, &mut #lt) -> #rt + use<#(#captured),*> {
                let (_, pullback) = __op_fwd(self, b, tape);
                move |a: &mut #left, b: &#b, tape: &mut __p::Tape, a_bar: &mut #lt| {
                    let mut b_bar = __p::zero(b);
                    pullback(a, b, tape, (), a_bar, &mut b_bar);
                    b_bar
                }
            }
            #[inline]
            fn jvp<'a>(&mut self, a_dot: &mut #lt, b: #passed, b_dot: #dot_passed) { __op_jvp(self, a_dot, b, b_dot); }
        }
    }

    fn assign2(&self) -> TokenStream {
        let Some(right) = &self.right else { return quote!() };
        let (left, captured, b) = (self.left.ty, &self.captured, right.ty);
        let (lt, rt, passed, dot_passed) = (
            self.left.tangent(),
            right.tangent(),
            right.passed(quote!(#b)),
            right.passed(right.tangent()),
        );
        quote! {
            #[inline]
            fn jvp_forward<'a>(&mut self, a_dot: &mut #lt, b: #passed, b_dot: #dot_passed, tape: &mut __p::Tape)
            -> impl ::core::ops::FnOnce(&mut #left, &mut #lt, &#b, &#rt, &mut __p::Tape, &mut #lt, &mut #lt) -> (#rt, #rt) + use<#(#captured),*> {
                let (_, pullback) = __op_jvp_fwd(self, a_dot, b, b_dot, tape);
                move |a: &mut #left, a_dot: &mut #lt, b: &#b, b_dot: &#rt, tape: &mut __p::Tape, a_bar: &mut #lt, a_dot_bar: &mut #lt| {
                    let (mut b_bar, mut b_dot_bar) = (__p::zero(b), __p::zero(b));
                    pullback(a, a_dot, b, b_dot, tape, ((), ()), a_bar, a_dot_bar, &mut b_bar, &mut b_dot_bar);
                    (b_bar, b_dot_bar)
                }
            }
        }
    }
}

impl Head<'_> {
    /// Order 3 of `a op= b`, operands as in [`Head::binary3`].
    fn assign3(&self) -> TokenStream {
        let Some(right) = &self.right else { return quote!() };
        let (left, captured, b) = (self.left.ty, &self.captured, right.ty);
        let (lt, rt, passed, dot_passed) = (
            self.left.tangent(),
            right.tangent(),
            right.passed(quote!(#b)),
            right.passed(right.tangent()),
        );
        let params = quote!(
            &mut self, a_1: &mut #lt, a_dot: &mut #lt, a_dot_1: &mut #lt,
            b: #passed, b_1: #dot_passed, b_dot: #dot_passed, b_dot_1: #dot_passed
        );
        quote! {
            #[inline]
            fn jvp_jvp<'a>(#params) { __op_jvp_jvp(self, a_1, a_dot, a_dot_1, b, b_1, b_dot, b_dot_1); }
            #[inline]
            fn jvp_jvp_forward<'a>(#params, tape: &mut __p::Tape) -> impl ::core::ops::FnOnce(
                &mut #left, &mut #lt, &mut #lt, &mut #lt, &#b, &#rt, &#rt, &#rt, &mut __p::Tape, &mut #lt, &mut #lt, &mut #lt, &mut #lt,
            ) -> (#rt, #rt, #rt, #rt) + use<#(#captured),*> {
                let (_, pullback) = __op_jvp_jvp_fwd(self, a_1, a_dot, a_dot_1, b, b_1, b_dot, b_dot_1, tape);
                move |a: &mut #left, a_1: &mut #lt, a_dot: &mut #lt, a_dot_1: &mut #lt,
                      b: &#b, b_1: &#rt, b_dot: &#rt, b_dot_1: &#rt, tape: &mut __p::Tape,
                      a_bar: &mut #lt, a_1_bar: &mut #lt, a_dot_bar: &mut #lt, a_dot_1_bar: &mut #lt| {
                    let (mut b_bar, mut b_1_bar, mut b_dot_bar, mut b_dot_1_bar) = (__p::zero(b), __p::zero(b), __p::zero(b), __p::zero(b));
                    pullback(
                        a, a_1, a_dot, a_dot_1, b, b_1, b_dot, b_dot_1, tape, (((), ()), ((), ())), a_bar, a_1_bar, a_dot_bar, a_dot_1_bar,
                        &mut b_bar, &mut b_1_bar, &mut b_dot_bar, &mut b_dot_1_bar,
                    );
                    (b_bar, b_1_bar, b_dot_bar, b_dot_1_bar)
                }
            }
        }
    }
}

/// `impl Index`: where the cotangent of an element lies.
fn index(i: &syn::ItemImpl, input: &FnInput, diags: &Diagnostics) -> TokenStream {
    let Some((statements, bar, dot)) = crate::surface::index_body(input, diags) else {
        return quote!();
    };
    let types: Vec<&syn::Type> = input.sig.inputs.iter().map(arg_type).collect();
    let (Some(index_ty), Some(output)) = (types.get(1), output_type(i)) else {
        return quote!();
    };
    let (impl_generics, _, where_) = i.generics.split_for_impl();
    let (this, bar_name) = (hidden("this"), hidden("__bar"));
    let (self_ty, element) = (&i.self_ty, tangent_type(output));
    quote! {
        #[allow(warnings, clippy::all)]
        impl #impl_generics __p::IndexBar<#index_ty> for #self_ty #where_ {
            type Bar = #element;
            fn index_bar<'a>(&self, #bar_name: &'a mut Self::Tangent, __index: #index_ty) -> &'a mut #element {
                let #this = self;
                #statements
                &mut #bar
            }
            fn index_dot<'a>(&self, #bar_name: &'a Self::Tangent, __index: #index_ty) -> &'a #element {
                let #this = self;
                #statements
                &#dot
            }
        }
    }
}
