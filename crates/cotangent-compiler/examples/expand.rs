//! Prints what `#[differentiable]` makes of each item of a file: `cargo run -p cotangent-compiler --example expand -- FILE`.

use quote::ToTokens;

fn main() {
    let path = std::env::args().nth(1).expect("usage: expand FILE.rs");
    let file = syn::parse_file(&std::fs::read_to_string(path).expect("a readable file")).expect("Rust code");
    for mut item in file.items {
        let attrs = match &mut item {
            syn::Item::Fn(f) => &mut f.attrs,
            syn::Item::Impl(i) => &mut i.attrs,
            syn::Item::Trait(t) => &mut t.attrs,
            _ => continue,
        };
        let Some(k) = attrs.iter().position(|a| a.path().is_ident("differentiable")) else {
            continue;
        };
        let attr = attrs.remove(k);
        let options = match attr.meta {
            syn::Meta::List(list) => list.tokens,
            _ => Default::default(),
        };
        let out = cotangent_compiler::differentiable(options, item.to_token_stream());
        match syn::parse2::<syn::File>(out.clone()) {
            Ok(file) => println!("{}", prettyplease::unparse(&file)),
            Err(e) => println!("// does not parse: {e}\n{out}"),
        }
    }
}
