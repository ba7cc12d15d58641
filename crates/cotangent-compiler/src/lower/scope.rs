//! What a name stands for.

use std::collections::HashMap;
use std::rc::Rc;

use crate::ir::{Place, Ty, VarId};

/// The meaning of a name in the source.
#[derive(Clone, Debug)]
pub enum Binding {
    /// A variable.
    Var(VarId),
    /// Another name of a place; `Some`: the name is a reference to it, `Some(true)` a mutable one.
    Alias(Place, Option<bool>),
    /// A closure, inlined where it is called, with the scopes it sees.
    Closure(Rc<syn::ExprClosure>, Rc<Scopes>),
    /// A constant of the function's own.
    Const(Ty),
    /// A function, a type or an import inside the function: as if it stood outside.
    Item,
}

/// Scopes, the innermost last.
#[derive(Default, Clone, Debug)]
pub struct Scopes {
    levels: Vec<HashMap<String, Binding>>,
}

impl Scopes {
    /// Opens a scope.
    pub fn push(&mut self) {
        self.levels.push(HashMap::new());
    }

    /// Closes the innermost scope.
    pub fn pop(&mut self) {
        self.levels.pop();
    }

    /// Gives a name a meaning in the innermost scope.
    pub fn bind(&mut self, name: &str, binding: Binding) {
        self.levels.last_mut().expect("a scope is open").insert(name.to_string(), binding);
    }

    /// What a name means here.
    pub fn get(&self, name: &str) -> Option<&Binding> {
        let found = self.levels.iter().rev().find_map(|level| level.get(name));
        found.filter(|b| !matches!(b, Binding::Item))
    }
}
