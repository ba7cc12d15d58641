//! Random edits of a token tree: delete, repeat, swap, replace by a token of the same kind, move a group.

use fastrand::Rng;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Tokens to put in, by kind.
pub struct Pool {
    idents: Vec<TokenTree>,
    literals: Vec<TokenTree>,
    puncts: Vec<TokenTree>,
    groups: Vec<TokenTree>,
}

/// Words that rarely stand in the corpus but mean something to a compiler.
const WORDS: &str = "self Self super crate async await unsafe move ref static const dyn loop while yield union box r#type \
    tape x_bar __tape f ret as in where impl mut return break continue Rc vec format matches usize bool f32 str Box Vec Option";
const LITERALS: &str = "0 1 2.5 1e308 1f32 3usize 0x1f 'c' \"text\" b\"bytes\" true 18446744073709551616 1_000 \"{x}\" \"{\" c\"c\"";
const PUNCTS: &str = "+ - * / % & | ^ ! = < > . , ; : ? @ # $ ~";

impl Pool {
    /// Every token of the items, and some that they lack.
    pub fn of(items: &[TokenStream]) -> Self {
        let mut pool = Pool {
            idents: vec![],
            literals: vec![],
            puncts: vec![],
            groups: vec![],
        };
        for text in [WORDS, LITERALS] {
            pool.add(&text.parse().expect("tokens"));
        }
        let puncts = PUNCTS.chars().filter(|c| *c != ' ');
        pool.puncts
            .extend(puncts.map(|c| proc_macro2::Punct::new(c, proc_macro2::Spacing::Alone).into()));
        items.iter().for_each(|item| pool.add(item));
        pool
    }

    fn add(&mut self, tokens: &TokenStream) {
        for token in tokens.clone() {
            match &token {
                TokenTree::Ident(_) => self.idents.push(token),
                TokenTree::Literal(_) => self.literals.push(token),
                TokenTree::Punct(_) => self.puncts.push(token),
                TokenTree::Group(group) => {
                    self.add(&group.stream());
                    self.groups.push(token);
                }
            }
        }
    }

    fn pick(&self, like: &TokenTree, rng: &mut Rng) -> TokenTree {
        let same = rng.u8(..) < 230;
        let kinds = [&self.idents, &self.literals, &self.puncts, &self.groups];
        let kind = match like {
            _ if !same => rng.usize(..4),
            TokenTree::Ident(_) => 0,
            TokenTree::Literal(_) => 1,
            TokenTree::Punct(_) => 2,
            TokenTree::Group(_) => 3,
        };
        rng.choice(kinds[kind]).expect("every kind occurs").clone()
    }
}

/// One to four edits.
pub fn mangle(tokens: TokenStream, rng: &mut Rng, pool: &Pool) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for _ in 0..rng.usize(1..=4) {
        edit(&mut tokens, rng, pool);
    }
    tokens.into_iter().collect()
}

/// One edit, at a place that is drawn on the way down.
fn edit(tokens: &mut Vec<TokenTree>, rng: &mut Rng, pool: &Pool) {
    let groups: Vec<usize> = (0..tokens.len()).filter(|k| matches!(tokens[*k], TokenTree::Group(_))).collect();
    // Deep places are many, so going down is likelier than staying.
    if !groups.is_empty() && rng.u8(..) < 200 {
        let k = *rng.choice(&groups).expect("not empty");
        let TokenTree::Group(group) = &tokens[k] else {
            unreachable!("filtered")
        };
        let mut inner: Vec<TokenTree> = group.stream().into_iter().collect();
        edit(&mut inner, rng, pool);
        let mut new = Group::new(group.delimiter(), inner.into_iter().collect());
        new.set_span(group.span());
        tokens[k] = new.into();
        return;
    }
    if tokens.is_empty() {
        let group = rng.choice(&pool.groups).expect("groups occur").clone();
        tokens.push(group);
        return;
    }
    change(tokens, rng, pool);
}

fn change(tokens: &mut Vec<TokenTree>, rng: &mut Rng, pool: &Pool) {
    let k = rng.usize(..tokens.len());
    let other = rng.usize(..tokens.len());
    match rng.u8(..10) {
        0 => drop(tokens.remove(k)),
        1 => tokens.insert(k, tokens[k].clone()),
        2 => tokens.swap(k, other),
        3 => tokens.insert(k, pool.pick(&tokens[k], rng)),
        4 => statements(tokens, rng),
        5 => tokens[k] = Group::new(delimiter(rng), TokenStream::from(tokens[k].clone())).into(),
        _ => tokens[k] = pool.pick(&tokens[k], rng),
    }
}

/// Removes, repeats or swaps what stands between two semicolons.
fn statements(tokens: &mut Vec<TokenTree>, rng: &mut Rng) {
    let is_end = |t: &TokenTree| {
        matches!(t, TokenTree::Punct(p) if p.as_char() == ';') || matches!(t, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace)
    };
    let mut parts: Vec<Vec<TokenTree>> = tokens.split_inclusive(is_end).map(<[TokenTree]>::to_vec).collect();
    let (k, other) = (rng.usize(..parts.len()), rng.usize(..parts.len()));
    match rng.u8(..3) {
        0 => drop(parts.remove(k)),
        1 => parts.insert(other, parts[k].clone()),
        _ => parts.swap(k, other),
    }
    *tokens = parts.concat();
}

fn delimiter(rng: &mut Rng) -> Delimiter {
    *rng.choice(&[Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket, Delimiter::None])
        .expect("four")
}
