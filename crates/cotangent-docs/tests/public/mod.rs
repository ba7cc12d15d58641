//! Lists the public items of a crate from its sources, one line each.
//!
//! It reads syntax only: an item counts as public if it says `pub` and no module above it is hidden from the documentation.
//! So it lists a little more than can be named (a `pub` item of a private module that nothing re-exports) and never less, apart
//! from what other macros than `macro_rules!` definitions make.

use std::fs;
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::{ImplItem, Item, TraitItem, Visibility};

/// Marks, in the list, the name of a private type.
const PRIVATE: &str = "private ";

/// All public items, sorted.
pub fn list(name: &str, root: &Path) -> String {
    let mut lines = vec![];
    let file = syn::parse_file(&fs::read_to_string(root).expect("the crate's root")).expect("Rust");
    let directory = root.parent().expect("a directory").to_owned();
    items(name, &file.items, &directory, &mut lines);
    let private: Vec<String> = lines
        .iter()
        .filter_map(|line| line.strip_prefix(PRIVATE))
        .map(|name| format!(" for {name}"))
        .collect();
    // What private types implement is nobody's business.
    lines.retain(|line| {
        !line.starts_with(PRIVATE)
            && !private
                .iter()
                .any(|p| line.ends_with(p.as_str()) || line.contains(&format!("{p}<")))
    });
    lines.sort();
    lines.dedup();
    lines.join("\n") + "\n"
}

fn items(path: &str, items: &[Item], directory: &Path, lines: &mut Vec<String>) {
    for item in items {
        one(path, item, directory, lines);
    }
}

fn one(path: &str, item: &Item, directory: &Path, lines: &mut Vec<String>) {
    let mut add = |attrs: &[syn::Attribute], visible: bool, text: String| {
        if visible && !is_hidden(attrs) {
            lines.push(format!("{path} {text}"));
        }
    };
    match item {
        Item::Struct(syn::ItemStruct {
            vis: Visibility::Inherited,
            ident,
            ..
        })
        | Item::Enum(syn::ItemEnum {
            vis: Visibility::Inherited,
            ident,
            ..
        }) => {
            lines.push(format!("{PRIVATE}{ident}"));
        }
        Item::Mod(m) if !is_hidden(&m.attrs) && !is_test(&m.attrs) => module(path, m, directory, lines),
        Item::Fn(f) => {
            let kind = ["proc_macro", "proc_macro_attribute", "proc_macro_derive"];
            let kind = f.attrs.iter().find(|a| kind.iter().any(|k| a.path().is_ident(k)));
            let kind = kind.map(|a| format!("#[{}] ", plain(&a.meta))).unwrap_or_default();
            add(&f.attrs, public(&f.vis), format!("{kind}{}", plain(&f.sig)));
        }
        Item::Struct(s) => add(&s.attrs, public(&s.vis), plain(&without_private_fields(s))),
        Item::Enum(e) => add(&e.attrs, public(&e.vis), plain(&bare(Item::Enum(e.clone())))),
        Item::Trait(t) => {
            add(
                &t.attrs,
                public(&t.vis),
                format!("trait {}{}: {}", t.ident, plain(&t.generics), plain(&t.supertraits)),
            );
            if public(&t.vis) && !is_hidden(&t.attrs) {
                lines.extend(
                    t.items
                        .iter()
                        .filter_map(trait_item)
                        .map(|text| format!("{path}::{} {text}", t.ident)),
                );
            }
        }
        Item::Const(c) => add(&c.attrs, public(&c.vis), format!("const {}: {}", c.ident, plain(&c.ty))),
        Item::Static(s) => add(&s.attrs, public(&s.vis), format!("static {}: {}", s.ident, plain(&s.ty))),
        Item::Type(t) => add(&t.attrs, public(&t.vis), plain(&bare(item.clone()))),
        Item::Use(u) => add(&u.attrs, public(&u.vis), format!("use {}", plain(&u.tree))),
        Item::Macro(m) => {
            let exported = m.attrs.iter().any(|a| a.path().is_ident("macro_export"));
            let name = m.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            add(&m.attrs, exported, format!("macro {name}!"));
        }
        Item::Impl(i) if !is_hidden(&i.attrs) => implementation(path, i, lines),
        _ => {}
    }
}

