//! From a table and a formula to numbers: times, events and the design matrix of the complete rows.

use super::formula::{EventSpec, Term, TermKind, Transform};
use crate::common::problem::{Place, Problem};
use crate::common::table::Table;

/// One column of the design matrix.
#[derive(Debug, Clone)]
pub struct Column {
    /// Name in the result table: `log(bili)`, or `stage=2` for a level of a factor.
    pub label: String,
    /// The column of the file it comes from.
    pub source: String,
    /// Whether it is the indicator of a factor's level.
    pub indicator: bool,
}

/// What the user should know about a factor.
#[derive(Debug, Clone)]
pub struct FactorReport {
    /// The column of the file.
    pub column: String,
    /// Level, rows, events; the reference level is first.
    pub levels: Vec<(String, usize, usize)>,
}

/// The rows that enter the fit, and what became of the others.
#[derive(Debug, Clone)]
pub struct Design {
    /// File name for messages.
    pub file: String,
    /// Name of the time column.
    pub time_column: String,
    /// The event as the user wrote it, `status=2`.
    pub event_label: String,
    /// Name of the status column.
    pub event_column: String,
    /// Columns of the design matrix.
    pub columns: Vec<Column>,
    /// The design matrix, row-major, rows × columns.
    pub x: Vec<f64>,
    /// Time to event or censoring.
    pub time: Vec<f64>,
    /// Whether the row had the event.
    pub event: Vec<bool>,
    /// Data row and line of the file that each row came from.
    pub rows: Vec<(usize, u64)>,
    /// Data rows in the file.
    pub rows_read: usize,
    /// For every column with missing cells, how many rows lack it.
    pub missing: Vec<(String, usize)>,
    /// Every factor with its levels.
    pub factors: Vec<FactorReport>,
}

impl Design {
    /// Reads the named columns, drops the incomplete rows and builds the design matrix.
    pub fn build(table: &Table, time: &str, event: &EventSpec, terms: &[Term]) -> Result<Self, Problem> {
        let time_cells = times(table, table.column(time)?)?;
        let event_cells = events(table, table.column(&event.column)?, event)?;
        let readings = terms.iter().map(|term| Reading::of(table, term)).collect::<Result<Vec<_>, _>>()?;

        let complete = |row: usize| time_cells[row].is_some() && event_cells[row].is_some() && readings.iter().all(|r| r.has(row));
        let used: Vec<usize> = (0..table.len()).filter(|&row| complete(row)).collect();
        let mut design = Design {
            file: table.file().into(),
            time_column: time.into(),
            event_label: event
                .value
                .as_ref()
                .map_or(event.column.clone(), |v| format!("{}={v}", event.column)),
            event_column: event.column.clone(),
            columns: Vec::new(),
            x: Vec::new(),
            time: used.iter().filter_map(|&row| time_cells[row]).collect(),
            event: used.iter().filter_map(|&row| event_cells[row]).collect(),
            rows: used.iter().map(|&row| table.row_and_line(row)).collect(),
            rows_read: table.len(),
            missing: count_missing(table, time, event, terms)?,
            factors: Vec::new(),
        };
        design.check_rows(table, &event.column)?;
        design.add_columns(table, terms, &readings, &used)?;
        Ok(design)
    }

    /// Number of rows used.
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether no row is used; a built design is never empty.
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// Number of columns of the design matrix.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// Number of events.
    pub fn events(&self) -> usize {
        self.event.iter().filter(|&&event| event).count()
    }

