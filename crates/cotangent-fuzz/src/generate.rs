//! Makes one random program from a seed.

use crate::catalogue::snippets;
use crate::expression::Expressions;
use crate::glue::{Derivatives, glue};
use crate::rng::Rng;
use crate::scope::Scope;
use crate::shape::Shape;
use crate::signature::{Returned, Signature};
use crate::template::{Snippet, expand};
use std::collections::BTreeSet;
use syn::Expr;
use syn::visit_mut::{self, VisitMut};

/// Which rows of the language programs may use.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Where this is not empty, only these rows.
    pub only: BTreeSet<String>,
    /// None of these rows.
    pub without: BTreeSet<String>,
}

impl Rows {
    /// Whether programs may contain the row.
    pub fn allow(&self, row: &str) -> bool {
        !self.without.contains(row) && (self.only.is_empty() || self.only.contains(row))
    }
}

/// A random program: a module with an annotated entry function `f`.
#[derive(Clone, Debug)]
pub struct Program {
    /// The name of the module, such as `p0042`.
    pub name: String,
    /// The seed of this one program.
    pub seed: u64,
    /// Its items, as written by a user.
    pub source: String,
    /// The signature of `f`.
    pub signature: Signature,
    /// The rows of the coverage table that it contains.
    pub tags: BTreeSet<&'static str>,
}

impl Program {
    /// The whole module, with or without derivatives.
    pub fn module(&self, derivatives: Derivatives) -> String {
        module(
            &self.source,
            &glue(&self.signature, &self.name, self.seed, derivatives),
            derivatives,
        )
    }
}

/// A module of these items and this glue; without derivatives the attributes are replaced by nothing.
pub fn module(source: &str, glue: &str, derivatives: Derivatives) -> String {
    let uses = "use cotangent_fuzz::harness::{Case, InPlace, Reader, Reverse, flat};";
    if derivatives != Derivatives::None {
        return format!("use cotangent::prelude::*;\n{uses}\n{source}\n{glue}");
    }
    let plain = source
        .replace("#[differentiable]", "")
        .replace("#[constant]", "")
        .replace(", Differentiable)", ")");
    format!("use cotangent_fuzz::plain as cotangent;\nuse cotangent::prelude::*;\n{uses}\n{plain}\n{glue}")
}

/// Names that generated code might use as well.
const NAMES: &[&str] = &[
    "x_bar",
    "tape",
    "t",
    "y_dot",
    "pullback",
    "w",
    "grad",
    "record",
    "cotangent_x",
    "s",
    "k",
    "i",
    "n",
    "zero",
    "flag",
];

/// The state of one generation.
#[derive(Debug)]
pub struct Generator {
    /// The random source, the forms and the rows met.
    pub expressions: Expressions,
    snippets: Vec<&'static Snippet>,
    items: Vec<String>,
    returned: Returned,
    number: usize,
}

/// The program number `index` of a run: a function of the arguments alone.
pub fn program(seed: u64, index: usize, rows: &Rows) -> Program {
    let base = Rng::new(seed ^ (index as u64).wrapping_mul(0xD134_2543_DE82_EF95)).next_u64();
    let mut last = None;
    // Few programs lack a loop, a call or an in-place update; those are drawn again.
    for attempt in 0..20 {
        let program = draw(base.wrapping_add(attempt), index, rows);
        let complete = Shape::of(&program.source).is_some_and(|shape| shape.is_complete());
        last = Some(program);
        if complete {
            break;
        }
    }
    last.expect("at least one attempt")
}

fn draw(seed: u64, index: usize, rows: &Rows) -> Program {
    let mut rng = Rng::new(seed);
    let single = rng.chance(20);
    let signature = Signature::random(&mut rng, |row| rows.allow(row));
    let allowed: Vec<&'static Snippet> = snippets().filter(|snippet| snippet.rows().all(|row| rows.allow(row))).collect();
    let mut generator = Generator {
        // Differences of f32 programs are coarse, so few programs contain any.
        expressions: Expressions::new(rng, |row| rows.allow(row) && (single || !row.contains("f32"))),
        snippets: allowed,
        items: Vec::new(),
        returned: signature.returned,
        number: 0,
    };
    generator.expressions.tags.extend(signature.rows());
    for parameter in &signature.parameters {
        generator.add_items(parameter.kind.items.to_owned());
    }
    let body = generator.entry(&mut signature.scope(), index);
    let function = format!("#[differentiable]\npub fn f{} {{ {body} }}", signature.declared());
    let source = formatted(&format!("{}\n{function}", generator.items.join("\n")));
    let tags = generator.expressions.tags;
    Program {
        name: format!("p{index:04}"),
        seed,
        source,
        signature,
        tags,
    }
}

