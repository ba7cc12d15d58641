//! What the user writes: `age,log(bili),factor(stage, ref=2)` and `status=2`.

use crate::common::problem::Problem;

/// A function of one numeric column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transform {
    /// Natural logarithm.
    Log,
    /// Logarithm to base 2: the coefficient is per doubling.
    Log2,
    /// Logarithm to base 10.
    Log10,
    /// `ln(1 + x)`.
    Log1p,
    /// Square root.
    Sqrt,
    /// Exponential.
    Exp,
    /// The square.
    Square,
}

/// Every transform with its name.
const TRANSFORMS: [(&str, Transform); 7] = [
    ("log", Transform::Log),
    ("log2", Transform::Log2),
    ("log10", Transform::Log10),
    ("log1p", Transform::Log1p),
    ("sqrt", Transform::Sqrt),
    ("exp", Transform::Exp),
    ("square", Transform::Square),
];

impl Transform {
    /// The transformed value; outside the domain it is not finite.
    pub fn apply(self, x: f64) -> f64 {
        match self {
            Transform::Log => x.ln(),
            Transform::Log2 => x.log2(),
            Transform::Log10 => x.log10(),
            Transform::Log1p => x.ln_1p(),
            Transform::Sqrt => x.sqrt(),
            Transform::Exp => x.exp(),
            Transform::Square => x * x,
        }
    }
}

/// How a term reads its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermKind {
    /// The bare column: numeric, or a factor if no cell is a number.
    Plain,
    /// A transformed numeric column.
    Transformed(Transform),
    /// Groups, with the reference level if the user chose one.
    Factor(Option<String>),
}

/// One covariate as the user wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Name in the table, `log(bili)`.
    pub label: String,
    /// The column it reads.
    pub column: String,
    /// How.
    pub kind: TermKind,
}

/// Which rows count as events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSpec {
    /// The status column.
    pub column: String,
    /// The value that means an event; without one the column must be 0/1 or false/true.
    pub value: Option<String>,
}

/// Reads `status=2` or `dead`.
pub fn parse_event(text: &str) -> Result<EventSpec, Problem> {
    let (column, value) = match text.split_once('=') {
        Some((column, value)) => (column.trim(), Some(value.trim())),
        None => (text.trim(), None),
    };
    if column.is_empty() || value == Some("") {
        return Err(Problem::Usage(format!(
            "--event: expected COLUMN=VALUE such as status=2, or COLUMN, found \"{text}\""
        )));
    }
    Ok(EventSpec {
        column: column.into(),
        value: value.map(String::from),
    })
}

/// Reads a list of terms, separated by commas outside parentheses.
///
/// ```
/// use cotangent_examples::registry::formula::parse_terms;
/// let terms = parse_terms("age, log(bili), factor(stage, ref=2)").unwrap();
/// assert_eq!(terms[1].label, "log(bili)");
/// assert_eq!(terms[2].column, "stage");
/// ```
pub fn parse_terms(text: &str) -> Result<Vec<Term>, Problem> {
    let terms: Vec<Term> = split_outside_parentheses(text)?
        .into_iter()
        .map(parse_term)
        .collect::<Result<_, _>>()?;
    match terms.iter().enumerate().find(|(i, term)| terms[..*i].contains(term)) {
        Some((_, twice)) => Err(Problem::Usage(format!(
            "--covariates: {} appears twice; leave one out",
            twice.label
        ))),
        None => Ok(terms),
    }
}

fn split_outside_parentheses(text: &str) -> Result<Vec<&str>, Problem> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0usize, 0);
    for (i, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Err(unbalanced(text)),
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err(unbalanced(text));
    }
    parts.push(&text[start..]);
    Ok(parts)
}

fn unbalanced(text: &str) -> Problem {
    Problem::Usage(format!("--covariates: parentheses do not match in \"{text}\""))
}

fn parse_term(text: &str) -> Result<Term, Problem> {
    let text = text.trim();
    let Some((function, rest)) = text.split_once('(') else {
        return term(text, text, TermKind::Plain);
    };
    let Some(argument) = rest.strip_suffix(')') else {
        return Err(Problem::Usage(format!(
            "--covariates: expected FUNCTION(COLUMN), found \"{text}\"; write one term per comma"
        )));
    };
    let function = function.trim();
    if function == "factor" {
        return parse_factor(argument);
    }
    match TRANSFORMS.iter().find(|(name, _)| *name == function) {
        Some((name, transform)) => {
            let column = argument.trim();
            term(&format!("{name}({column})"), column, TermKind::Transformed(*transform))
        }
        None => {
            let known: Vec<&str> = TRANSFORMS.iter().map(|(name, _)| *name).collect();
            Err(Problem::Usage(format!(
                "--covariates: unknown function \"{function}\" in \"{text}\"; known are factor, {}",
                known.join(", ")
            )))
        }
    }
}

fn parse_factor(argument: &str) -> Result<Term, Problem> {
    let Some((column, option)) = argument.split_once(',') else {
        return term(argument.trim(), argument.trim(), TermKind::Factor(None));
    };
    match option.split_once('=') {
        Some((key, level)) if key.trim() == "ref" => term(column.trim(), column.trim(), TermKind::Factor(Some(level.trim().into()))),
        _ => Err(Problem::Usage(format!(
            "--covariates: expected factor(COLUMN, ref=LEVEL), found \"factor({argument})\""
        ))),
    }
}

fn term(label: &str, column: &str, kind: TermKind) -> Result<Term, Problem> {
    if column.is_empty() || column.contains(['(', ')']) {
        return Err(Problem::Usage(format!(
            "--covariates: expected a column name, found \"{column}\"; write for example 'age,log(bili),factor(stage)'"
        )));
    }
    Ok(Term {
        label: label.into(),
        column: column.into(),
        kind,
    })
}
