//! Single edits of a program, numbered, so that a loop can try one after another.

use crate::generate::formatted_file;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Stmt, Token, parse_quote};

/// What the edits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// The last expression of the entry function is replaced by a part.
    Result,
    /// Statements are deleted, many at once first, and blocks unwrapped.
    Statements,
    /// Items and methods are deleted.
    Items,
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
    match grain {
        Grain::Result => editor.result(file.items.last_mut()?),
        Grain::Items => editor.items(&mut file.items),
        // The entry function comes last and is the largest.
        Grain::Statements | Grain::Expressions => {
            file.items.iter_mut().rev().for_each(|item| editor.visit_item_mut(item));
        }
    }
    editor.done.then(|| formatted_file(file))
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

    /// Edits the last expression of a function as expressions are edited.
    fn result(&mut self, item: &mut Item) {
        let Item::Fn(function) = item else { return };
        if let Some(Stmt::Expr(expr, None)) = function.block.stmts.last_mut() {
            self.grain = Grain::Expressions;
            self.visit_expr_mut(expr);
        }
    }

    /// Deletes an item or a method; the entry function comes last and stays.
    fn items(&mut self, items: &mut Vec<Item>) {
        for position in (0..items.len().saturating_sub(1)).rev() {
            if self.take() {
                items.remove(position);
                return;
            }
            if let Item::Impl(block) = &mut items[position] {
                let methods = block.items.len();
                if let Some(method) = (0..methods).find(|_| self.take()) {
                    block.items.remove(method);
                    return;
                }
            }
        }
    }

    /// Edits the elements of `vec![a, b]` and the element of `vec![a; n]`, which syn leaves as tokens.
    fn elements(&mut self, call: &mut syn::Macro) {
        let list = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(mut elements) = call.parse_body_with(list) {
            elements.iter_mut().for_each(|element| self.visit_expr_mut(element));
            call.tokens = elements.to_token_stream();
        } else if let Ok(syn::ExprRepeat { mut expr, len, .. }) = syn::parse2(bracketed(&call.tokens)) {
            self.visit_expr_mut(&mut expr);
            call.tokens = quote!(#expr; #len);
        }
    }

    /// Deletes statements or unwraps one.
    fn statements(&mut self, stmts: &mut Vec<Stmt>) {
        let mut size = stmts.len() / 2;
        while size >= 2 {
            // From the end, since later statements use earlier ones.
            for end in (size..=stmts.len()).rev().step_by(size) {
                if self.take() {
                    stmts.drain(end - size..end);
                    return;
                }
            }
            size /= 2;
        }
        for position in (0..stmts.len()).rev() {
            if self.take() {
                stmts.remove(position);
                return;
            }
            for inner in inner_blocks(&stmts[position]) {
                if self.take() {
                    stmts.splice(position..=position, inner.stmts);
                    return;
                }
            }
        }
    }
}

impl VisitMut for Editor {
    fn visit_block_mut(&mut self, block: &mut Block) {
        if self.grain == Grain::Statements && !self.done {
            self.statements(&mut block.stmts);
        }
        if !self.done {
            visit_mut::visit_block_mut(self, block);
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let replaces = self.grain == Grain::Expressions && !self.done;
        let part = parts(expr).into_iter().find(|_| replaces && self.take());
        match part {
            Some(part) => *expr = part,
            None if self.done => {}
            None => match expr {
                Expr::Macro(call) if call.mac.path.is_ident("vec") => self.elements(&mut call.mac),
                _ => visit_mut::visit_expr_mut(self, expr),
            },
        }
    }
}

/// `a; n` as the array expression `[a; n]`.
fn bracketed(tokens: &TokenStream) -> TokenStream {
    quote!([#tokens])
}

/// The blocks that can stand in place of a statement.
fn inner_blocks(stmt: &Stmt) -> Vec<Block> {
    let Stmt::Expr(expr, _) = stmt else {
        return Vec::new();
    };
    match expr {
        Expr::If(branch) => {
            let otherwise = branch.else_branch.iter().map(|(_, expr)| -> Block { parse_quote!({ #expr }) });
            std::iter::once(branch.then_branch.clone()).chain(otherwise).collect()
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
            inner.iter().map(|block| -> Expr { parse_quote!(#block) }).chain([number]).collect()
        }
        Expr::Path(_) | Expr::Index(_) | Expr::Field(_) => vec![number],
        _ => Vec::new(),
    }
}

const fn is_update(op: &syn::BinOp) -> bool {
    use syn::BinOp::{AddAssign, DivAssign, MulAssign, RemAssign, SubAssign};
    matches!(op, AddAssign(_) | DivAssign(_) | MulAssign(_) | RemAssign(_) | SubAssign(_))
}

#[cfg(test)]
mod tests {
    use super::{Grain, edited};

    const SOURCE: &str = "fn g() {} fn f(x: f64) -> f64 { let y = x.sin(); if y > 0.1 { g(); } x * y }";

    fn all(grain: Grain) -> Vec<String> {
        let texts = (0..).map_while(|position| edited(SOURCE, grain, position));
        texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn item_edits_leave_the_entry_function() {
        let whole = "fn f(x: f64) -> f64 { let y = x.sin(); if y > 0.1 { g(); } x * y }";
        assert_eq!(all(Grain::Items), [whole]);
    }

    #[test]
    fn result_edits_replace_the_last_expression() {
        let texts = all(Grain::Result);
        assert!(texts.iter().any(|text| text.ends_with("} y }")), "{texts:?}");
    }

    #[test]
    fn statement_edits_delete_statements_and_unwrap_blocks() {
        let texts = all(Grain::Statements);
        assert!(texts.contains(&"fn g() {} fn f(x: f64) -> f64 { let y = x.sin(); g(); x * y }".to_owned()));
        assert!(texts.contains(&"fn g() {} fn f(x: f64) -> f64 { if y > 0.1 { g(); } x * y }".to_owned()));
        assert!(texts.iter().all(|text| text.contains("fn f")));
    }

    #[test]
    fn expression_edits_replace_an_expression_by_a_part() {
        let texts = all(Grain::Expressions);
        assert!(texts.iter().any(|text| text.contains("let y = x;")));
        assert!(texts.iter().any(|text| text.ends_with("{ g(); } x }")));
    }
}