impl Generator {
    /// The body of the entry function.
    fn entry(&mut self, scope: &mut Scope, index: usize) -> String {
        let depth = 1;
        let start = self.expressions.expression(scope, depth);
        let elements: Vec<String> = (0..3).map(|_| self.expressions.expression(scope, depth)).collect();
        let elements = elements.join(", ");
        let array = if self.expressions.rng.chance(50) {
            format!("[{elements}]")
        } else {
            format!("vec![{elements}]")
        };
        let mut body = format!("let mut acc = {start};\nlet mut buf = {array};\n");
        scope.add_scalar("acc", true);
        scope.add_array("buf", true);
        // With few rows to choose from, more statements would only repeat them.
        let count = (5 + self.expressions.rng.below(4)).min(self.snippets.len()).max(1);
        let place = self.expressions.rng.below(count);
        for position in 0..count {
            // Program after program starts at the next snippet, so that every row occurs often enough.
            if position == place && !self.snippets.is_empty() {
                let due = self.snippets[index % self.snippets.len()];
                body += &expand(self, scope, due, 0).unwrap_or_default();
            }
            if self.snippets.len() > 2 {
                body += &self.statements(scope, 0, 1);
            }
        }
        body + &self.ending(scope)
    }

    /// Random statements; names declared by them join `scope`.
    pub fn statements(&mut self, scope: &mut Scope, depth: usize, count: usize) -> String {
        let mut out = String::new();
        if self.snippets.is_empty() {
            return out;
        }
        let mut written = 0;
        // A snippet may not fit (it nests too deeply or finds no array to assign): draw another.
        for _ in 0..20 * count {
            if written == count {
                break;
            }
            let snippet = *self.expressions.rng.pick(&self.snippets);
            if depth >= 2 && snippet.nests() {
                continue;
            }
            if let Some(text) = expand(self, scope, snippet, depth) {
                out += &text;
                out.push('\n');
                written += 1;
            }
        }
        out
    }

    /// The last expression: it uses every place in scope, so that little of the program is inactive.
    fn ending(&mut self, scope: &Scope) -> String {
        let mut sums = [String::from("acc"), self.expressions.expression(scope, 1)];
        let mut side = 0;
        for scalar in &scope.scalars {
            sums[side] += &format!(" + {} * {}", self.expressions.literal(), scalar.text);
            side = 1 - side;
        }
        for array in &scope.arrays {
            sums[side] += &format!(
                " - {} * {}[{}]",
                self.expressions.literal(),
                array.text,
                self.expressions.rng.below(3)
            );
            side = 1 - side;
        }
        if self.returned.numbers() == 1 {
            sums[0] = format!("{} + {}", sums[0], sums[1]);
        }
        self.returned.value(&sums[0], &sums[1])
    }

    /// A value that the entry function can return early.
    pub fn returned(&mut self, scope: &Scope) -> String {
        let first = self.expressions.expression(scope, 1);
        let second = self.expressions.expression(scope, 1);
        self.returned.value(&first, &second)
    }

    /// A number for the names of one snippet.
    pub const fn next_number(&mut self) -> usize {
        self.number += 1;
        self.number
    }

    /// A name for a new place: telling, numbered, or one that generated code might use as well.
    pub fn fresh_name(&mut self, number: usize, key: &str, scope: &Scope) -> String {
        let name = *self.expressions.rng.pick(NAMES);
        let taken = |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name);
        let free = !scope.scalars.iter().any(|scalar| taken(&scalar.text)) && !scope.arrays.iter().any(|array| taken(&array.text));
        if free && key.len() <= 4 && self.expressions.rng.chance(30) {
            return name.to_owned();
        }
        format!("{}_{number}", key.replace("new", "s"))
    }

    /// Adds items beside the entry function; the same text is added once.
    pub fn add_items(&mut self, items: String) {
        if !items.is_empty() && !self.items.contains(&items) {
            self.items.push(items);
        }
    }
}

/// The text as rustfmt would nearly write it, without needless parentheses; unchanged where it does not parse, so that
/// rustc can say why.
pub fn formatted(source: &str) -> String {
    syn::parse_file(source).map_or_else(|_| source.to_owned(), formatted_file)
}

/// The text of a parsed file, likewise.
pub fn formatted_file(mut file: syn::File) -> String {
    Unparenthesise.visit_file_mut(&mut file);
    prettyplease::unparse(&file)
}

/// Removes parentheses around what binds tightly anyway.
struct Unparenthesise;

impl VisitMut for Unparenthesise {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::Paren(paren) = expr {
            use Expr::{Call, Field, Index, MethodCall, Paren, Path};
            if matches!(*paren.expr, Call(_) | Field(_) | Index(_) | MethodCall(_) | Paren(_) | Path(_)) {
                *expr = (*paren.expr).clone();
            }
        }
    }
}
