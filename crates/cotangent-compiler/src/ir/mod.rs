//! The intermediate representation: the contract between the stages.
//!
//! Control flow is structured (no `break`, `continue`, `return`), every variable has a name of its own,
//! references are resolved to the places they point at, and calls stand alone, outside expressions.

mod apart;
mod place;
mod reads;
mod ty;

use proc_macro2::{Ident, Span, TokenStream};

pub use place::{Access, NamedSlice, Place, Proj, add_indices, is_reference, tangent_path};
pub use ty::{FloatTy, Ty};

use crate::rules::ScalarRule;

/// Index into [`Function::vars`].
pub type VarId = usize;

/// How a parameter is passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passing {
    /// A `Copy` primitive, by value.
    Value,
    /// By reference; by-value parameters of other types are borrowed at entry and count as this.
    Ref,
    /// `&mut`: input and output.
    RefMut,
}

/// What declares a variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VarKind {
    /// A parameter of the function.
    Param(Passing),
    /// A `let` of the user's.
    Local,
    /// Made by lowering, read once, in the block that declares it.
    Temp,
    /// The index of a `for`.
    Loop,
}

/// A variable; its name is unique in the function.
#[derive(Clone, Debug)]
pub struct Var {
    /// The unique name.
    pub name: Ident,
    /// What is known of the type.
    pub ty: Ty,
    /// What declares it.
    pub kind: VarKind,
    /// Whether it is assigned after its declaration.
    pub mutable: bool,
    /// The type the user wrote, if any.
    pub written_ty: Option<syn::Type>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// The variable that holds it.
    pub var: VarId,
    /// Field of the gradient struct.
    pub field: Ident,
    /// The type as written, references included.
    pub ty: syn::Type,
    /// Whether derivatives are taken with respect to it.
    pub active: bool,
    /// By value in the source although passed on by reference inside.
    pub owned: bool,
}

/// A function after lowering.
#[derive(Clone, Debug)]
pub struct Function {
    /// Variables.
    pub vars: Vec<Var>,
    /// Parameters, the receiver first.
    pub params: Vec<Param>,
    /// The body.
    pub body: Block,
    /// The variable that holds the result at the end.
    pub ret: Option<VarId>,
    /// The result's type as written.
    pub ret_ty: Option<syn::Type>,
    /// Items (`const`, `use`) that stand inside the function.
    pub items: Vec<TokenStream>,
    /// Forward mode along several directions: tangents are `Lanes`.
    pub lanes: bool,
    /// Variables that can be called: they have no plain form in derivative versions.
    pub callables: std::collections::HashSet<VarId>,
    /// Names taken, for fresh variables.
    pub names: std::collections::HashSet<String>,
    /// Bounds of slices that are known to be in order, by their code: the first is at most the second.
    pub ordered: Vec<(String, String)>,
}

/// Statements in order.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The statements.
    pub stmts: Vec<Stmt>,
}

/// Code that carries no derivative, already in its final names.
#[derive(Clone, Debug)]
pub struct Inert {
    /// The code.
    pub tokens: TokenStream,
    /// What it reads, and whether only the shape (`len`) matters.
    pub reads: Vec<(Place, bool)>,
}

/// An expression without calls of user functions.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// What is known of its type.
    pub ty: Ty,
    /// Where it stands.
    pub span: Span,
}

/// Arithmetic operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Op {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
}

impl Op {
    /// The operator in Rust.
    pub fn tokens(self) -> TokenStream {
        match self {
            Op::Add => quote::quote!(+),
            Op::Sub => quote::quote!(-),
            Op::Mul => quote::quote!(*),
            Op::Div => quote::quote!(/),
            Op::Rem => quote::quote!(%),
        }
    }
}

