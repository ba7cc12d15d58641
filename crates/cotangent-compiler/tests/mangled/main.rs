//! Whatever the tokens, the macros report an error or emit items; they never panic.
//!
//! The number of cases is `COTANGENT_MANGLED` (6000 unless set), the first seed `COTANGENT_MANGLED_SEED`.
//! A stack overflow cannot be caught, so each case is first written to `mangled-last.rs` in cargo's directory for tests.

mod mangle;

use std::panic::{AssertUnwindSafe, catch_unwind};

use fastrand::Rng;
use proc_macro2::TokenStream;
use quote::ToTokens;

const CORPUS: &str = include_str!("corpus.rs");
const OPTIONS: &[&str] = &[
    "",
    "",
    "order = 2",
    "order = 3, wrt(x)",
    "wrt(x, v), boxed",
    "using(a::f = b::f), checkpoint, crate = c",
];

/// One case: the tokens that go in.
struct Case {
    options: TokenStream,
    item: TokenStream,
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| {
        text.parse().unwrap_or_else(|_| panic!("{name} is a number, not `{text}`"))
    })
}

fn corpus() -> Vec<TokenStream> {
    let file = syn::parse_file(CORPUS).expect("the corpus is Rust");
    file.items.iter().map(ToTokens::to_token_stream).collect()
}

fn case(seed: u64, items: &[TokenStream], pool: &mangle::Pool) -> Case {
    let mut rng = Rng::with_seed(seed);
    let item = rng.choice(items).expect("a corpus").clone();
    let options: TokenStream = rng.choice(OPTIONS).expect("options").parse().expect("tokens");
    let options = if rng.u8(..) < 20 {
        mangle::mangle(options, &mut rng, pool)
    } else {
        options
    };
    Case {
        options,
        item: mangle::mangle(item, &mut rng, pool),
    }
}

/// What went wrong, or whether the tokens were Rust at all.
fn run(case: &Case) -> Result<bool, String> {
    let (options, item) = (case.options.clone(), case.item.clone());
    let is_type = matches!(syn::parse2(item.clone()), Ok(syn::Item::Struct(_) | syn::Item::Enum(_)));
    let is_rust = syn::parse2::<syn::Item>(item.clone()).is_ok();
    let expand = || {
        if is_type {
            cotangent_compiler::derive::derive_differentiable(item)
        } else {
            cotangent_compiler::differentiable(options, item)
        }
    };
    let out = catch_unwind(AssertUnwindSafe(expand)).map_err(|panic| format!("panic: {}", text(&*panic)))?;
    if out.to_string().contains("this is a bug of cotangent") {
        return Err("a panic inside, caught".into());
    }
    if is_rust && let Err(e) = syn::parse2::<syn::File>(out.clone()) {
        return Err(format!("the output does not parse: {e} at {:?}", e.span().source_text()));
    }
    Ok(is_rust)
}

fn text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|s| s.to_string()));
    text.unwrap_or_default()
}

/// Runs the cases; gives the reports of those that failed, and how many were Rust.
fn campaign(first: u64, count: u64) -> (Vec<String>, u64) {
    let items = corpus();
    let pool = mangle::Pool::of(&items);
    let last = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("mangled-last.rs");
    let (mut reports, mut rust) = (vec![], 0);
    for seed in first..first + count {
        let case = case(seed, &items, &pool);
        let source = format!("#[differentiable({})]\n{}\n", case.options, case.item);
        std::fs::write(&last, format!("// seed {seed}\n{source}")).expect("cargo's directory for tests");
        match run(&case) {
            Ok(is_rust) => rust += u64::from(is_rust),
            Err(what) => reports.push(format!("seed {seed}: {what}\n{source}")),
        }
    }
    (reports, rust)
}

#[test]
fn mangled_tokens_never_panic() {
    let (first, count) = (setting("COTANGENT_MANGLED_SEED", 1), setting("COTANGENT_MANGLED", 6000));
    // Panics are caught and reported with their source: the default hook would print each twice.
    std::panic::set_hook(Box::new(|_| {}));
    // Deep nesting costs stack in `syn` and in an unoptimised build; a compiler has more than a test thread.
    let worker = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || campaign(first, count))
        .expect("a thread");
    let done = worker.join();
    let _ = std::panic::take_hook();
    let (reports, rust) = done.unwrap_or_else(|panic| panic!("the test itself: {}", text(&*panic)));
    assert!(
        reports.is_empty(),
        "{} of {count} cases failed; the first:\n{}",
        reports.len(),
        reports[..reports.len().min(5)].join("\n")
    );
    // Far fewer would mean that the cases end in the parser and say nothing about the compiler.
    assert!(rust * 8 > count, "only {rust} of {count} cases were Rust");
}

#[test]
fn the_corpus_itself_is_accepted_or_rejected_without_panic() {
    for item in corpus() {
        let case = Case {
            options: TokenStream::new(),
            item,
        };
        assert_eq!(run(&case), Ok(true), "{}", case.item);
    }
}
