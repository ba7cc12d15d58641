//! Single edits of a program, numbered, so that a loop can try one after another.

use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Stmt, parse_quote};

/// How fine the edits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// Items and statements are deleted, blocks unwrapped.
    Statements,
    /// Expressions are replaced by one of their parts.
    Expressions,
}

/// The source after edit number `position`; `None` where there are fewer edits.
pub fn edited(source: &str, grain: Grain, position: usize) -> Option<String> {
    let mut file = syn::parse_file(source).ok()?;
    let mut editor = Editor {
        grain,
        left: position,
        done: false,
    };
    // The entry function comes last and stays.
    let others = file.items.len().saturating_sub(1);
    if grain == Grain::Statements && position < others {
        file.items.remove(position);
        return Some(prettyplease::unparse(&file));
    }
    if grain == Grain::Statements {
        editor.left -= others;
    }
    editor.visit_file_mut(&mut file);
    editor.done.then(|| prettyplease::unparse(&file))
}

struct Editor {
    grain: Grain,
    left: usize,
    done: bool,
}

impl Editor {
    /// Whether this is the edit to make.
    const fn take(&mut self) -> bool {
        if self.done {
            return false;
        }
        if self.left == 0 {
            self.done = true;
            return true;
        }
        self.left -= 1;
        false
    }
}

impl VisitMut for Editor {
    fn visit_impl_item_mut(&mut self, item: &mut syn::ImplItem) {
        visit_mut::visit_impl_item_mut(self, item);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        if self.grain == Grain::Statements {
            for position in 0..item.items.len() {
                if self.take() {
                    item.items.remove(position);
                    return;
                }
            }
        }
        visit_mut::visit_item_impl_mut(self, item);
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        if self.grain == Grain::Statements {
            for position in (0..block.stmts.len()).rev() {
                if self.take() {
                    block.stmts.remove(position);
                    return;
                }
                for inner in inner_blocks(&block.stmts[position]) {
                    if self.take() {
                        block.stmts.splice(position..=position, inner.stmts);
                        return;
                    }
                }
            }
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if self.grain == Grain::Expressions {
            for part in parts(expr) {
                if self.take() {
                    *expr = part;
                    return;
                }
            }
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

/// The blocks that can stand in place of a statement.
fn inner_blocks(stmt: &Stmt) -> Vec<Block> {
    let Stmt::Expr(expr, _) = stmt else {
        return Vec::new();
    };
    match expr {
        Expr::If(branch) => {
            let otherwise = branch
                .else_branch
                .iter()
                .map(|(_, expr)| -> Block { parse_quote!({ #expr }) });
            std::iter::once(branch.then_branch.clone())
                .chain(otherwise)
                .collect()
        }
        Expr::Block(block) => vec![block.block.clone()],
        Expr::ForLoop(each) => vec![each.body.clone()],
        Expr::While(each) => vec![each.body.clone()],
        Expr::Loop(each) => vec![each.body.clone()],
        Expr::Match(choice) => choice
            .arms
            .iter()
            .map(|arm| {
                let body = &arm.body;
                parse_quote!({ #body; })
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// What can stand in place of an expression: its operands, then a number.
fn parts(expr: &Expr) -> Vec<Expr> {
    let number: Expr = parse_quote!(0.5);
    match expr {
        Expr::Binary(binary) if !is_update(&binary.op) => {
            vec![(*binary.left).clone(), (*binary.right).clone(), number]
        }
        Expr::MethodCall(call) => vec![(*call.receiver).clone(), number],
        Expr::Call(call) => call.args.iter().cloned().chain([number]).collect(),
        Expr::Paren(paren) => vec![(*paren.expr).clone()],
        Expr::Unary(unary) => vec![(*unary.expr).clone(), number],
        Expr::Cast(cast) => vec![(*cast.expr).clone(), number],
        Expr::If(_) | Expr::Match(_) | Expr::Block(_) => {
            let inner = inner_blocks(&Stmt::Expr(expr.clone(), None));
            inner
                .iter()
                .map(|block| -> Expr { parse_quote!(#block) })
                .chain([number])
                .collect()
        }
        Expr::Path(_) | Expr::Index(_) | Expr::Field(_) => vec![number],
        _ => Vec::new(),
    }
}

const fn is_update(op: &syn::BinOp) -> bool {
    use syn::BinOp::{AddAssign, DivAssign, MulAssign, RemAssign, SubAssign};
    matches!(
        op,
        AddAssign(_) | DivAssign(_) | MulAssign(_) | RemAssign(_) | SubAssign(_)
    )
}

#[cfg(test)]
mod tests {
    use super::{Grain, edited};

    const SOURCE: &str =
        "fn g() {} fn f(x: f64) -> f64 { let y = x.sin(); if y > 0.1 { g(); } x * y }";

    fn all(grain: Grain) -> Vec<String> {
        let texts = (0..).map_while(|position| edited(SOURCE, grain, position));
        texts
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn statement_edits_delete_items_and_statements_and_unwrap_blocks() {
        let texts = all(Grain::Statements);
        assert!(texts.contains(
            &"fn f(x: f64) -> f64 { let y = x.sin(); if y > 0.1 { g(); } x * y }".to_owned()
        ));
        assert!(
            texts.contains(
                &"fn g() {} fn f(x: f64) -> f64 { let y = x.sin(); g(); x * y }".to_owned()
            )
        );
        assert!(
            texts.contains(
                &"fn g() {} fn f(x: f64) -> f64 { if y > 0.1 { g(); } x * y }".to_owned()
            )
        );
        assert!(texts.iter().all(|text| text.contains("fn f")));
    }

    #[test]
    fn expression_edits_replace_an_expression_by_a_part() {
        let texts = all(Grain::Expressions);
        assert!(texts.iter().any(|text| text.contains("let y = x;")));
        assert!(texts.iter().any(|text| text.ends_with("{ g(); } x }")));
    }
}
