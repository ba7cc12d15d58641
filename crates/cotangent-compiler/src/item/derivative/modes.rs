//! Forward and reverse mode of a rule: calls of the user's methods.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Rules;
use super::rule::{Arg, args, pullback, returned, rule_method, seed};
use crate::ir::{Function, Ty};
use crate::surface::strip_reference;

fn is_reference(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Reference(_))
}

impl Rules<'_> {
    /// An argument, from a variable of the type that the function's parameter has.
    fn passed_on(&self, name: &Ident, declared: &syn::Type, wanted: &syn::Type) -> TokenStream {
        match (is_reference(declared), is_reference(wanted)) {
            (false, true) => quote!(&#name),
            (true, false) => quote!(__p::dup(#name)),
            (true, true) => quote!(#name),
            (false, false) if self.is_primitive(declared) => quote!(#name),
            (false, false) => quote!(__p::dup(&#name)),
        }
    }

    /// An argument, from a reference to it.
    fn passed_again(&self, name: &Ident, wanted: &syn::Type) -> TokenStream {
        match wanted {
            syn::Type::Reference(_) => quote!(#name),
            ty if self.is_primitive(ty) => quote!(*#name),
            _ => quote!(__p::dup(#name)),
        }
    }

    fn is_primitive(&self, ty: &syn::Type) -> bool {
        match Ty::of(ty, &self.input.reals()) {
            Ty::Float(_) => true,
            Ty::Inert => !quote!(#ty).to_string().contains("str") && !quote!(#ty).to_string().contains("String"),
            _ => false,
        }
    }

    /// The call of the function itself, on its declared parameters.
    fn plain_call(&self) -> TokenStream {
        let (name, names) = (&self.rule.name, self.names());
        let args = self
            .rule
            .params
            .iter()
            .map(|p| self.passed_on(&names[&p.name.to_string()], &p.ty, &p.ty));
        quote!(#name(#(#args),*))
    }

    // ---- forward mode

    /// The body of `__jvp`; its parameters alternate with their tangents.
    pub fn forward(&self, dual: &Function) -> TokenStream {
        let variable = |k: usize| &dual.vars[dual.params[k].var].name;
        if let Some(jvp) = &self.rule.jvp {
            let method = rule_method("jvp");
            let args = args(jvp).into_iter().map(|a| {
                let k = self.rule.params.iter().position(|p| p.name == a.name).map(|k| 2 * k);
                let k = k.or_else(|| {
                    self.rule
                        .params
                        .iter()
                        .position(|p| format!("{}_dot", p.name) == a.name)
                        .map(|k| 2 * k + 1)
                });
                k.map(|k| self.passed_on(variable(k), &dual.params[k].ty, &a.ty))
            });
            let args: Vec<TokenStream> = args.flatten().collect();
            return quote!(Self::#method(#(#args),*));
        }
        if self.rule.transpose.is_some() {
            let (name, value) = (&self.rule.name, self.plain_call());
            let dots = self.rule.params.iter().enumerate().map(|(k, p)| {
                let k = if p.active { 2 * k + 1 } else { 2 * k };
                self.passed_on(variable(k), &p.ty, &p.ty)
            });
            return quote!((#value, #name(#(#dots),*)));
        }
        self.forward_from_vjp(dual)
    }

    /// The derivative of a scalar is a product with its gradient; of another result, one for each number in it.
    fn forward_from_vjp(&self, dual: &Function) -> TokenStream {
        let ret = &self.rule.ret;
        if Ty::of(ret, &self.input.reals()).is_float() {
            let run = self.gradient_product(dual, &quote!(<#ret as __p::Real>::ONE));
            return quote!(__p::Tape::with(|__tape| { #run (__y, <#ret as __p::Real>::from_f64(__product)) }));
        }
        let (value, run) = (self.plain_call(), self.gradient_product(dual, &quote!(__p::dup(__axis))));
        quote! {
            let __value = #value;
            let __dot = __p::by_axes(__p::zero(&__value), |__axis| __p::Tape::with(|__tape| { #run __product }));
            (__value, __dot)
        }
    }

    /// Runs the pullback on a cotangent, and multiplies what comes back with the tangents.
    fn gradient_product(&self, dual: &Function, seed: &TokenStream) -> TokenStream {
        let names = self.names();
        let (mut args, mut again, mut lets, mut bars, mut terms) = (vec![], vec![], TokenStream::new(), vec![], vec![]);
        for (k, p) in self.rule.params.iter().enumerate() {
            let (name, bar) = (&names[&p.name.to_string()], format_ident!("__bar{k}"));
            let lent = if is_reference(&p.ty) { quote!(#name) } else { quote!(&#name) };
            args.push(self.passed_on(name, &p.ty, &p.ty));
            let slot = self.surface(&self.func).slot(&self.func.params[k]).to_string();
            lets.extend(if slot == "()" {
                quote!(let mut #bar = ();)
            } else {
                quote!(let mut #bar = __p::zero(#lent);)
            });
            if p.active {
                let dot = &dual.vars[dual.params[2 * k + 1].var].name;
                let dot = if is_reference(&p.ty) {
                    quote!(__p::owned(#dot))
                } else {
                    quote!(__p::dup(&#dot))
                };
                terms.push(quote!(__p::Leaves::dot(&#bar, &#dot)));
            }
            again.push(lent);
            bars.push(quote!(&mut #bar));
        }
        quote! {
            #lets
            let (__y, __pullback) = Self::__fwd(#(#args,)* __tape);
            __pullback(#(#again,)* __tape, #seed, #(#bars),*);
            let __product = 0.0 #(+ #terms)*;
        }
    }

    // ---- reverse mode

    /// The body of `__fwd`.
    pub fn reverse(&self) -> TokenStream {
        let rule = self.rule;
        let body = match (&rule.vjp, &rule.transpose) {
            (Some(vjp), _) if pullback(vjp).is_some() => return self.reverse_by_pullback(vjp),
            (Some(vjp), _) => self.cotangents("vjp", vjp),
            (None, Some(transpose)) => self.cotangents("transpose", transpose),
            (None, None) => self.cotangents_from_jvp(),
        };
        let (value, closure) = (self.plain_call(), self.closure(&body));
        quote!(let __y = #value; (__y, #closure))
    }

    fn closure(&self, body: &TokenStream) -> TokenStream {
        let surface = self.surface(&self.func);
        let seed = surface.result_tangent();
        let again = self.func.params.iter().map(|p| {
            let (name, ty) = (&self.func.vars[p.var].name, strip_reference(&p.ty));
            quote!(#name: &#ty)
        });
        let slots = self.func.params.iter().enumerate().map(|(k, p)| {
            let (bar, slot) = (format_ident!("__bar{k}"), surface.slot(p));
            quote!(#bar: &mut #slot)
        });
        quote!(move |#(#again,)* _: &mut __p::Tape, __seed: #seed, #(#slots),*| { #body })
    }

    /// Runs `vjp` or `transpose`, and adds what it returns.
    fn cotangents(&self, name: &str, f: &syn::ImplItemFn) -> TokenStream {
        let (method, names, params) = (rule_method(name), self.names(), &self.rule.params);
        let seed = seed(f, params).map(|s| s.name);
        let mut taken = vec![];
        let args = args(f).into_iter().map(|a: Arg| {
            if Some(&a.name) == seed.as_ref() {
                return Some(if is_reference(&a.ty) { quote!(&__seed) } else { quote!(__seed) });
            }
            if let Some(k) = params.iter().position(|p| format!("{}_bar", p.name) == a.name) {
                taken.push(k);
                let bar = format_ident!("__bar{k}");
                return Some(quote!(#bar));
            }
            names.get(&a.name).map(|n| self.passed_again(n, &a.ty))
        });
        let args: Vec<TokenStream> = args.flatten().collect();
        let call = quote!(Self::#method(#(#args),*));
        let tuple = matches!(&f.sig.output, syn::ReturnType::Type(_, t) if matches!(&**t, syn::Type::Tuple(_)));
        self.add(call, &returned(f), &taken, tuple)
    }

    /// `-> (y, impl FnOnce(y_bar) -> x_bar)`
    fn reverse_by_pullback(&self, vjp: &syn::ImplItemFn) -> TokenStream {
        let (method, names, params) = (rule_method("vjp"), self.names(), &self.rule.params);
        let args = args(vjp).into_iter().filter_map(|a| {
            let p = params.iter().find(|p| p.name == a.name)?;
            Some(self.passed_on(&names[&a.name], &p.ty, &a.ty))
        });
        let signature = pullback(vjp).expect("asked for");
        let by_ref = signature.inputs.first().is_some_and(is_reference);
        let mut inputs = vec![if by_ref { quote!(&__seed) } else { quote!(__seed) }];
        let mut taken = vec![];
        let slices = params.iter().enumerate().filter(|(_, p)| p.active && is_reference(&p.ty));
        for ((k, _), _) in slices.zip(signature.inputs.iter().skip(1)) {
            taken.push(k);
            let bar = format_ident!("__bar{k}");
            inputs.push(quote!(#bar));
        }
        let tuple = matches!(&signature.output, syn::ReturnType::Type(_, t) if matches!(&**t, syn::Type::Tuple(_)));
        let body = self.add(quote!(__rule(#(#inputs),*)), &returned(vjp), &taken, tuple);
        let closure = self.closure(&body);
        quote!(let (__y, __rule) = Self::#method(#(#args),*); (__y, #closure))
    }

    /// Adds returned cotangents to those of the parameters that have no other way, in order.
    fn add(&self, call: TokenStream, returned: &[syn::Type], taken: &[usize], tuple: bool) -> TokenStream {
        let open = |only_active: bool| -> Vec<usize> {
            let params = self.rule.params.iter().enumerate();
            params
                .filter(|(k, p)| !taken.contains(k) && (p.active || !only_active && Ty::of(&p.ty, &[]) != Ty::Inert))
                .map(|(k, _)| k)
                .collect()
        };
        if returned.is_empty() {
            return quote!(#call;);
        }
        let all = open(false);
        let targets = if all.len() == returned.len() { all } else { open(true) };
        let parts: Vec<Ident> = (0..returned.len()).map(|k| format_ident!("__part{k}")).collect();
        let adds = targets
            .iter()
            .zip(&parts)
            .filter(|(k, _)| self.rule.params[**k].active)
            .map(|(k, part)| {
                let bar = format_ident!("__bar{k}");
                quote!(__p::add_ref(#bar, &#part);)
            });
        let pattern = if tuple { quote!((#(#parts,)*)) } else { quote!(#(#parts)*) };
        quote!(let #pattern = #call; #(#adds)*)
    }

    /// `jvp` along each axis of each parameter.
    fn cotangents_from_jvp(&self) -> TokenStream {
        let names = self.names();
        let mut out = TokenStream::new();
        for (k, _) in self.rule.params.iter().enumerate().filter(|(_, p)| p.active) {
            let (bar, name) = (format_ident!("__bar{k}"), &names[&self.rule.params[k].name.to_string()]);
            let args = self.rule.params.iter().enumerate().map(|(j, p)| {
                let (value, dot) = (self.passed_again(&names[&p.name.to_string()], &p.ty), self.axis(j, j == k));
                quote!(#value, #dot)
            });
            out.extend(quote! {
                let __axes = __p::by_axes(__p::zero(#name), |__axis| __p::Leaves::dot(&__seed, &Self::__jvp(#(#args),*).1));
                __p::add_ref(#bar, &__axes);
            });
        }
        out
    }

    /// The tangent of parameter `j`: the axis, or zero.
    fn axis(&self, j: usize, along: bool) -> TokenStream {
        let (p, declared) = (&self.rule.params[j], &self.func.params[j]);
        let name = &self.func.vars[declared.var].name;
        match (p.active, along, is_reference(&p.ty)) {
            (false, ..) => self.surface(&self.func).constant_dot(declared),
            (_, true, true) => quote!(__axis),
            (_, true, false) => quote!(__p::dup(__axis)),
            (_, false, true) => quote!(&__p::zero(#name)),
            (_, false, false) => quote!(__p::zero(#name)),
        }
    }
}
