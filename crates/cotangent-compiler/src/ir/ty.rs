//! What the compiler knows of a type: enough to emit plain float code, never needed for correctness.

/// Which float.
#[derive(Clone, PartialEq, Debug)]
pub enum FloatTy {
    /// A literal or a constant that takes its type from its neighbours.
    Literal,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// A type parameter bounded by `Real`.
    Param(proc_macro2::Ident),
}

/// A type, as far as it is known.
#[derive(Clone, PartialEq, Debug)]
pub enum Ty {
    /// Left to rustc: rules are chosen by trait.
    Unknown,
    /// A scalar.
    Float(FloatTy),
    /// Its tangent is `()`.
    Inert,
    /// `Vec<T>`
    Vec(Box<Ty>),
    /// `[T]`
    Slice(Box<Ty>),
    /// `[T; N]`
    Array(Box<Ty>),
    /// A tuple.
    Tuple(Vec<Ty>),
    /// `Option<T>` or `Result<T, E>`: the payload.
    Option(Box<Ty>),
    /// `Box<T>`
    Boxed(Box<Ty>),
}

/// Primitive types whose tangent is `()`.
const INERT: &[&str] = &[
    "usize", "u8", "u16", "u32", "u64", "u128", "isize", "i8", "i16", "i32", "i64", "i128", "bool", "char", "str", "String",
];

impl Ty {
    /// Whether only rustc knows if the type, or that of its elements, has a tangent: such a parameter needs none where it is
    /// left out by `wrt`.
    pub fn is_opaque(&self) -> bool {
        match self {
            Ty::Unknown => true,
            Ty::Float(_) | Ty::Inert => false,
            Ty::Vec(t) | Ty::Slice(t) | Ty::Array(t) | Ty::Option(t) | Ty::Boxed(t) => t.is_opaque(),
            Ty::Tuple(ts) => ts.iter().any(Ty::is_opaque),
        }
    }

    /// Reads a type that the user wrote; references are looked through. `reals` are parameters bounded by `Real`.
    pub fn of(ty: &syn::Type, reals: &[proc_macro2::Ident]) -> Ty {
        match ty {
            syn::Type::Reference(r) => Ty::of(&r.elem, reals),
            syn::Type::Paren(p) => Ty::of(&p.elem, reals),
            syn::Type::Group(p) => Ty::of(&p.elem, reals),
            syn::Type::Slice(s) => Ty::Slice(Box::new(Ty::of(&s.elem, reals))),
            syn::Type::Array(a) => Ty::Array(Box::new(Ty::of(&a.elem, reals))),
            syn::Type::Tuple(t) if t.elems.is_empty() => Ty::Inert,
            syn::Type::Tuple(t) => Ty::Tuple(t.elems.iter().map(|e| Ty::of(e, reals)).collect()),
            syn::Type::Path(p) if p.qself.is_none() => Self::of_path(&p.path, reals),
            _ => Ty::Unknown,
        }
    }

    fn of_path(path: &syn::Path, reals: &[proc_macro2::Ident]) -> Ty {
        let Some(last) = path.segments.last() else { return Ty::Unknown };
        let name = last.ident.to_string();
        if path.segments.len() == 1 {
            if let Some(real) = reals.iter().find(|r| *r == &last.ident) {
                return Ty::Float(FloatTy::Param(real.clone()));
            }
            if INERT.contains(&name.as_str()) {
                return Ty::Inert;
            }
        }
        let arg = || match &last.arguments {
            syn::PathArguments::AngleBracketed(a) => a.args.iter().find_map(|a| match a {
                syn::GenericArgument::Type(t) => Some(Box::new(Ty::of(t, reals))),
                _ => None,
            }),
            _ => None,
        };
        match name.as_str() {
            "f64" => Ty::Float(FloatTy::F64),
            "f32" => Ty::Float(FloatTy::F32),
            "Vec" => Ty::Vec(arg().unwrap_or(Box::new(Ty::Unknown))),
            "Option" | "Result" => Ty::Option(arg().unwrap_or(Box::new(Ty::Unknown))),
            "Box" => Ty::Boxed(arg().unwrap_or(Box::new(Ty::Unknown))),
            _ => Ty::Unknown,
        }
    }

    /// A float of any width.
    pub fn is_float(&self) -> bool {
        matches!(self, Ty::Float(_))
    }

    /// The type of an element.
    pub fn element(&self) -> Ty {
        match self {
            Ty::Vec(t) | Ty::Slice(t) | Ty::Array(t) => (**t).clone(),
            Ty::Boxed(t) => t.element(),
            Ty::Inert => Ty::Inert,
            _ => Ty::Unknown,
        }
    }

    /// The payload of an `Option` or `Result`.
    pub fn payload(&self) -> Ty {
        match self {
            Ty::Option(t) => (**t).clone(),
            Ty::Inert => Ty::Inert,
            _ => Ty::Unknown,
        }
    }

    /// A copy of a value of this type costs nothing and needs no `Clone`.
    pub fn is_copy(&self) -> bool {
        match self {
            Ty::Float(_) => true,
            Ty::Tuple(ts) => ts.iter().all(Ty::is_copy),
            Ty::Array(t) => t.is_copy(),
            _ => false,
        }
    }

    /// The zero tangent does not depend on the value.
    pub fn has_static_zero(&self) -> bool {
        match self {
            Ty::Float(_) | Ty::Inert => true,
            Ty::Tuple(ts) => ts.iter().all(Ty::has_static_zero),
            _ => false,
        }
    }

    /// What two operands, or two branches, agree on.
    pub fn join(&self, other: &Ty) -> Ty {
        match (self, other) {
            (Ty::Float(FloatTy::Literal), Ty::Float(f)) | (Ty::Float(f), Ty::Float(FloatTy::Literal)) => Ty::Float(f.clone()),
            (Ty::Vec(a), Ty::Vec(b)) => Ty::Vec(Box::new(a.join(b))),
            (Ty::Array(a), Ty::Array(b)) => Ty::Array(Box::new(a.join(b))),
            (Ty::Option(a), Ty::Option(b)) => Ty::Option(Box::new(a.join(b))),
            (Ty::Tuple(a), Ty::Tuple(b)) if a.len() == b.len() => Ty::Tuple(a.iter().zip(b).map(|(a, b)| a.join(b)).collect()),
            (Ty::Unknown, t) | (t, Ty::Unknown) => t.clone(),
            (a, b) if a == b => a.clone(),
            (a, _) => a.clone(),
        }
    }
}
