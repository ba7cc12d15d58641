//! Places: a variable and a path into it. `a[i].f` has its cotangent at `a_bar[i].f`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::{Inert, Passing, Ty, Var, VarId, VarKind};

/// One step into a value.
#[derive(Clone, Debug)]
pub enum Proj {
    /// `.name` or `.0`
    Field(syn::Member),
    /// `[i]` on slices, arrays and `Vec`s.
    Index(Inert),
    /// `[i]` by a user's `Index`; in a tangent, with the primal place before it, which knows the sizes.
    UserIndex(Inert, Option<Box<Place>>),
    /// `[lo..hi]`; an end left out is the length of the place before it.
    Slice(Inert, Option<Inert>),
    /// `*` on a `Box`.
    Deref,
    /// What a closure captured that changes it.
    State,
    /// The value in `Some` or `Ok`.
    Payload,
    /// Field `.1` of the variant `.0`, of `.2` unnamed fields (`None`: named).
    Variant(syn::Path, syn::Member, Option<usize>),
}

/// A slice that has been given a name, so that its bounds are checked once.
#[derive(Clone, Debug)]
pub struct NamedSlice {
    /// The variable it is a part of.
    pub root: VarId,
    /// See [`Place::slice_key`].
    pub key: String,
    /// Its name.
    pub name: Ident,
    /// The name of the same part of the cotangent, where it has one.
    pub bar: Option<Ident>,
}

/// A variable and a path into it.
#[derive(Clone, Debug)]
pub struct Place {
    /// The variable.
    pub root: VarId,
    /// The path.
    pub projs: Vec<Proj>,
    /// What is known of the type of what stands there.
    pub ty: Ty,
}

/// Whether a printed place is read or changed, where Rust makes a difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Read, for the first time: every bounds check of the source is kept.
    Shared,
    /// Written, or borrowed by `&mut`.
    Mut,
    /// Read again in the reverse sweep: `a[lo..hi][j]`, checked before, is `a[lo + j]`.
    Again,
}

impl Place {
    /// The whole variable.
    pub fn var(root: VarId, ty: Ty) -> Self {
        Place { root, projs: vec![], ty }
    }

    /// One step further.
    pub fn then(&self, proj: Proj, ty: Ty) -> Self {
        let mut place = self.clone();
        match (place.projs.last(), proj) {
            (Some(Proj::Slice(lo, hi)), Proj::Slice(lo2, hi2)) => {
                let (lo, hi) = (lo.clone(), hi.clone());
                let start = add_indices(&lo, &lo2);
                let end = hi2.map(|h| add_indices(&lo, &h)).or(hi);
                place.projs.pop();
                place.projs.push(Proj::Slice(start, end));
            }
            (_, proj) => place.projs.push(proj),
        }
        place.ty = ty;
        place
    }

    /// Names of the fields that lead from the root, as far as only fields do.
    pub fn field_path(&self) -> Vec<String> {
        let mut path = vec![];
        for proj in &self.projs {
            match proj {
                Proj::Field(syn::Member::Named(name)) => path.push(name.to_string()),
                Proj::Field(syn::Member::Unnamed(i)) => path.push(i.index.to_string()),
                _ => break,
            }
        }
        path
    }

    /// Whether only rustc knows if what stands here has a tangent. A slice of a field of a user's type is taken for numbers, as
    /// it mostly is.
    pub fn is_opaque(&self, vars: &[Var]) -> bool {
        let of_field = || self.projs.iter().any(|proj| matches!(proj, Proj::Field(_)));
        self.ty == Ty::Unknown || (self.ty.is_opaque() && vars[self.root].ty != Ty::Unknown && !of_field())
    }

    /// Reads that finding the place takes.
    pub fn index_reads(&self) -> Vec<(Place, bool)> {
        let mut reads = vec![];
        for proj in &self.projs {
            match proj {
                Proj::Index(i) => reads.extend(i.reads.iter().cloned()),
                Proj::UserIndex(i, primal) => {
                    reads.extend(i.reads.iter().cloned());
                    reads.extend(primal.iter().map(|p| ((**p).clone(), true)));
                }
                Proj::Slice(lo, hi) => {
                    reads.extend(lo.reads.iter().cloned());
                    reads.extend(hi.iter().flat_map(|h| h.reads.iter().cloned()));
                }
                _ => {}
            }
        }
        reads
    }