/// See [`Expr`].
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// No derivative: literals, constants, integers.
    Inert(Inert),
    /// The value at a place.
    Read(Place),
    /// A reference to a place, where a value of reference type is wanted; `true`: mutable.
    Ref(Place, bool),
    /// `-e` on floats.
    Neg(Box<Expr>),
    /// Arithmetic on floats.
    Binary(Op, Box<Expr>, Box<Expr>),
    /// A scalar function with a rule.
    Math(&'static ScalarRule, Vec<Expr>),
    /// `e as f32` and `e as f64` on floats.
    Cast(Box<Expr>, syn::Type),
    /// A tuple.
    Tuple(Vec<Expr>),
    /// An array.
    Array(Vec<Expr>),
    /// `[e; n]` or `vec![e; n]` (`true`).
    Repeat(Box<Expr>, Inert, bool),
    /// `vec![a, b]`.
    VecList(Vec<Expr>),
    /// A struct literal, fields by name; the base, if any, is a place.
    Struct(syn::Path, Vec<(syn::Member, Expr)>, Option<Place>),
    /// A tuple struct or a variant with unnamed fields.
    Ctor(syn::Path, Vec<Expr>),
    /// `Some(e)`, `Ok(e)`.
    Wrap(syn::Path, Box<Expr>),
    /// `Box::new(e)`
    Boxed(syn::Path, Box<Expr>),
    /// `place.clone()`, `place.to_vec()`; the method's name.
    CloneOf(Place, Ident),
    /// A number that the compiler put there.
    Const(f64),
    /// `with_derivative(e, closure)`: only ever the value of a `let`.
    Through(Box<Expr>, Inert),
    /// A zero tangent of the shape of an expression.
    ZeroOf(Box<Expr>),
    /// A function or closure that is passed on, and the tuple of what it captures, which carries its derivative.
    Function(Box<FunctionValue>, Box<Expr>),
    /// The tangent of a closure that changes what it captured.
    Shared(Box<Expr>),
}

/// A function or closure that is passed on.
#[derive(Clone, Debug)]
pub struct FunctionValue {
    /// As a plain call takes it; a closure is kept in a variable, which has no plain form.
    pub plain: TokenStream,
    /// As derivative versions take it.
    pub code: FunctionCode,
}

/// See [`FunctionValue`].
#[derive(Clone, Debug)]
pub enum FunctionCode {
    /// The value of a differentiable function.
    Item(TokenStream),
    /// A closure.
    Closure {
        /// Its first parameters are what it captures.
        func: Box<Function>,
        /// Which of these are constant, of a type that need not have a tangent.
        fixed: Vec<bool>,
        /// How the other parameters are passed.
        kinds: Vec<TokenStream>,
        /// The order of the function around it.
        order: usize,
        /// Floats are of this type parameter.
        generic: Option<Ident>,
        /// It changes what it captured.
        state: bool,
    },
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub enum Arg {
    /// By value.
    Value(Expr),
    /// `&place`
    Ref(Place),
    /// `&mut place`
    RefMut(Place),
    /// No derivative.
    Inert(Inert),
}

/// What is called.
#[derive(Clone, Debug)]
pub enum Target {
    /// `path(..)` where `path` names a differentiable function.
    Function(syn::Path),
    /// `Type::name(..)`, `<Type as Trait>::name(..)`
    Associated(syn::ExprPath),
    /// `receiver.name(..)`; the receiver is the first argument.
    Method(Ident, Option<syn::AngleBracketedGenericArguments>),
    /// An operator on operands whose types are not known here.
    Operator(Op),
    /// Unary minus likewise.
    Negate,
    /// `place op= value` likewise.
    OperatorAssign(Op),
    /// A variable that can be called, the first argument.
    Callable,
    /// An entry point (`f::grad`, …) used inside differentiable code.
    Gradient(syn::Path),
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Receives the result.
    pub dest: Option<VarId>,
    /// The callee.
    pub target: Target,
    /// The arguments.
    pub args: Vec<Arg>,
    /// How many times jvp was applied to the callee.
    pub level: usize,
    /// Receivers taken by `&mut` (known for methods of the same impl).
    pub mutates_receiver: Option<bool>,
    /// Calls itself: its record is boxed.
    pub recursive: bool,
    /// Where it stands.
    pub span: Span,
}

/// An arm of a match.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Pattern and guard, in final names.
    pub pat: TokenStream,
    /// Inert variables that the pattern binds.
    pub binds: Vec<VarId>,
    /// The arm.
    pub body: Block,
}

/// A counted loop.
#[derive(Clone, Debug)]
pub struct For {
    /// The index.
    pub var: VarId,
    /// The range, stepped and reversed as the user wrote it.
    pub range: Inert,
    /// Left after an iteration in which this holds.
    pub exit: Option<Inert>,
    /// The body.
    pub body: Block,
}

