//! Counts what a program contains: ten statements, a loop or branch, an in-place update and a call are required.

use syn::visit::{self, Visit};

/// What a program contains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Statements in all functions.
    pub statements: usize,
    /// Loops and branches.
    pub branches: usize,
    /// Assignments to places that exist already.
    pub updates: usize,
    /// Calls of functions that the program defines, and of methods.
    pub calls: usize,
}

impl Shape {
    /// Counts in the source of a module; `None` where it does not parse.
    pub fn of(source: &str) -> Option<Self> {
        let mut shape = Self::default();
        shape.visit_file(&syn::parse_file(source).ok()?);
        Some(shape)
    }

    /// Whether the program is worth a test.
    pub const fn is_complete(&self) -> bool {
        self.statements >= 10 && self.branches > 0 && self.updates > 0 && self.calls > 0
    }
}

impl<'ast> Visit<'ast> for Shape {
    fn visit_stmt(&mut self, stmt: &'ast syn::Stmt) {
        self.statements += usize::from(!matches!(stmt, syn::Stmt::Item(_)));
        visit::visit_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'ast syn::Expr) {
        use syn::{BinOp, Expr};
        match expr {
            Expr::If(_) | Expr::Match(_) | Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => self.branches += 1,
            Expr::Assign(_) => self.updates += 1,
            Expr::Binary(binary) => {
                let updates = matches!(
                    binary.op,
                    BinOp::AddAssign(_) | BinOp::SubAssign(_) | BinOp::MulAssign(_) | BinOp::DivAssign(_) | BinOp::RemAssign(_)
                );
                self.updates += usize::from(updates);
            }
            Expr::Call(_) => self.calls += 1,
            _ => {}
        }
        visit::visit_expr(self, expr);
    }
}
