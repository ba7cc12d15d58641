//! Items inside a function: `const`, `use`, functions and types.
//!
//! Derivative versions hold them at the start of their bodies. So that each still belongs to its block alone, one whose
//! name stands elsewhere in the function, too, is renamed first, with what the block says of it.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Group, Ident, Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};

use super::Lowerer;
use super::scope::Binding;

/// Gives items of inner blocks names of their own where they need them; `outside` is what else stands in the function.
pub fn separate(body: &mut syn::Block, outside: TokenStream) {
    let mut separate = Separate::of(&body, outside);
    // The items of the body itself are in scope everywhere in it, wherever they stand.
    body.stmts.iter_mut().for_each(|s| separate.visit_stmt_mut(s));
}

/// The same for the body of a closure.
pub fn separate_expr(body: &mut syn::Expr, outside: TokenStream) {
    Separate::of(&body, outside).visit_expr_mut(body);
}

/// How often each identifier occurs.
fn count(tokens: TokenStream, counts: &mut HashMap<String, usize>) {
    for token in tokens {
        match token {
            TokenTree::Ident(i) => *counts.entry(i.to_string()).or_default() += 1,
            TokenTree::Group(g) => count(g.stream(), counts),
            TokenTree::Literal(l) => names_in_format(&l).into_iter().for_each(|n| *counts.entry(n).or_default() += 1),
            TokenTree::Punct(_) => {}
        }
    }
}

struct Separate {
    taken: HashMap<String, usize>,
}

impl VisitMut for Separate {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        // Inner blocks first, so that what they hide is out of the way.
        visit_mut::visit_block_mut(self, block);
        let mut here = HashMap::new();
        count(block.to_token_stream(), &mut here);
        let names: Vec<Ident> = block.stmts.iter().flat_map(item_names).collect();
        let mut done = HashSet::new();
        for name in names {
            let text = name.to_string();
            if done.insert(text.clone()) && self.taken.get(&text) != here.get(&text) {
                let to = self.unused(&name);
                let mut rename = Rename { from: text, to };
                block.stmts.iter_mut().for_each(|s| rename.stmt(s));
            }
        }
    }
}