    /// Column `k` of the design matrix.
    pub fn values(&self, k: usize) -> impl Iterator<Item = f64> + '_ {
        self.x.iter().skip(k).step_by(self.width()).copied()
    }

    /// The place of row `i` of the design in the file.
    pub fn place(&self, i: usize, column: &str) -> Place {
        let (row, line) = self.rows[i];
        Place::file(&self.file).row(row, line).column(column)
    }

    fn check_rows(&self, table: &Table, event_column: &str) -> Result<(), Problem> {
        if self.is_empty() {
            let worst = self.missing.iter().max_by_key(|(_, count)| *count);
            let place = worst.map_or(Place::file(&self.file), |(name, _)| Place::file(&self.file).column(name));
            let message = "every row has a missing value in a column of the model; leave out the column that lacks most";
            return Err(Problem::at(place, message));
        }
        if self.events() > 0 {
            return Ok(());
        }
        let column = table.column(event_column)?;
        let mut found: Vec<&str> = (0..table.len()).filter_map(|row| table.text(row, column)).collect();
        found.sort_unstable();
        found.dedup();
        found.truncate(8);
        let message = format!(
            "no events: none of the {} rows used has {}; the column holds {}",
            self.len(),
            self.event_label,
            found.join(", ")
        );
        Err(Problem::at(Place::file(&self.file).column(event_column), message))
    }

    fn add_columns(&mut self, table: &Table, terms: &[Term], readings: &[Reading], used: &[usize]) -> Result<(), Problem> {
        let mut columns: Vec<Vec<f64>> = Vec::new();
        for (term, reading) in terms.iter().zip(readings) {
            match reading {
                Reading::Numeric(cells) => {
                    columns.push(used.iter().filter_map(|&row| cells[row]).collect());
                    self.push_column(term.label.clone(), &term.column, false);
                }
                Reading::Factor(cells) => {
                    let cells: Vec<&str> = used.iter().filter_map(|&row| cells[row].as_deref()).collect();
                    let levels = levels_of(table, term, &cells)?;
                    for level in &levels[1..] {
                        columns.push(cells.iter().map(|cell| f64::from(cell == level)).collect());
                        self.push_column(format!("{}={level}", term.column), &term.column, true);
                    }
                    self.factors.push(self.factor_report(&term.column, &levels, &cells));
                }
            }
        }
        self.x = (0..used.len()).flat_map(|i| columns.iter().map(move |column| column[i])).collect();
        Ok(())
    }

    fn push_column(&mut self, label: String, source: &str, indicator: bool) {
        self.columns.push(Column {
            label,
            source: source.into(),
            indicator,
        });
    }

    fn factor_report(&self, column: &str, levels: &[&str], cells: &[&str]) -> FactorReport {
        let count = |level: &str| {
            let rows = cells.iter().filter(|cell| **cell == level).count();
            let events = cells
                .iter()
                .zip(&self.event)
                .filter(|(cell, event)| **cell == level && **event)
                .count();
            (level.to_string(), rows, events)
        };
        FactorReport {
            column: column.into(),
            levels: levels.iter().map(|level| count(level)).collect(),
        }
    }
}

/// A covariate's cells, before rows are dropped.
enum Reading {
    Numeric(Vec<Option<f64>>),
    Factor(Vec<Option<String>>),
}

impl Reading {
    fn of(table: &Table, term: &Term) -> Result<Self, Problem> {
        let column = table.column(&term.column)?;
        match &term.kind {
            TermKind::Factor(_) => Ok(factor_cells(table, column)),
            TermKind::Plain if holds_only_text(table, column) => Ok(factor_cells(table, column)),
            TermKind::Plain => numeric_cells(table, column, None),
            TermKind::Transformed(transform) => numeric_cells(table, column, Some((*transform, &term.label))),
        }
    }

    fn has(&self, row: usize) -> bool {
        match self {
            Reading::Numeric(cells) => cells[row].is_some(),
            Reading::Factor(cells) => cells[row].is_some(),
        }
    }
}

/// A column without a single number holds groups; one with a few words among numbers holds typing errors.
fn holds_only_text(table: &Table, column: usize) -> bool {
    let mut cells = (0..table.len()).filter_map(|row| table.text(row, column)).peekable();
    cells.peek().is_some() && cells.all(|cell| cell.parse::<f64>().is_err())
}