fn module(path: &str, m: &syn::ItemMod, directory: &Path, lines: &mut Vec<String>) {
    let inner = format!("{path}::{}", m.ident);
    let below = directory.join(m.ident.to_string());
    if let Some((_, content)) = &m.content {
        return items(&inner, content, &below, lines);
    }
    let candidates: [PathBuf; 2] = [directory.join(format!("{}.rs", m.ident)), below.join("mod.rs")];
    let file = candidates
        .iter()
        .find(|file| file.exists())
        .unwrap_or_else(|| panic!("no file for `mod {}`", m.ident));
    let file = syn::parse_file(&fs::read_to_string(file).expect("a module")).expect("Rust");
    items(&inner, &file.items, &below, lines);
}

/// Traits as one line; of inherent implementations each public item.
fn implementation(path: &str, i: &syn::ItemImpl, lines: &mut Vec<String>) {
    let (generics, ty) = (plain(&i.generics), plain(&i.self_ty));
    if let Some((_, name, _)) = &i.trait_ {
        lines.push(format!("{path} impl{generics} {} for {ty}", plain(name)));
        return;
    }
    for item in &i.items {
        let text = match item {
            ImplItem::Fn(f) if public(&f.vis) && !is_hidden(&f.attrs) => plain(&f.sig),
            ImplItem::Const(c) if public(&c.vis) && !is_hidden(&c.attrs) => format!("const {}: {}", c.ident, plain(&c.ty)),
            _ => continue,
        };
        lines.push(format!("{path}::{ty} {text}"));
    }
}

fn trait_item(item: &TraitItem) -> Option<String> {
    match item {
        TraitItem::Fn(f) if !is_hidden(&f.attrs) => Some(plain(&f.sig)),
        TraitItem::Type(t) => Some(format!("type {}: {}", t.ident, plain(&t.bounds))),
        TraitItem::Const(c) => Some(format!("const {}: {}", c.ident, plain(&c.ty))),
        _ => None,
    }
}

fn without_private_fields(s: &syn::ItemStruct) -> Item {
    let mut s = s.clone();
    match &mut s.fields {
        syn::Fields::Named(fields) => fields.named = fields.named.iter().filter(|f| public(&f.vis)).cloned().collect(),
        syn::Fields::Unnamed(fields) => fields.unnamed = fields.unnamed.iter().filter(|f| public(&f.vis)).cloned().collect(),
        syn::Fields::Unit => {}
    }
    bare(Item::Struct(s))
}

/// Without documentation and other attributes.
fn bare(mut item: Item) -> Item {
    match &mut item {
        Item::Struct(s) => {
            s.attrs.clear();
            s.fields.iter_mut().for_each(|f| f.attrs.clear());
        }
        Item::Enum(e) => {
            e.attrs.clear();
            e.variants.iter_mut().for_each(|v| v.attrs.clear());
        }
        Item::Type(t) => t.attrs.clear(),
        _ => {}
    }
    item
}

fn public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_hidden(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|a| a.path().is_ident("doc") && plain(&a.meta).contains("hidden"))
}

fn is_test(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|a| a.path().is_ident("cfg") && plain(&a.meta).contains("test"))
}

/// Tokens as people write them, as far as spaces go.
fn plain(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (long, short) in [
        (" :: ", "::"),
        ("? ", "?"),
        (":: ", "::"),
        (" ::", "::"),
        ("< ", "<"),
        (" <", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        (" ;", ";"),
        (" :", ":"),
        ("( ", "("),
        (" )", ")"),
        (" (", "("),
        ("[ ", "["),
        (" ]", "]"),
        ("# [", "#["),
        ("-> (", "-> ("),
        (">where", "> where"),
        (")->", ") ->"),
    ] {
        text = text.replace(long, short);
    }
    text.replace(" ->(", " -> (")
        .replace("->", " -> ")
        .replace("  ", " ")
        .replace("- >", "->")
}
