//! A table of text, read from CSV, with its row numbers and its missing cells.

use super::problem::{Place, Problem};
use std::io::Read;
use std::path::Path;

/// Cells that count as missing, besides the empty cell.
pub const MISSING: [&str; 3] = ["NA", "NaN", "."];

/// One data row.
struct Row {
    line: u64,
    cells: csv::StringRecord,
}

/// A CSV file with a header line. Rows count from 0 here and from 1 in messages.
pub struct Table {
    file: String,
    headers: Vec<String>,
    rows: Vec<Row>,
}

impl Table {
    /// Reads the file at `path`.
    pub fn open(path: &Path, delimiter: u8) -> Result<Self, Problem> {
        let name = path.display().to_string();
        let file = std::fs::File::open(path).map_err(|e| Problem::at(Place::file(&name), format!("cannot open the file: {e}")))?;
        Table::read(&name, file, delimiter)
    }

    /// Reads CSV from `input`; `file` is its name in messages.
    pub fn read(file: &str, mut input: impl Read, delimiter: u8) -> Result<Self, Problem> {
        let fail = |e: csv::Error| Problem::at(Place::file(file), csv_message(&e));
        let mut text = Vec::new();
        input
            .read_to_end(&mut text)
            .map_err(|e| Problem::at(Place::file(file), format!("cannot read the file: {e}")))?;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .trim(csv::Trim::All)
            .from_reader(text.as_slice());
        let headers: Vec<String> = reader.headers().map_err(fail)?.iter().map(String::from).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let cells = record.map_err(fail)?;
            let line = cells.position().map_or(0, |start| line_of(&text, start));
            rows.push(Row { line, cells });
        }
        let table = Table {
            file: file.into(),
            headers,
            rows,
        };
        table.check_headers()?;
        Ok(table)
    }

    fn check_headers(&self) -> Result<(), Problem> {
        for (i, name) in self.headers.iter().enumerate() {
            if self.headers[..i].contains(name) {
                let message = "two columns have this name; rename one";
                return Err(Problem::at(Place::file(&self.file).column(name), message));
            }
        }
        if self.rows.is_empty() {
            let message = "no data rows; expected a header line and at least one row below it";
            return Err(Problem::at(Place::file(&self.file), message));
        }
        Ok(())
    }

    /// File name for messages.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Number of data rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no data rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The name of a column.
    pub fn name(&self, column: usize) -> &str {
        &self.headers[column]
    }

    /// The index of the column with this name.
    pub fn column(&self, name: &str) -> Result<usize, Problem> {
        self.headers.iter().position(|header| header == name).ok_or_else(|| {
            let found = self.headers.join(", ");
            let hint = if self.headers.len() == 1 {
                "; if another character separates the columns, give it with --delimiter"
            } else {
                ""
            };
            Problem::at(
                Place::file(&self.file).row(0, 1).column(name),
                format!("no such column in the header; the columns are {found}{hint}"),
            )
        })
    }

    /// The number and the line of a row as messages show them.
    pub fn row_and_line(&self, row: usize) -> (usize, u64) {
        (row + 1, self.rows[row].line)
    }

    /// The place of a cell.
    pub fn place(&self, row: usize, column: usize) -> Place {
        let (row, line) = self.row_and_line(row);
        Place::file(&self.file).row(row, line).column(self.name(column))
    }

    /// The text of a cell, `None` if it is missing.
    pub fn text(&self, row: usize, column: usize) -> Option<&str> {
        self.rows[row]
            .cells
            .get(column)
            .filter(|cell| !cell.is_empty() && !MISSING.contains(cell))
    }

    /// The number in a cell, `None` if it is missing; text and infinities are errors. `hint` ends the message.
    pub fn number(&self, row: usize, column: usize, hint: &str) -> Result<Option<f64>, Problem> {
        let Some(text) = self.text(row, column) else {
            return Ok(None);
        };
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(Problem::at(
                self.place(row, column),
                format!("expected a finite number, found \"{text}\"; correct the cell, leave it empty if it is missing{hint}"),
            )),
        }
    }
}

/// The csv crate takes the blank lines above a record for its start; an editor does not.
fn line_of(text: &[u8], start: &csv::Position) -> u64 {
    let from = text.get(start.byte() as usize..).unwrap_or_default();
    let blank = from.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    start.line() + blank.filter(|&&byte| byte == b'\n').count() as u64
}

/// The csv crate's message for ragged rows counts records; say lines and fields as an editor shows them.
fn csv_message(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            pos: Some(pos),
            expected_len,
            len,
        } => format!(
            "line {}: expected {expected_len} cells as in the header, found {len}; \
             quote a cell that contains the delimiter",
            pos.line()
        ),
        csv::ErrorKind::Utf8 { pos: Some(pos), err } => {
            format!("line {}: the text is not UTF-8 ({err}); save the file as UTF-8", pos.line())
        }
        _ => format!("cannot read the CSV: {error}"),
    }
}