    /// The place as Rust code.
    pub fn print(&self, vars: &[Var], access: Access) -> TokenStream {
        self.print_with(vars, access, &[])
    }

    /// The same where some slices have names.
    pub fn print_with(&self, vars: &[Var], access: Access, named: &[NamedSlice]) -> TokenStream {
        let var = &vars[self.root];
        let name = &var.name;
        if let Some((slice, rest)) = self.named(named) {
            let root = &slice.name;
            return self.print_from(quote!(#root), false, access, rest, None, vars);
        }
        self.print_from(quote!(#name), is_reference(var), access, &self.projs, None, vars)
    }

    /// The part of the path from step `from` on, after code that stands for the steps before; `bar`: in a cotangent.
    pub fn print_after(&self, start: TokenStream, from: usize, access: Access, bar: bool, vars: &[Var]) -> TokenStream {
        self.print_from(start, false, access, &self.projs[from..], bar.then_some(()), vars)
    }

    /// The named slice that the place begins with, and the path after it.
    fn named<'a>(&self, named: &'a [NamedSlice]) -> Option<(&'a NamedSlice, &[Proj])> {
        let k = self.projs.iter().position(|p| matches!(p, Proj::Slice(..)))?;
        if !matches!(self.projs.get(k + 1), Some(Proj::Index(_))) {
            return None;
        }
        let key = self.slice_key()?;
        named
            .iter()
            .find(|s| s.root == self.root && s.key == key)
            .map(|s| (s, &self.projs[k + 1..]))
    }

    /// What tells one slice of a variable from another; `None` where the place does not begin with a slice.
    pub fn slice_key(&self) -> Option<String> {
        let k = self.projs.iter().position(|p| matches!(p, Proj::Slice(..)))?;
        let fields = self.projs[..k].iter().map(|p| match p {
            Proj::Field(syn::Member::Named(n)) => Some(n.to_string()),
            Proj::Field(syn::Member::Unnamed(i)) => Some(i.index.to_string()),
            _ => None,
        });
        let fields = fields.collect::<Option<Vec<String>>>()?;
        match &self.projs[k] {
            Proj::Slice(lo, Some(hi)) => Some(format!("{}[{}..{}]", fields.join("."), lo.tokens, hi.tokens)),
            _ => None,
        }
    }

    /// The place of its cotangent; `primal` prints the part of a place that a user's index needs.
    pub fn print_bar(&self, vars: &[Var], bar: &Ident) -> TokenStream {
        self.print_bar_with(vars, bar, &[])
    }

    /// The same where some slices have names.
    pub fn print_bar_with(&self, vars: &[Var], bar: &Ident, named: &[NamedSlice]) -> TokenStream {
        let var = &vars[self.root];
        if let Some((slice, rest)) = self.named(named)
            && let Some(root) = &slice.bar
        {
            return self.print_from(quote!(#root), false, Access::Mut, rest, Some(()), vars);
        }
        self.print_from(quote!(#bar), is_reference(var), Access::Mut, &self.projs, Some(()), vars)
    }

    fn print_from(&self, root: TokenStream, by_ref: bool, access: Access, projs: &[Proj], bar: Option<()>, vars: &[Var]) -> TokenStream {
        let mut code = root;
        if by_ref
            && matches!(
                projs.first(),
                None | Some(Proj::Payload | Proj::Variant(..) | Proj::Deref | Proj::UserIndex(..))
            )
        {
            code = quote!((*#code));
        }
        let merge = bar.is_some() || access == Access::Again;
        for (k, proj) in projs.iter().enumerate() {
            code = match proj {
                Proj::Slice(..) if merge && matches!(projs.get(k + 1), Some(Proj::Index(_))) => code,
                Proj::Index(j) if merge && k > 0 && matches!(projs[k - 1], Proj::Slice(..)) => {
                    let Proj::Slice(lo, _) = &projs[k - 1] else {
                        unreachable!("matched above")
                    };
                    let index = add_indices(lo, j).tokens;
                    quote!(#code[#index])
                }
                Proj::Field(member) => quote!(#code.#member),
                Proj::Index(i) => {
                    let i = &i.tokens;
                    quote!(#code[#i])
                }
                Proj::UserIndex(i, primal) => {
                    let i = &i.tokens;
                    let before = || Place {
                        root: self.root,
                        projs: projs[..k].to_vec(),
                        ty: Ty::Unknown,
                    };
                    match (bar, primal) {
                        (None, None) => quote!(#code[#i]),
                        (_, Some(primal)) => {
                            let primal = primal.print(vars, Access::Shared);
                            if access == Access::Mut {
                                quote!((*__p::index_bar(&#primal, &mut #code, #i)))
                            } else {
                                quote!((*__p::index_dot(&#primal, &#code, #i)))
                            }
                        }
                        (Some(_), None) => {
                            let primal = before().print(vars, Access::Shared);
                            quote!((*__p::index_bar(&#primal, &mut #code, #i)))
                        }
                    }
                }
                Proj::Slice(lo, hi) => {
                    let lo = &lo.tokens;
                    match hi {
                        Some(hi) => {
                            let hi = &hi.tokens;
                            quote!(#code[#lo..#hi])
                        }
                        None => quote!(#code[#lo..]),
                    }
                }
                Proj::Deref => quote!((*#code)),
                Proj::State if access == Access::Mut => quote!((*__p::HasState::state_mut(&#code))),
                Proj::State => quote!((*__p::HasState::state(&#code))),
                Proj::Payload => match access {
                    Access::Shared | Access::Again => quote!((*__p::payload(&#code))),
                    Access::Mut => quote!((*__p::payload_mut(&mut #code))),
                },
                Proj::Variant(path, member, arity) => {
                    let path = if bar.is_some() { tangent_path(path) } else { path.clone() };
                    let borrow = if access == Access::Mut { quote!(&mut) } else { quote!(&) };
                    let pattern = variant_pattern(&path, member, *arity);
                    quote!((*match #borrow #code { #pattern => __slot, _ => ::core::unreachable!() }))
                }
            };
        }
        code
    }
}

fn variant_pattern(path: &syn::Path, member: &syn::Member, arity: Option<usize>) -> TokenStream {
    match (member, arity) {
        (syn::Member::Unnamed(i), Some(n)) => {
            let fields = (0..n).map(|k| if k == i.index as usize { quote!(__slot) } else { quote!(_) });
            quote!(#path(#(#fields),*))
        }
        (member, _) => quote!(#path { #member: __slot, .. }),
    }
}

/// `Shape::Circle` → `ShapeTangent::Circle`; a bare `Point` → `PointTangent`.
pub fn tangent_path(path: &syn::Path) -> syn::Path {
    let mut path = path.clone();
    let n = path.segments.len();
    let enum_like = n >= 2 && path.segments[n - 2].ident.to_string().starts_with(char::is_uppercase);
    let k = if enum_like { n - 2 } else { n - 1 };
    if path.segments[k].ident.to_string().ends_with("Tangent") {
        return path;
    }
    if path.segments[k].ident == "Self" {
        path.segments[k].ident = Ident::new("__SelfTangent", Span::mixed_site());
    } else {
        let ident = &path.segments[k].ident;
        path.segments[k].ident = format_ident!("{}Tangent", ident, span = ident.span());
        path.segments[k].arguments = syn::PathArguments::None;
    }
    path
}

/// `a + b` of two positions.
pub fn add_indices(a: &Inert, b: &Inert) -> Inert {
    let (x, y) = (&a.tokens, &b.tokens);
    let mut reads = a.reads.clone();
    reads.extend(b.reads.iter().cloned());
    let tokens = match (x.to_string().as_str(), y.to_string().as_str()) {
        ("0", _) => y.clone(),
        (_, "0") => x.clone(),
        _ => quote!((#x) + (#y)),
    };
    Inert { tokens, reads }
}

/// The variable holds a reference, in the primal and in the cotangent.
pub fn is_reference(var: &Var) -> bool {
    matches!(var.kind, VarKind::Param(Passing::Ref | Passing::RefMut))
}
