//! `h::grad(..)` inside differentiable code: entry points that have derivatives themselves.
//!
//! All of it comes from two sweeps. `__second` reverses `y` and `∇y·v`; with the cotangents `s` and `t` it gives
//! `s ∇y + t H v`. `__third` reverses `y`, `∇y·v`, `∇y·w` and `vᵀ H w + ∇y·u`, by which a Hessian-vector product is
//! differentiated: the pullback of `∇y` is a product with `H`, since `H` is symmetric.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::{Surface, generic_names, generics_params, strip_reference};
use crate::ir::{Param, Passing};
use crate::item::bounds::of_order;

/// A derived function of an entry point.
struct Nested {
    /// `__grad_fwd`
    name: &'static str,
    /// Each parameter is followed by its tangent.
    dual: bool,
    /// Directions follow the parameters, as in `hvp`.
    directed: bool,
    result: TokenStream,
    /// The cotangent of the result, and the code that adds to `__b0`, `__c0`, …; `None` for a plain function.
    seed: Option<TokenStream>,
    body: TokenStream,
    order: usize,
}

impl Surface<'_> {
    /// The protocol of entry points, as far as the order goes.
    pub fn nested(&self, order: usize) -> TokenStream {
        if !self.is_scalar() || !self.mut_params().is_empty() || self.func.params.is_empty() {
            return quote!();
        }
        let mut out = TokenStream::new();
        for k in 2..=order {
            let input = of_order(self.input, k);
            let surface = self.with_input(&input);
            out.extend(if k == 2 { surface.second_sweep() } else { surface.third_sweep() });
            for nested in self.gradients().into_iter().chain(self.products()).filter(|n| n.order == k) {
                out.extend(surface.nested_fn(&nested));
            }
        }
        out
    }

    /// All of them: name, number of arguments, and order.
    pub fn nested_names(&self) -> Vec<(Ident, usize, usize)> {
        if !self.is_scalar() || !self.mut_params().is_empty() {
            return vec![];
        }
        let n = self.func.params.len();
        let of = |name: &str, count: usize, order| (Ident::new(name, Span::mixed_site()), count, order);
        vec![
            of("__grad_fwd", n + 1, 2),
            of("__grad_jvp", 2 * n, 2),
            of("__value_and_grad_fwd", n + 1, 2),
            of("__value_and_grad_jvp", 2 * n, 2),
            of("__grad_jvp_fwd", 2 * n + 1, 3),
            of("__value_and_grad_jvp_fwd", 2 * n + 1, 3),
            of("__hvp_fwd", 2 * n + 1, 3),
            of("__hvp_jvp", 4 * n, 3),
            of("__hessian_fwd", n + 1, 3),
            of("__hessian_jvp", 2 * n, 3),
        ]
    }

    fn gradients(&self) -> Vec<Nested> {
        let (g, y) = (self.gradient_type(), self.result());
        let (zero, one) = (quote!(<#y as __p::Real>::ZERO), quote!(<#y as __p::Real>::ONE));
        let (args, again, dot, lent_dot) = (self.passed().0, self.args_again(), self.dot_struct(false), self.dot_struct(true));
        let nested = |name, dual, result: &TokenStream, seed: Option<&TokenStream>, body, order| Nested {
            name,
            dual,
            directed: false,
            result: result.clone(),
            seed: seed.cloned(),
            body,
            order,
        };
        let (gg, yg) = (quote!((#g, #g)), quote!((#y, #g)));
        let ygyg = quote!((#yg, #yg));
        vec![
            nested(
                "__grad_fwd",
                false,
                &g,
                Some(&g),
                quote!(let __b = Self::__second(#(#again,)* &__seed, (#zero, #one)).0;),
                2,
            ),
            nested(
                "__grad_jvp",
                true,
                &gg,
                None,
                quote!(let __d = #dot; (Self::grad(#(#args),*), Self::__second(#(#args,)* &__d, (#zero, #one)).0)),
                2,
            ),
            nested(
                "__value_and_grad_fwd",
                false,
                &yg,
                Some(&yg),
                quote!(let __b = Self::__second(#(#again,)* &__seed.1, (__seed.0, #one)).0;),
                2,
            ),
            nested(
                "__value_and_grad_jvp",
                true,
                &ygyg,
                None,
                quote! {
                    let __d = #dot;
                    let (__y, __g) = Self::value_and_grad(#(#args),*);
                    let __y_dot = <#y as __p::Real>::from_f64(__p::Leaves::dot(&__g, &__d));
                    ((__y, __g), (__y_dot, Self::__second(#(#args,)* &__d, (#zero, #one)).0))
                },
                2,
            ),
            nested(
                "__grad_jvp_fwd",
                true,
                &gg,
                Some(&gg),
                quote! {
                    let __d = #lent_dot;
                    let (__b, __c) = Self::__third(#(#again,)* &__seed.1, &__d, &__seed.0, ((#zero, #zero), (#zero, #one)));
                },
                3,
            ),
            nested(
                "__value_and_grad_jvp_fwd",
                true,
                &ygyg,
                Some(&ygyg),
                quote! {
                    let __d = #lent_dot;
                    let (__b, __c) = Self::__third(#(#again,)* &__seed.1.1, &__d, &__seed.0.1, ((__seed.0.0, #zero), (__seed.1.0, #one)));
                },
                3,
            ),
        ]
    }

    fn products(&self) -> Vec<Nested> {
        let (g, y) = (self.gradient_type(), self.result());
        let (zero, one) = (quote!(<#y as __p::Real>::ZERO), quote!(<#y as __p::Real>::ONE));
        let seeds = quote!(((#zero, #zero), (#zero, #one)));
        let (args, again, dot, null) = (self.passed().0, self.args_again(), self.dot_struct(false), self.zero_struct());
        let (directions, along) = (self.direction_struct("__v", false), self.direction_struct("__w", false));
        let lent_directions = self.direction_struct("__v", true);
        let matrix = quote!(__p::Matrix<f64>);
        vec![
            Nested {
                name: "__hvp_fwd",
                dual: false,
                directed: true,
                result: g.clone(),
                seed: Some(g.clone()),
                body: quote!(let (__v, __null) = (#lent_directions, #null); let (__b, __c) = Self::__third(#(#again,)* &__seed, &__v, &__null, #seeds);),
                order: 3,
            },
            Nested {
                name: "__hvp_jvp",
                dual: true,
                directed: true,
                result: quote!((#g, #g)),
                seed: None,
                body: quote! {
                    let (__d, __v, __w) = (#dot, #directions, #along);
                    (Self::__second(#(#args,)* &__v, (#zero, #one)).0, Self::__third(#(#args,)* &__v, &__d, &__w, #seeds).0)
                },
                order: 3,
            },
            Nested {
                name: "__hessian_fwd",
                dual: false,
                directed: false,
                result: matrix.clone(),
                seed: Some(matrix.clone()),
                body: quote! {
                    let __null = #null;
                    let mut __b = #null;
                    __p::by_columns(&__null, &__seed, |__axis, __column| {
                        __p::Tangent::accumulate(&mut __b, &Self::__third(#(#again,)* __column, __axis, &__null, #seeds).0);
                    });
                },
                order: 3,
            },
            Nested {
                name: "__hessian_jvp",
                dual: true,
                directed: false,
                result: quote!((#matrix, #matrix)),
                seed: None,
                body: quote! {
                    let (__d, __null, mut __axis) = (#dot, #null, #null);
                    let __dot = __p::hessian(&mut __axis, |__axis| Self::__third(#(#args,)* __axis, &__d, &__null, #seeds).0);
                    (Self::hessian(#(#args),*), __dot)
                },
                order: 3,
            },
        ]
    }

    // ---- the two sweeps

    fn second_sweep(&self) -> TokenStream {
        let (declared, g, y) = (self.declared(), self.gradient_type(), self.result());
        let v = Ident::new("__v", Span::mixed_site());
        let (x, x_again) = self.passed();
        let (v_args, v_again) = self.tangents_from(&v);
        let ((lets, b, whole), (c_lets, c, _)) = (self.collected("__b"), self.collected("__c"));
        let (params, where_) = (generics_params(&self.input.sig.generics), self.where_clause());
        quote! {
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #[doc(hidden)]
            pub fn __second #params (#(#declared,)* #v: &#g, __seed: (#y, #y)) -> (#g, ()) #where_ {
                __p::Tape::with(|__tape| {
                    #lets
                    #c_lets
                    let (_, __pullback) = Self::__jvp_fwd(#(#x, #v_args,)* __tape);
                    __pullback(#(#x_again, #v_again,)* __tape, __seed, #(#b, #c),*);
                    (#whole, ())
                })
            }
        }
    }

    fn third_sweep(&self) -> TokenStream {
        let (declared, g, y) = (self.declared(), self.gradient_type(), self.result());
        let [v, w, u] = ["__v", "__w", "__u"].map(|name| Ident::new(name, Span::mixed_site()));
        let (x, x_again) = self.passed();
        let ((v_args, v_again), (w_args, w_again), (u_args, u_again)) =
            (self.tangents_from(&v), self.tangents_from(&w), self.tangents_from(&u));
        let [(b_lets, b, whole_b), (c_lets, c, whole_c), (d_lets, d, _), (e_lets, e, _)] =
            ["__b", "__c", "__d", "__e"].map(|p| self.collected(p));
        let (params, where_) = (generics_params(&self.input.sig.generics), self.where_clause());
        quote! {
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #[doc(hidden)]
            pub fn __third #params (#(#declared,)* #v: &#g, #w: &#g, #u: &#g, __seed: ((#y, #y), (#y, #y))) -> (#g, #g) #where_ {
                __p::Tape::with(|__tape| {
                    #b_lets
                    #c_lets
                    #d_lets
                    #e_lets
                    let (_, __pullback) = Self::__jvp_jvp_fwd(#(#x, #w_args, #v_args, #u_args,)* __tape);
                    __pullback(#(#x_again, #w_again, #v_again, #u_again,)* __tape, __seed, #(#b, #c, #d, #e),*);
                    (#whole_b, #whole_c)
                })
            }
        }
    }

    // ---- pieces

    /// Cotangents at zero, how each is lent, and the struct of them.
    fn collected(&self, prefix: &str) -> (TokenStream, Vec<TokenStream>, TokenStream) {
        let (mut lets, mut lent, mut fields, g) = (TokenStream::new(), vec![], vec![], &self.gradient);
        for (k, p) in self.func.params.iter().enumerate() {
            let (bar, field) = (format_ident!("{prefix}{k}"), &p.field);
            if p.active {
                let zero = self.zero_of(p);
                lets.extend(quote!(let mut #bar = #zero;));
                lent.push(quote!(&mut #bar));
                fields.push(quote!(#field: #bar));
            } else {
                lent.push(self.unused_slot(p));
                fields.push(quote!(#field: ()));
            }
        }
        (lets, lent, quote!(#g { #(#fields),* }))
    }

    fn zero_of(&self, p: &Param) -> TokenStream {
        let name = &self.func.vars[p.var].name;
        if self.passing(p) == Passing::Value || p.owned {
            quote!(__p::zero(&#name))
        } else {
            quote!(__p::zero(&*#name))
        }
    }

    fn zero_struct(&self) -> TokenStream {
        let g = &self.gradient;
        let fields = self.func.params.iter().map(|p| {
            let (field, zero) = (&p.field, if p.active { self.zero_of(p) } else { quote!(()) });
            quote!(#field: #zero)
        });
        quote!(#g { #(#fields),* })
    }

    /// Tangents out of a struct of them, and again for the pullback.
    fn tangents_from(&self, from: &Ident) -> (Vec<TokenStream>, Vec<TokenStream>) {
        let one = |p: &Param| {
            let by_value = self.passing(p) == Passing::Value || p.owned || self.slot(p).to_string() == "()";
            let field = &p.field;
            match (p.active, by_value) {
                (true, true) => (quote!(__p::dup(&#from.#field)), quote!(&#from.#field)),
                (true, false) => (quote!(&#from.#field), quote!(&#from.#field)),
                (false, true) => {
                    let dot = self.constant_dot(p);
                    (dot.clone(), quote!(&#dot))
                }
                (false, false) => (self.constant_dot(p), self.constant_dot(p)),
            }
        };
        self.func.params.iter().map(one).unzip()
    }

    /// The arguments, where only references to them are at hand.
    fn args_again(&self) -> Vec<TokenStream> {
        let one = |p: &Param| {
            let name = &self.func.vars[p.var].name;
            match self.passing(p) {
                Passing::Value => quote!(*#name),
                _ if p.owned => quote!(__p::dup(#name)),
                _ => quote!(#name),
            }
        };
        self.func.params.iter().map(one).collect()
    }

    /// The name of a parameter's tangent, or of a direction and its tangent.
    fn tangent_name(&self, k: usize, prefix: &str) -> Ident {
        format_ident!("{prefix}_{k}", span = Span::mixed_site())
    }

    /// The struct of the tangents that follow the parameters; `lent`: only references to them are at hand.
    fn dot_struct(&self, lent: bool) -> TokenStream {
        self.direction_struct("__dot", lent)
    }

    fn direction_struct(&self, prefix: &str, lent: bool) -> TokenStream {
        let g = &self.gradient;
        let fields = self.func.params.iter().enumerate().map(|(k, p)| {
            let (field, name) = (&p.field, self.tangent_name(k, prefix));
            let by_ref = lent || self.tangent_declared(p, false).to_string().starts_with('&');
            match (p.active, by_ref) {
                (false, _) => quote!(#field: ()),
                (true, true) => quote!(#field: __p::owned(#name)),
                (true, false) => quote!(#field: __p::dup(&#name)),
            }
        });
        quote!(#g { #(#fields),* })
    }

    /// The type of a tangent parameter: as the public `hvp` declares it, or as the protocol has it.
    fn tangent_declared(&self, p: &Param, public: bool) -> TokenStream {
        let slot = self.slot(p);
        let by_ref = self.passing(p) == Passing::Ref && !p.owned && slot.to_string() != "()";
        if !p.active && public {
            return quote!(());
        }
        if by_ref { quote!(&#slot) } else { quote!(#slot) }
    }

    // ---- the functions

    /// Parameters: name, type, type as the pullback takes it again, type of the cotangent, and where that comes from.
    fn nested_params(&self, n: &Nested) -> Vec<[TokenStream; 5]> {
        let mut all = vec![];
        let again = |ty: &TokenStream| match ty.to_string().starts_with('&') {
            true => ty.clone(),
            false => quote!(&#ty),
        };
        for (k, p) in self.func.params.iter().enumerate() {
            let (name, ty, slot, field) = (&self.func.vars[p.var].name, &p.ty, self.slot(p), &p.field);
            let bare = strip_reference(ty);
            all.push([
                quote!(#name),
                quote!(#ty),
                quote!(&#bare),
                slot.clone(),
                if p.active { quote!(__b.#field) } else { quote!() },
            ]);
            if n.dual {
                let (dot, ty) = (self.tangent_name(k, "__dot"), self.tangent_declared(p, false));
                all.push([
                    quote!(#dot),
                    ty.clone(),
                    again(&ty),
                    slot,
                    if p.active { quote!(__c.#field) } else { quote!() },
                ]);
            }
        }
        if n.directed {
            for (k, p) in self.func.params.iter().enumerate() {
                let (ty, field) = (self.tangent_declared(p, true), &p.field);
                let slot = if p.active { self.slot(p) } else { quote!(()) };
                for prefix in if n.dual { &["__v", "__w"][..] } else { &["__v"] } {
                    let name = self.tangent_name(k, prefix);
                    all.push([
                        quote!(#name),
                        ty.clone(),
                        again(&ty),
                        slot.clone(),
                        if p.active { quote!(__c.#field) } else { quote!() },
                    ]);
                }
            }
        }
        all
    }

    fn nested_signature(&self, n: &Nested) -> Option<TokenStream> {
        let seed = n.seed.as_ref()?;
        let params = self.nested_params(n);
        let (again, slots) = (params.iter().map(|p| &p[2]), params.iter().map(|p| &p[3]));
        Some(quote!(::core::ops::FnOnce(#(#again,)* &mut __p::Tape, #seed, #(&mut #slots),*)))
    }

    fn nested_fn(&self, n: &Nested) -> TokenStream {
        let (name, result, body) = (Ident::new(n.name, Span::mixed_site()), &n.result, &n.body);
        let params = self.nested_params(n);
        let declared = params.iter().map(|[name, ty, ..]| quote!(#name: #ty));
        let (generics, where_) = (generics_params(&self.input.sig.generics), self.where_clause());
        let head = quote!(#[allow(warnings, clippy::all, clippy::pedantic)] #[doc(hidden)] pub fn #name #generics);
        let (Some(seed), Some(signature)) = (&n.seed, self.nested_signature(n)) else {
            return quote!(#head (#(#declared),*) -> #result #where_ { #body });
        };
        let captured = generic_names(&self.input.sig.generics);
        let value = self.nested_value(n);
        let again = params.iter().map(|[name, _, again, ..]| quote!(#name: #again));
        let bars: Vec<Ident> = (0..params.len()).map(|k| format_ident!("__bar{k}")).collect();
        let slots = params.iter().zip(&bars).map(|([_, _, _, slot, _], bar)| quote!(#bar: &mut #slot));
        let adds = params
            .iter()
            .zip(&bars)
            .filter(|(p, _)| !p[4].is_empty())
            .map(|([.., from], bar)| quote!(__p::add_ref(#bar, &#from);));
        quote! {
            #head (#(#declared,)* __tape: &mut __p::Tape) -> (#result, impl #signature + use<#(#captured),*>) #where_ {
                let __y = #value;
                (__y, move |#(#again,)* _: &mut __p::Tape, __seed: #seed, #(#slots),*| { #body #(#adds)* })
            }
        }
    }

    /// The value, by the entry point or by its forward mode.
    fn nested_value(&self, n: &Nested) -> TokenStream {
        let base = n.name.trim_end_matches("_fwd");
        let callee = if n.dual {
            Ident::new(base, Span::mixed_site())
        } else {
            Ident::new(base.trim_start_matches('_'), Span::call_site())
        };
        let args = self.nested_params(n).into_iter().map(|[name, ty, ..]| {
            if ty.to_string().starts_with('&') {
                quote!(#name)
            } else {
                quote!(__p::dup(&#name))
            }
        });
        quote!(Self::#callee(#(#args),*))
    }
}
