//! Expands one snippet of the catalogue into statements.
//!
//! | placeholder | meaning |
//! |---|---|
//! | `$k` | a number, the same in the whole snippet, that keeps its names apart |
//! | `$e`, `$e(x, y)` | a random expression over everything in scope, or over the named scalars |
//! | `$x` | a scalar variable or array element, drawn anew |
//! | `$m` | an assignable scalar, the same in the whole snippet |
//! | `$a`, `$r`, `$h` | an array: assignable; read and frozen in `$B`; assignable and hidden in `$B` |
//! | `$c`, `$i`, `$n` | a literal, an index in 0..3, a count in 2..5 |
//! | `$cond`, `$cond(x)` | a comparison |
//! | `$B`, `$B(x, y)` | statements, with more scalars in scope |
//! | `$new`, `$newm`, `$newa` | a new scalar, assignable scalar, or assignable array, in scope afterwards |
//! | `$ret` | a value that the entry function can return |

use crate::generate::Generator;
use crate::scope::{Scope, root};
use std::collections::BTreeMap;

/// One thing a program can do: the rows it covers, the items it needs, and its statements.
#[derive(Debug)]
pub struct Snippet {
    /// The rows of the coverage table, separated by commas.
    pub tags: &'static str,
    /// Items beside the entry function, emitted once where they do not mention `$k`.
    pub items: &'static str,
    /// The statements.
    pub body: &'static str,
}

impl Snippet {
    /// The rows of the coverage table.
    pub fn rows(&self) -> impl Iterator<Item = &'static str> {
        self.tags.split(',').map(str::trim)
    }

    /// Whether it contains nested statements.
    pub fn nests(&self) -> bool {
        self.body.contains("$B")
    }
}

/// Whether `body` has the placeholder `$key`, and not only a longer one.
fn mentions(body: &str, key: &str) -> bool {
    body.match_indices(&format!("${key}"))
        .any(|(start, found)| !body[start + found.len()..].starts_with(|c: char| c.is_ascii_alphanumeric()))
}

/// The state of one expansion.
struct Expansion<'g> {
    generator: &'g mut Generator,
    scope: &'g mut Scope,
    depth: usize,
    number: usize,
    names: BTreeMap<String, String>,
    /// Arrays as `$B` sees them: true is frozen, false is hidden.
    borrowed: Vec<(String, bool)>,
    created: Vec<(String, String)>,
}

/// Expands `snippet` at a place; the new names join `scope`. `None` where the scope lacks an array to assign.
pub fn expand(generator: &mut Generator, scope: &mut Scope, snippet: &Snippet, depth: usize) -> Option<String> {
    let number = generator.next_number();
    let mut expansion = Expansion {
        generator,
        scope,
        depth,
        number,
        names: BTreeMap::new(),
        borrowed: Vec::new(),
        created: Vec::new(),
    };
    expansion.bind_places(snippet.body)?;
    let items = expansion.text(snippet.items);
    let body = expansion.text(snippet.body);
    let created = std::mem::take(&mut expansion.created);
    for (kind, name) in created {
        match kind.trim_end_matches(char::is_numeric) {
            "newa" => scope.add_array(&name, true),
            "newm" => scope.add_scalar(&name, true),
            _ => scope.add_scalar(&name, false),
        }
    }
    generator.add_items(items);
    generator.expressions.tags.extend(snippet.rows());
    Some(body)
}

