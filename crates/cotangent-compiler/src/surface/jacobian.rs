//! `jacobian` and `jacobian_into`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Surface, generics_params};
use crate::ir::{Param, Passing, Ty};

impl Surface<'_> {
    /// `f::jacobian` and `f::jacobian_into`, for functions with an output that depends on floats.
    pub fn jacobian_entries(&self) -> TokenStream {
        let constant = self.result_tangent().to_string() == "()";
        if constant && !self.mut_params().iter().any(|(_, p)| p.active) {
            return quote!();
        }
        let lanes = self.input.options.lanes;
        let where_ = if lanes {
            self.lane_where(&[quote!(4), quote!(8), quote!(16)])
        } else {
            self.where_clause()
        };
        let params = generics_params(&self.input.sig.generics);
        let (declared, names) = (self.declared(), self.names());
        let body = if self.is_scalar() && self.mut_params().is_empty() {
            quote!(__p::gradient_row(&Self::value_and_grad(#(#names),*).1, __matrix))
        } else {
            self.jacobian_body()
        };
        let name = self.input.sig.ident.to_string();
        let d1 = format!(
            "Jacobian of `{name}`: a row for each number of the result and then of the `&mut` parameters, a column for each \
             number of the parameters, in order. Runs forward or in reverse, by its shape."
        );
        let d2 = format!("Jacobian of `{name}` into `matrix`, which is overwritten and keeps its allocation. See `jacobian`.");
        let lanes = lanes.then(|| self.jacobian_lanes());
        quote! {
            #[doc = #d1]
            #[allow(warnings, clippy::all)]
            pub fn jacobian #params (#(#declared),*) -> __p::Matrix<f64> #where_ {
                let mut __matrix = __p::Matrix::zeros(0, 0);
                Self::jacobian_into(#(#names,)* &mut __matrix);
                __matrix
            }
            #[doc = #d2]
            #[allow(warnings, clippy::all)]
            pub fn jacobian_into #params (#(#declared,)* __matrix: &mut __p::Matrix<f64>) #where_ { #body }
            #lanes
        }
    }

    fn jacobian_body(&self) -> TokenStream {
        let (keep, restore) = self.entry_kept();
        let (g, zeros) = (&self.gradient, self.zero_fields());
        let (args, dots) = (self.passed().0, self.dots_of_gradient());
        let unused = self.unused_zeros(false, &quote!(__p::zero));
        let (row, outputs, has_lanes) = (self.jacobian_row(), self.outputs_taken(), self.input.options.lanes);
        let wide = |width: usize| {
            if has_lanes {
                quote!(Self::__jacobian_lanes(#(#args,)* __p::Width::<#width>, &mut __j))
            } else {
                quote!(::core::unreachable!())
            }
        };
        let (sixteen, eight, four) = (wide(16), wide(8), wide(4));
        quote! {
            #keep
            let mut __j = __p::Jacobian::new(__matrix, &#g { #zeros }, #has_lanes);
            while let ::core::option::Option::Some(__sweep) = __j.sweep() {
                #restore
                match __sweep {
                    __p::Sweep::Forward16 => #sixteen,
                    __p::Sweep::Forward8 => #eight,
                    __p::Sweep::Forward4 => #four,
                    __p::Sweep::Forward => {
                        let mut __d = #g { #zeros };
                        #unused
                        __j.seed(&mut __d, 1);
                        let (_, __y_dot) = Self::__jvp(#(#args, #dots),*);
                        #outputs
                        __j.columns(1);
                    }
                    __p::Sweep::Row => #row,
                }
            }
        }
    }

    fn jacobian_lanes(&self) -> TokenStream {
        let (params, where_, declared) = (self.lane_generics(), self.lane_where(&[quote!(__W)]), self.declared());
        let (g, outputs, args) = (&self.gradient, self.outputs_taken(), self.passed().0);
        let unused = self.unused_zeros(false, &quote!(__p::lane_zero::<_, __W>));
        let zeros = self.fields(|_, value| quote!(__p::lane_zero::<_, __W>(#value)));
        let dots = self
            .func
            .params
            .iter()
            .zip(self.dots_of_gradient())
            .map(|(p, d)| self.lane_passed(p, d));
        quote! {
            #[allow(warnings, clippy::all)]
            fn __jacobian_lanes #params (#(#declared,)* _: __p::Width<__W>, __j: &mut __p::Jacobian) #where_ {
                let mut __d = #g { #zeros };
                #unused
                __j.seed(&mut __d, __W);
                let (_, __y_dot) = Self::__jvp_lanes(#(#args, #dots),*);
                #outputs
                __j.columns(__W);
            }
        }
    }

    /// Forward and back for one row; `&mut` arguments hold the outputs after it.
    fn jacobian_row(&self) -> TokenStream {
        let ((args, again), (bars, lent, parts)) = (self.passed(), self.fresh_bars());
        let (keep, back) = self.outputs_kept();
        let fields = self.func.params.iter().map(|p| &p.field);
        let (g, unused) = (&self.gradient, self.unused_zeros(false, &quote!(__p::zero)));
        let seeds = self.mut_params().into_iter().filter(|(_, p)| p.active).map(|(k, _)| {
            let b = format_ident!("__b{k}");
            quote!(__j.seed_row(&mut #b);)
        });
        quote! {
            __p::Tape::with(|__tape| {
                let (__y, __pullback) = Self::__fwd(#(#args,)* &mut *__tape);
                #keep
                #bars
                #unused
                let mut __seed = __p::zero(&__y);
                __j.seed_row(&mut __seed);
                #(#seeds)*
                __pullback(#(#again,)* &mut *__tape, __seed, #(#lent),*);
                #back
                __j.row(&#g { #(#fields: #parts),* });
            })
        }
    }

    /// The tangents of the outputs after a forward sweep.
    fn outputs_taken(&self) -> TokenStream {
        let outs = self.mut_params().into_iter().filter(|(_, p)| p.active).map(|(_, p)| {
            let field = &p.field;
            quote!(__j.output(&__d.#field);)
        });
        quote!(__j.output(&__y_dot); #(#outs)*)
    }

    /// The fields of a gradient, made by `value` of references to active parameters.
    fn fields(&self, value: impl Fn(&Param, TokenStream) -> TokenStream) -> TokenStream {
        self.func
            .params
            .iter()
            .map(|p| {
                let (name, field) = (&self.func.vars[p.var].name, &p.field);
                let by_value = self.passing(p) == Passing::Value || p.owned;
                let reference = if by_value { quote!(&#name) } else { quote!(&*#name) };
                let code = if p.active { value(p, reference) } else { quote!(()) };
                quote!(#field: #code,)
            })
            .collect()
    }

    fn zero_fields(&self) -> TokenStream {
        self.fields(|_, value| quote!(__p::zero(#value)))
    }

    /// The fields of a gradient `__d` as tangents of the parameters.
    fn dots_of_gradient(&self) -> Vec<TokenStream> {
        let dot = |p: &Param| {
            let field = &p.field;
            if !p.active {
                return self.tangent_argument(p, &format_ident!("__d")).1;
            }
            match self.passing(p) {
                _ if self.slot(p).to_string() == "()" => quote!(()),
                Passing::RefMut => quote!(&mut __d.#field),
                Passing::Ref if !p.owned => quote!(&__d.#field),
                _ => quote!(__p::dup(&__d.#field)),
            }
        };
        self.func.params.iter().map(dot).collect()
    }

    /// Keeps what `&mut` parameters hold at entry, and puts it back before each sweep.
    fn entry_kept(&self) -> (TokenStream, TokenStream) {
        let (mut keep, mut restore) = (TokenStream::new(), TokenStream::new());
        for (k, p) in self.mut_params() {
            let (entry, name) = (format_ident!("__entry{k}"), &self.func.vars[p.var].name);
            keep.extend(quote!(let #entry = __p::owned(&*#name);));
            restore.extend(match &self.func.vars[p.var].ty {
                _ if self.is_object(p) => quote!(__p::Object::__assign(&mut *#name, __p::Object::__any(&*#entry));),
                Ty::Slice(_) => quote!(#name.clone_from_slice(&#entry);),
                _ => quote!(#name.clone_from(&#entry);),
            });
        }
        (keep, restore)
    }
}
