//! Variables that are known to be of a type of the user's, so that methods of such a name as `abs` or `push` are theirs.

use std::collections::HashSet;

use syn::visit::{self, Visit};

use super::Lowerer;
use super::scope::Binding;
use crate::ir::{Expr, ExprKind, Ty, VarId};

/// Names that have fields in the body and never stand for anything else there.
pub fn with_fields(body: &syn::Block) -> HashSet<String> {
    let mut names = Names::default();
    names.visit_block(body);
    names.fielded.difference(&names.bound).cloned().collect()
}

#[derive(Default)]
struct Names {
    fielded: HashSet<String>,
    bound: HashSet<String>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_expr_field(&mut self, f: &'ast syn::ExprField) {
        if let syn::Expr::Path(p) = &*f.base
            && let Some(ident) = p.path.get_ident()
        {
            self.fielded.insert(ident.to_string());
        }
        visit::visit_expr_field(self, f);
    }

    fn visit_pat_ident(&mut self, p: &'ast syn::PatIdent) {
        self.bound.insert(p.ident.to_string());
        visit::visit_pat_ident(self, p);
    }
}

impl Lowerer<'_> {
    /// Notes what a variable starts from.
    pub(super) fn note_user(&mut self, var: VarId, init: &Expr) {
        let known = match &init.kind {
            ExprKind::Struct(..) | ExprKind::Ctor(..) => true,
            ExprKind::Read(p) | ExprKind::CloneOf(p, _) => p.projs.is_empty() && self.users.contains(&p.root),
            _ => false,
        };
        if known {
            self.users.insert(var);
        }
    }

    /// Whether a method of this name, called on the expression, is certainly the user's.
    pub(super) fn is_users_method(&self, receiver: &syn::Expr, name: &str) -> bool {
        match receiver {
            syn::Expr::Paren(p) => self.is_users_method(&p.expr, name),
            syn::Expr::Reference(r) => self.is_users_method(&r.expr, name),
            syn::Expr::Struct(_) => true,
            syn::Expr::Path(p) => {
                let Some(ident) = p.path.get_ident() else { return false };
                if p.path.is_ident("self") && self.input.siblings.contains_key(name) {
                    return true;
                }
                match self.scopes.get(&ident.to_string()) {
                    Some(Binding::Var(v)) => self.users.contains(v),
                    Some(Binding::Alias(place, _)) => place.projs.is_empty() && self.users.contains(&place.root),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Parameters whose fields the body names, and those of a type parameter that is no number.
    pub(super) fn note_user_params(&mut self, body: &syn::Block) {
        let names = with_fields(body);
        let generic: Vec<syn::Ident> = self.input.sig.generics.type_params().map(|p| p.ident.clone()).collect();
        let certain = |ty: &syn::Type| match crate::surface::strip_reference(ty) {
            syn::Type::Path(p) => p.path.is_ident("Self") || generic.iter().any(|g| p.path.is_ident(g)),
            syn::Type::TraitObject(_) | syn::Type::ImplTrait(_) => true,
            _ => false,
        };
        for p in &self.func.params {
            let name = if p.field == "this" {
                "self".to_string()
            } else {
                p.field.to_string()
            };
            let known = names.contains(&name) || (name != "self" && certain(&p.ty));
            if self.func.vars[p.var].ty == Ty::Unknown && known {
                self.users.insert(p.var);
            }
        }
    }
}