impl Expansion<'_> {
    /// Chooses the shared places first, so that `$B` can leave out what is borrowed around it.
    fn bind_places(&mut self, body: &str) -> Option<()> {
        for key in ["m", "a", "r", "r2", "h"] {
            if !mentions(body, key) {
                continue;
            }
            let taken: Vec<&str> = self.names.values().map(|text| root(text)).collect();
            let free = |text: &String| !taken.contains(&root(text));
            let scalars = self.scope.scalars.iter().filter(|scalar| scalar.mutable).map(|scalar| &scalar.text);
            let arrays = self.scope.arrays.iter().filter(|array| key.starts_with('r') || array.mutable);
            let places: Vec<&String> = match key {
                "m" => scalars.filter(|text| free(text)).collect(),
                _ => arrays.map(|array| &array.text).filter(|text| free(text)).collect(),
            };
            if places.is_empty() {
                return None;
            }
            let place = (*self.generator.expressions.rng.pick(&places)).clone();
            if key != "m" && key != "a" {
                self.borrowed.push((place.clone(), key != "h"));
            }
            self.names.insert(key.to_owned(), place);
        }
        Some(())
    }

    /// Replaces every placeholder of `template`.
    fn text(&mut self, template: &str) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some(start) = rest.find('$') {
            out.push_str(&rest[..start]);
            rest = &rest[start + 1..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            let key = &rest[..end];
            rest = &rest[end..];
            let mut arguments = None;
            if matches!(key, "e" | "cond" | "B") && rest.starts_with('(') {
                let close = rest.find(')').expect("a placeholder's argument list closes");
                arguments = Some(&rest[1..close]);
                rest = &rest[close + 1..];
            }
            let value = self.placeholder(key, arguments);
            out.push_str(&value);
        }
        out.push_str(rest);
        out
    }

    /// The text for one placeholder.
    fn placeholder(&mut self, key: &str, arguments: Option<&str>) -> String {
        if let Some(name) = self.names.get(key) {
            return name.clone();
        }
        let named = arguments.map(|list| {
            let list = list.replace("$k", &self.number.to_string());
            let names: Vec<String> = list.split(',').map(|name| name.trim().to_owned()).collect();
            names
        });
        match key {
            "k" => self.number.to_string(),
            "i" => self.generator.expressions.rng.below(3).to_string(),
            "n" => (2 + self.generator.expressions.rng.below(3)).to_string(),
            "c" => self.generator.expressions.literal(),
            "shadow" => self.shadow(),
            "x" => self.generator.expressions.variable(self.scope),
            "e" | "cond" => self.expression(key, named),
            "B" => self.block(named),
            "ret" => self.generator.returned(self.scope),
            _ if key.starts_with("new") => self.create(key),
            _ => unreachable!("unknown placeholder ${key} in the catalogue"),
        }
    }

    fn expression(&mut self, key: &str, named: Option<Vec<String>>) -> String {
        let local = named.map(|names| Scope::of_scalars(names.iter().map(String::as_str)));
        let scope = local.as_ref().unwrap_or(self.scope);
        let expressions = &mut self.generator.expressions;
        if key == "cond" {
            expressions.condition(scope)
        } else {
            expressions.expression(scope, 2)
        }
    }

    fn block(&mut self, named: Option<Vec<String>>) -> String {
        let mut inner = self.scope.clone();
        for (place, frozen) in &self.borrowed {
            if *frozen { inner.freeze(place) } else { inner.hide(place) }
        }
        for name in named.unwrap_or_default() {
            let name = if name.contains(' ') { format!("({name})") } else { name };
            inner.add_scalar(&name, false);
        }
        let count = 1 + self.generator.expressions.rng.below(2);
        self.generator.statements(&mut inner, self.depth + 1, count)
    }

    /// A variable that is declared once more.
    fn shadow(&mut self) -> String {
        let plain = |text: &&String| text.chars().all(|c| c.is_alphanumeric() || c == '_');
        let names: Vec<&String> = self.scope.scalars.iter().map(|scalar| &scalar.text).filter(plain).collect();
        let name = match names.is_empty() {
            true => format!("shadow_{}", self.number),
            false => (*self.generator.expressions.rng.pick(&names)).clone(),
        };
        self.created.push(("new".to_owned(), name.clone()));
        name
    }

    fn create(&mut self, key: &str) -> String {
        let name = self.generator.fresh_name(self.number, key, self.scope);
        self.names.insert(key.to_owned(), name.clone());
        self.created.push((key.to_owned(), name.clone()));
        name
    }
}