/// See [`Block`].
#[derive(Clone, Debug)]
pub enum Stmt {
    /// `let v = init;`
    Let(VarId, Option<Expr>),
    /// `place = value;` (`true`: the first assignment of a `let v;`)
    Assign(Place, Expr, bool),
    /// `place += value;` or `-=` on floats and integers.
    Update(Place, Op, Expr),
    /// A call.
    Call(Call),
    /// `if`
    If(Inert, Block, Block),
    /// `match`
    Match(Inert, Vec<Arm>),
    /// `for`
    For(For),
    /// `while`
    While(Inert, Block),
    /// Runs once, in the forward sweep: `println!`, `assert!`.
    Effect(Inert),
    /// Changes inert state: re-run never, restored if needed. The place it changes.
    InertMutation(Place, Inert),
    /// `a.swap(i, j)` and `mem::swap(&mut a, &mut b)`: its own inverse.
    Swap(Place, Place),
    /// `v.push(e)`
    Push(Place, Expr),
    /// `let x = v.pop()`
    Pop(Option<VarId>, Place),
    /// `v.fill(e)`
    Fill(Place, Expr),
    /// `a.copy_from_slice(b)`
    CopyFrom(Place, Place),
    /// `v.truncate(n)`, `v.clear()`: the length it keeps.
    Truncate(Place, Inert),
    /// `v.extend(w)` with a slice-like place.
    Extend(Place, Place),
}

impl Function {
    /// A fresh variable; `base` is the wished-for name.
    pub fn fresh(&mut self, base: &str, span: Span, ty: Ty, kind: VarKind) -> VarId {
        let mut name = base.to_string();
        let mut n = 0;
        while !self.names.insert(name.clone()) {
            n += 1;
            name = format!("{base}_{n}");
        }
        let name = Ident::new(&name, span.resolved_at(Span::mixed_site()));
        self.vars.push(Var {
            name,
            ty,
            kind,
            mutable: false,
            written_ty: None,
        });
        self.vars.len() - 1
    }
}

impl FunctionValue {
    /// A closure that changes what it captured.
    pub fn has_state(&self) -> bool {
        matches!(self.code, FunctionCode::Closure { state: true, .. })
    }
}

impl Expr {
    /// An expression without derivative.
    pub fn inert(inert: Inert, ty: Ty, span: Span) -> Self {
        Expr {
            kind: ExprKind::Inert(inert),
            ty,
            span,
        }
    }

    /// A read of a place.
    pub fn read(place: Place, span: Span) -> Self {
        let ty = place.ty.clone();
        Expr {
            kind: ExprKind::Read(place),
            ty,
            span,
        }
    }

    /// A float literal.
    pub fn float(value: f64, span: Span) -> Self {
        Expr {
            kind: ExprKind::Const(value),
            ty: Ty::Float(FloatTy::Literal),
            span,
        }
    }

    /// `self op other` on floats.
    pub fn binary(op: Op, left: Expr, right: Expr) -> Self {
        let (ty, span) = (left.ty.join(&right.ty), left.span);
        Expr {
            kind: ExprKind::Binary(op, Box::new(left), Box::new(right)),
            ty,
            span,
        }
    }

    /// Sub-expressions.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Inert(_) | ExprKind::Const(_) | ExprKind::Read(_) | ExprKind::Ref(..) | ExprKind::CloneOf(..) => vec![],
            ExprKind::Neg(e) | ExprKind::Cast(e, _) | ExprKind::Repeat(e, ..) | ExprKind::Wrap(_, e) => vec![e],
            ExprKind::Boxed(_, e) | ExprKind::ZeroOf(e) | ExprKind::Function(_, e) | ExprKind::Through(e, _) | ExprKind::Shared(e) => {
                vec![e]
            }
            ExprKind::Binary(_, a, b) => vec![a, b],
            ExprKind::Math(_, es) | ExprKind::Tuple(es) | ExprKind::Array(es) | ExprKind::VecList(es) => es.iter().collect(),
            ExprKind::Ctor(_, es) => es.iter().collect(),
            ExprKind::Struct(_, fields, _) => fields.iter().map(|(_, e)| e).collect(),
        }
    }
}