fn numeric_cells(table: &Table, column: usize, transform: Option<(Transform, &str)>) -> Result<Reading, Problem> {
    let hint = format!(", or write factor({}) if the column holds groups", table.name(column));
    let cell = |row: usize| {
        let Some(value) = table.number(row, column, &hint)? else {
            return Ok(None);
        };
        let Some((transform, label)) = transform else {
            return Ok(Some(value));
        };
        match transform.apply(value) {
            transformed if transformed.is_finite() => Ok(Some(transformed)),
            _ => Err(Problem::at(
                table.place(row, column),
                format!("{label} is not finite at {value}; correct the cell or use another transform"),
            )),
        }
    };
    (0..table.len()).map(cell).collect::<Result<_, _>>().map(Reading::Numeric)
}

/// Cells that are the same number, `1` and `1.0`, are one level under the text that comes first.
fn factor_cells(table: &Table, column: usize) -> Reading {
    let mut names: std::collections::HashMap<String, String> = std::collections::HashMap::new();
    let cells = (0..table.len()).map(|row| {
        let text = table.text(row, column)?;
        let key = text.parse::<f64>().map_or_else(|_| text.to_string(), |number| number.to_string());
        Some(names.entry(key).or_insert_with(|| text.to_string()).clone())
    });
    Reading::Factor(cells.collect())
}

/// The distinct levels, numbers by size and text by alphabet, with the reference level in front.
fn levels_of<'a>(table: &Table, term: &Term, cells: &[&'a str]) -> Result<Vec<&'a str>, Problem> {
    let place = || Place::file(table.file()).column(&term.column);
    let mut levels = cells.to_vec();
    levels.sort_unstable_by(|a, b| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        (Ok(_), Err(_)) => std::cmp::Ordering::Less,
        (Err(_), Ok(_)) => std::cmp::Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    });
    levels.dedup();
    if levels.len() < 2 {
        let message = format!("the factor has one level, {}, in the rows used; leave it out", levels[0]);
        return Err(Problem::at(place(), message));
    }
    if let TermKind::Factor(Some(reference)) = &term.kind {
        let found = levels.iter().position(|level| level == reference).ok_or_else(|| {
            let found = levels.join(", ");
            Problem::at(place(), format!("no level \"{reference}\" to refer to; the levels are {found}"))
        })?;
        levels[..=found].rotate_right(1);
    }
    Ok(levels)
}

fn times(table: &Table, column: usize) -> Result<Vec<Option<f64>>, Problem> {
    let cell = |row: usize| match table.number(row, column, "")? {
        Some(time) if time < 0.0 => Err(Problem::at(
            table.place(row, column),
            format!("negative time {time}; expected the time from entry to event or censoring"),
        )),
        time => Ok(time),
    };
    (0..table.len()).map(cell).collect()
}

fn events(table: &Table, column: usize, event: &EventSpec) -> Result<Vec<Option<bool>>, Problem> {
    let cell = |row: usize| {
        let Some(text) = table.text(row, column) else {
            return Ok(None);
        };
        if let Some(value) = &event.value {
            return Ok(Some(text == value || same_number(text, value)));
        }
        match text.to_ascii_lowercase().as_str() {
            "1" | "1.0" | "true" => Ok(Some(true)),
            "0" | "0.0" | "false" => Ok(Some(false)),
            _ => Err(Problem::at(
                table.place(row, column),
                format!(
                    "expected 0, 1, false or true, found \"{text}\"; \
                     say which value is the event: --event {}=VALUE",
                    event.column
                ),
            )),
        }
    };
    (0..table.len()).map(cell).collect()
}

fn same_number(a: &str, b: &str) -> bool {
    matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

fn count_missing(table: &Table, time: &str, event: &EventSpec, terms: &[Term]) -> Result<Vec<(String, usize)>, Problem> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for name in [time, &event.column]
        .into_iter()
        .chain(terms.iter().map(|term| term.column.as_str()))
    {
        let column = table.column(name)?;
        let count = (0..table.len()).filter(|&row| table.text(row, column).is_none()).count();
        if count > 0 && counts.iter().all(|(counted, _)| counted != name) {
            counts.push((name.into(), count));
        }
    }
    Ok(counts)
}
