//! How many programs contain each row of the language.

use crate::catalogue::rows;
use crate::generate::{Program, Rows};
use std::collections::BTreeMap;

/// The number of programs per row.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// The counts; every row is present.
    pub counts: BTreeMap<&'static str, usize>,
    /// The number of programs.
    pub programs: usize,
}

impl Coverage {
    /// Counts the rows of these programs.
    pub fn of(programs: &[Program]) -> Self {
        let mut counts: BTreeMap<&'static str, usize> = rows().into_iter().map(|row| (row, 0)).collect();
        for row in programs.iter().flat_map(|program| &program.tags) {
            *counts.entry(row).or_default() += 1;
        }
        Self {
            counts,
            programs: programs.len(),
        }
    }

    /// The rows that are allowed but occur in fewer than one program in forty: 50 of 2,000.
    pub fn rare(&self, rows: &Rows) -> Vec<(&'static str, usize)> {
        let least = self.programs / 40;
        let allowed = self.counts.iter().filter(|(row, count)| rows.allow(row) && **count < least);
        allowed.map(|(row, count)| (*row, *count)).collect()
    }

    /// The counts as text, three rows a line.
    pub fn table(&self) -> String {
        let cells: Vec<String> = self.counts.iter().map(|(row, count)| format!("{count:5} {row:<28}")).collect();
        let lines: Vec<String> = cells.chunks(3).map(|line| line.concat().trim_end().to_owned()).collect();
        lines.join("\n")
    }
}