impl Separate {
    fn of(body: &impl ToTokens, outside: TokenStream) -> Self {
        let mut taken = HashMap::new();
        count(quote!(#outside #body), &mut taken);
        Separate { taken }
    }

    fn unused(&mut self, name: &Ident) -> Ident {
        let fresh = (1..)
            .map(|n| format!("{name}_{n}"))
            .find(|n| !self.taken.contains_key(n))
            .expect("there are more numbers than names");
        self.taken.insert(fresh.clone(), usize::MAX);
        Ident::new(&fresh, name.span())
    }
}

/// The names that an item brings into its block.
fn item_names(stmt: &syn::Stmt) -> Vec<Ident> {
    let syn::Stmt::Item(item) = stmt else { return vec![] };
    match item {
        syn::Item::Const(c) if c.ident == "_" => vec![],
        syn::Item::Const(c) => vec![c.ident.clone()],
        syn::Item::Fn(f) => vec![f.sig.ident.clone()],
        syn::Item::Struct(s) => vec![s.ident.clone()],
        syn::Item::Enum(e) => vec![e.ident.clone()],
        syn::Item::Type(t) => vec![t.ident.clone()],
        syn::Item::Trait(t) => vec![t.ident.clone()],
        syn::Item::Use(u) => {
            let mut names = vec![];
            imported(&u.tree, &mut |name| names.push(name));
            names
        }
        _ => vec![],
    }
}

fn imported(tree: &syn::UseTree, found: &mut dyn FnMut(Ident)) {
    match tree {
        syn::UseTree::Path(p) => match &*p.tree {
            syn::UseTree::Group(g) => g.items.iter().for_each(|t| match t {
                syn::UseTree::Name(n) if n.ident == "self" => found(p.ident.clone()),
                t => imported(t, found),
            }),
            tree => imported(tree, found),
        },
        syn::UseTree::Name(n) => found(n.ident.clone()),
        syn::UseTree::Rename(r) if r.rename == "_" => {}
        syn::UseTree::Rename(r) => found(r.rename.clone()),
        syn::UseTree::Group(g) => g.items.iter().for_each(|t| imported(t, found)),
        syn::UseTree::Glob(_) => {}
    }
}

/// Renames one item and what refers to it; fields, methods and labels of the same name stay.
struct Rename {
    from: String,
    to: Ident,
}

impl Rename {
    fn is(&self, ident: &Ident) -> bool {
        *ident == self.from
    }

    fn ident(&self, ident: &mut Ident) {
        if self.is(ident) {
            *ident = Ident::new(&self.to.to_string(), ident.span());
        }
    }

    fn stmt(&mut self, stmt: &mut syn::Stmt) {
        if let syn::Stmt::Item(item) = stmt {
            match item {
                syn::Item::Const(c) => self.ident(&mut c.ident),
                syn::Item::Fn(f) => self.ident(&mut f.sig.ident),
                syn::Item::Struct(s) => self.ident(&mut s.ident),
                syn::Item::Enum(e) => self.ident(&mut e.ident),
                syn::Item::Type(t) => self.ident(&mut t.ident),
                syn::Item::Trait(t) => self.ident(&mut t.ident),
                syn::Item::Use(u) => self.import(&mut u.tree, None),
                _ => {}
            }
        }
        self.visit_stmt_mut(stmt);
    }

    /// `use a::f` becomes `use a::f as f_1`.
    fn import(&self, tree: &mut syn::UseTree, parent: Option<&Ident>) {
        match tree {
            syn::UseTree::Path(p) => {
                let parent = p.ident.clone();
                self.import(&mut p.tree, Some(&parent));
            }
            syn::UseTree::Name(n) if self.is(&n.ident) || (n.ident == "self" && parent.is_some_and(|p| self.is(p))) => {
                *tree = syn::UseTree::Rename(syn::UseRename {
                    ident: n.ident.clone(),
                    as_token: Default::default(),
                    rename: self.to.clone(),
                });
            }
            syn::UseTree::Rename(r) => self.ident(&mut r.rename),
            syn::UseTree::Group(g) => g.items.iter_mut().for_each(|t| self.import(t, parent)),
            syn::UseTree::Name(_) | syn::UseTree::Glob(_) => {}
        }
    }

    /// Inside macros only the neighbours tell a field or a longer path.
    fn tokens(&self, tokens: TokenStream) -> TokenStream {
        let (mut before, mut last) = (' ', ' ');
        let rename = |token: TokenTree| {
            let part_of_path = (last == '.' && before != '.') || (last == ':' && before == ':') || last == '\'';
            let new = match token {
                TokenTree::Ident(mut i) if !part_of_path => {
                    self.ident(&mut i);
                    TokenTree::Ident(i)
                }
                TokenTree::Group(g) => {
                    let mut group = Group::new(g.delimiter(), self.tokens(g.stream()));
                    group.set_span(g.span());
                    TokenTree::Group(group)
                }
                TokenTree::Literal(l) => TokenTree::Literal(self.format(l)),
                other => other,
            };
            (before, last) = (last, if let TokenTree::Punct(p) = &new { p.as_char() } else { ' ' });
            new
        };
        tokens.into_iter().map(rename).collect()
    }

    /// Names captured by a format string.
    fn format(&self, literal: Literal) -> Literal {
        if !names_in_format(&literal).contains(&self.from) {
            return literal;
        }
        let mut text = literal.to_string();
        for end in ['}', ':'] {
            text = text.replace(&format!("{{{}{end}", self.from), &format!("{{{}{end}", self.to));
        }
        let mut new: Literal = text.parse().unwrap_or_else(|_| literal.clone());
        new.set_span(literal.span());
        new
    }
}

fn names_in_format(literal: &Literal) -> Vec<String> {
    let text = literal.to_string();
    if text.contains('{') {
        super::inert::captured_names(&text)
    } else {
        vec![]
    }
}

impl VisitMut for Rename {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if path.leading_colon.is_none()
            && let Some(first) = path.segments.first_mut()
        {
            self.ident(&mut first.ident);
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_pat_ident_mut(&mut self, p: &mut syn::PatIdent) {
        self.ident(&mut p.ident);
        visit_mut::visit_pat_ident_mut(self, p);
    }

    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if field.colon_token.is_none() && matches!(&field.member, syn::Member::Named(n) if self.is(n)) {
            field.colon_token = Some(Default::default());
        }
        visit_mut::visit_field_value_mut(self, field);
    }

    fn visit_field_pat_mut(&mut self, field: &mut syn::FieldPat) {
        if field.colon_token.is_none() && matches!(&field.member, syn::Member::Named(n) if self.is(n)) {
            field.colon_token = Some(Default::default());
        }
        visit_mut::visit_field_pat_mut(self, field);
    }

    fn visit_item_use_mut(&mut self, u: &mut syn::ItemUse) {
        if let syn::UseTree::Path(p) = &mut u.tree {
            self.ident(&mut p.ident);
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = self.tokens(mac.tokens.clone());
    }

    fn visit_attribute_mut(&mut self, _: &mut syn::Attribute) {}
}

impl Lowerer<'_> {
    /// The items of a block, which are in scope in all of it.
    pub(super) fn block_items(&mut self, block: &syn::Block, inner: bool) {
        for stmt in &block.stmts {
            if let syn::Stmt::Item(item) = stmt {
                self.inner_item(item, inner);
                if let syn::Item::Fn(f) = item
                    && f.attrs.iter().all(is_plain)
                {
                    self.plain_functions.insert(f.sig.ident.to_string());
                }
                for name in item_names(stmt) {
                    let binding = match item {
                        syn::Item::Const(c) => Binding::Const(self.ty(&c.ty)),
                        _ => Binding::Item,
                    };
                    self.scopes.bind(&name.to_string(), binding);
                }
            }
        }
    }

    fn inner_item(&mut self, item: &syn::Item, inner: bool) {
        match item {
            syn::Item::Use(u) if inner && has_glob(&u.tree) => self.error(
                u.span(),
                "`use ..::*` in an inner block: name what is imported, or move it to the start of the function",
            ),
            syn::Item::Const(_)
            | syn::Item::Use(_)
            | syn::Item::Fn(_)
            | syn::Item::Struct(_)
            | syn::Item::Enum(_)
            | syn::Item::Type(_)
            | syn::Item::Trait(_)
            | syn::Item::Impl(_) => self.func_items(quote!(#item)),
            syn::Item::Static(s) => self.error(
                s.span(),
                "a `static` inside a differentiable function could carry active values: make it a `const`, or move it out and read it through `constant(..)`",
            ),
            _ => self.error(
                item.span(),
                "an item inside a differentiable function: move it out of the function and mark it `#[differentiable]` if it takes part in the derivative",
            ),
        }
    }
}

/// An attribute that cannot give a function a derivative.
fn is_plain(attr: &syn::Attribute) -> bool {
    ["inline", "allow", "expect", "cold", "must_use", "doc", "track_caller"]
        .iter()
        .any(|name| attr.path().is_ident(name))
}

fn has_glob(tree: &syn::UseTree) -> bool {
    match tree {
        syn::UseTree::Path(p) => has_glob(&p.tree),
        syn::UseTree::Group(g) => g.items.iter().any(has_glob),
        syn::UseTree::Glob(_) => true,
        syn::UseTree::Name(_) | syn::UseTree::Rename(_) => false,
    }
}
