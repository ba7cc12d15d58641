//! Places of one variable that certainly do not overlap.

use quote::quote;

use super::{Function, Inert, Place, Proj};

impl Function {
    /// The step at which two places part into slices or elements that do not overlap.
    pub fn parting(&self, a: &Place, b: &Place) -> Option<usize> {
        if a.root != b.root || has_user_index(a) || has_user_index(b) {
            return None;
        }
        let depth = a.projs.iter().zip(&b.projs).position(|(p, q)| !same(p, q))?;
        self.disjoint(&a.projs[depth], &b.projs[depth]).then_some(depth)
    }

    fn disjoint(&self, a: &Proj, b: &Proj) -> bool {
        match (a, b) {
            (Proj::Slice(lo, Some(hi)), Proj::Slice(lo2, Some(hi2))) => self.in_order(hi, lo2) || self.in_order(hi2, lo),
            (Proj::Index(i), Proj::Slice(lo, Some(hi))) | (Proj::Slice(lo, Some(hi)), Proj::Index(i)) => {
                self.in_order(hi, i) || matches!((number(i), number(lo)), (Some(i), Some(lo)) if i < lo)
            }
            (Proj::Index(i), Proj::Index(j)) => matches!((number(i), number(j)), (Some(i), Some(j)) if i != j),
            _ => false,
        }
    }

    /// Whether the one is known to be at most the other.
    fn in_order(&self, a: &Inert, b: &Inert) -> bool {
        if let (Some(a), Some(b)) = (number(a), number(b)) {
            return a <= b;
        }
        let (from, to) = (a.tokens.to_string(), b.tokens.to_string());
        let mut reached = vec![from];
        let mut k = 0;
        while k < reached.len() && reached[k] != to {
            let next: Vec<String> = self
                .ordered
                .iter()
                .filter(|(x, y)| *x == reached[k] && !reached.contains(y))
                .map(|(_, y)| y.clone())
                .collect();
            reached.extend(next);
            k += 1;
        }
        k < reached.len()
    }
}

impl Place {
    /// One of the places leads into the other, as far as their text tells.
    pub fn overlaps(&self, other: &Place) -> bool {
        self.root == other.root && self.projs.iter().zip(&other.projs).all(|(a, b)| same(a, b))
    }
}

impl Place {
    /// The places lead into different fields.
    pub fn parts_at_field(&self, other: &Place) -> bool {
        let (a, b) = (self.field_path(), other.field_path());
        a.iter().zip(&b).any(|(x, y)| x != y)
    }
}

fn number(i: &Inert) -> Option<usize> {
    i.tokens.to_string().parse().ok()
}

fn has_user_index(p: &Place) -> bool {
    p.projs.iter().any(|p| matches!(p, Proj::UserIndex(..)))
}

fn same(a: &Proj, b: &Proj) -> bool {
    let text = |i: &Inert| i.tokens.to_string();
    match (a, b) {
        (Proj::Field(a), Proj::Field(b)) => a == b,
        (Proj::Index(a), Proj::Index(b)) | (Proj::UserIndex(a, _), Proj::UserIndex(b, _)) => text(a) == text(b),
        (Proj::Slice(a, b), Proj::Slice(c, d)) => text(a) == text(c) && b.as_ref().map(text) == d.as_ref().map(text),
        (Proj::Deref, Proj::Deref) | (Proj::Payload, Proj::Payload) => true,
        (Proj::Variant(p, m, _), Proj::Variant(q, n, _)) => m == n && quote!(#p).to_string() == quote!(#q).to_string(),
        _ => false,
    }
}
