//! What went wrong, and where: every message names the file, and the row and column if there is one.

use std::fmt;

/// A place in the input: a data row counts from 1 below the header, which is row 0; the line is the one an editor shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// File name as the user gave it.
    pub file: String,
    /// Data row and line number.
    pub row: Option<(usize, u64)>,
    /// Column name.
    pub column: Option<String>,
}

impl Place {
    /// The file as a whole.
    pub fn file(file: &str) -> Self {
        Place {
            file: file.into(),
            ..Place::default()
        }
    }

    /// The same place, narrowed to a column.
    #[must_use]
    pub fn column(mut self, column: &str) -> Self {
        self.column = Some(column.into());
        self
    }

    /// The same place, narrowed to a row.
    #[must_use]
    pub fn row(mut self, row: usize, line: u64) -> Self {
        self.row = Some((row, line));
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        match self.row {
            Some((0, line)) => write!(f, ", header (line {line})")?,
            Some((row, line)) => write!(f, ", row {row} (line {line})")?,
            None => {}
        }
        if let Some(column) = &self.column {
            write!(f, ", column \"{column}\"")?;
        }
        Ok(())
    }
}

/// Why there is no result. [`Problem::exit_code`] is what the program returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The command line asks for something that does not exist: exit code 2.
    Usage(String),
    /// The data do not allow the fit, or a file cannot be read or written: exit code 1.
    Data {
        /// Where.
        place: Place,
        /// What was found, what was expected, and what to do.
        message: String,
    },
}

impl Problem {
    /// A problem at a place in the data.
    pub fn at(place: Place, message: impl Into<String>) -> Self {
        Problem::Data {
            place,
            message: message.into(),
        }
    }

    /// 2 for the command line, 1 for the data.
    pub fn exit_code(&self) -> u8 {
        match self {
            Problem::Usage(_) => 2,
            Problem::Data { .. } => 1,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Usage(message) => write!(f, "{message}"),
            Problem::Data { place, message } => write!(f, "{place}: {message}"),
        }
    }
}

impl std::error::Error for Problem {}
