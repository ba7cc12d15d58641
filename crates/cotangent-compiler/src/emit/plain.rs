//! The code of a function without a reverse sweep: what forward mode runs.

use proc_macro2::TokenStream;
use quote::quote;

use super::print::Printer;
use crate::ir::{Access, Block, Function, Op, Stmt};

/// The statements of a function.
pub fn plain(f: &Function, generic: Option<proc_macro2::Ident>) -> TokenStream {
    let printer = Printer {
        f,
        generic,
        access: Access::Shared,
        named: Default::default(),
    };
    block(&printer, &f.body)
}

fn block(p: &Printer, b: &Block) -> TokenStream {
    b.stmts.iter().map(|s| stmt(p, s)).collect()
}

fn stmt(p: &Printer, s: &Stmt) -> TokenStream {
    match s {
        Stmt::Let(v, init) => {
            let var = &p.f.vars[*v];
            let (name, mutable) = (&var.name, var.mutable.then(|| quote!(mut)));
            let ty = var
                .written_ty
                .as_ref()
                .filter(|t| !quote!(#t).to_string().contains('&'))
                .map(|t| quote!(: #t));
            match init {
                Some(e) => {
                    let e = p.expr(e);
                    quote!(let #mutable #name #ty = #e;)
                }
                None => quote!(let #mutable #name #ty;),
            }
        }
        Stmt::Assign(place, e, _) => {
            let (place, e) = (p.place_mut(place), p.expr(e));
            quote!(let __value = #e; #place = __value;)
        }
        Stmt::Update(place, op, e) => {
            let (place, e) = (p.place_mut(place), p.expr(e));
            let op = if *op == Op::Add { quote!(+=) } else { quote!(-=) };
            quote!(let __value = #e; #place #op __value;)
        }
        Stmt::Call(c) => {
            let code = if c.level == 0 { p.plain_call(c) } else { p.derived_call(c) };
            match c.dest {
                Some(d) => {
                    let name = &p.f.vars[d].name;
                    quote!(let #name = #code;)
                }
                None => quote!(#code;),
            }
        }
        Stmt::If(cond, a, b) => {
            let (c, a, b) = (&cond.tokens, block(p, a), block(p, b));
            quote!(if #c { #a } else { #b })
        }
        Stmt::Match(scrutinee, arms) => {
            let s = &scrutinee.tokens;
            let arms = arms.iter().map(|arm| {
                let (pat, body) = (&arm.pat, block(p, &arm.body));
                quote!(#pat => { #body })
            });
            quote!(match #s { #(#arms)* })
        }
        Stmt::For(f) => {
            let (var, range, body) = (&p.f.vars[f.var].name, &f.range.tokens, block(p, &f.body));
            let exit = f.exit.as_ref().map(|e| {
                let e = &e.tokens;
                quote!(if #e { break; })
            });
            quote!(for #var in #range { #body #exit })
        }
        Stmt::While(cond, body) => {
            let (c, body) = (&cond.tokens, block(p, body));
            quote!(while #c { #body })
        }
        Stmt::Effect(code) | Stmt::InertMutation(_, code) => code.tokens.clone(),
        Stmt::Swap(a, b) => super::vjp::swap_code(p.place_mut(a), p.place_mut(b), a, b, |q| p.place_mut(q)),
        Stmt::Push(place, e) => {
            let (place, e) = (p.place_mut(place), p.expr(e));
            quote!(let __value = #e; #place.push(__value);)
        }
        Stmt::Pop(dest, place) => {
            let place = p.place_mut(place);
            match dest {
                Some(d) => {
                    let name = &p.f.vars[*d].name;
                    quote!(let #name = #place.pop();)
                }
                None => quote!(#place.pop();),
            }
        }
        Stmt::Fill(place, e) => {
            let (place, e) = (p.place_mut(place), p.expr(e));
            quote!(let __value = #e; #place.fill(__value);)
        }
        Stmt::CopyFrom(to, from) => {
            let (a, b) = (p.place_mut(to), p.place(from));
            if to.root == from.root {
                quote!(let __value = #b[..].to_vec(); #a[..].clone_from_slice(&__value);)
            } else {
                quote!(#a[..].clone_from_slice(&#b[..]);)
            }
        }
        Stmt::Truncate(place, n) => {
            let (place, n) = (p.place_mut(place), &n.tokens);
            quote!(#place.truncate(#n);)
        }
        Stmt::Extend(to, from) => {
            let (a, b) = (p.place_mut(to), p.place(from));
            quote!(let __value = #b[..].to_vec(); #a.extend(__value);)
        }
    }
}
