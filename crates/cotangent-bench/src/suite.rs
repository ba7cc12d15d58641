//! Everything side by side in one process, as a table.

use std::fmt::Write;
use std::path::Path;

use anyhow::Result;

use crate::case::{Case, Report, Style};
use crate::{cases, generate, input};

/// The inputs of the suite that lie in the data folder.
const FILES: [&str; 7] = [
    "gmm_1k_d10_K25.json",
    "gmm_1k_d20_K50.json",
    "ba1.json",
    "ba_random_a.json",
    "lstm_l2_c1024.json",
    "hand_simple_small_hand1_t26_c100.json",
    "hand_complicated_small_hand1_t26_c100.json",
];

/// A row of the table: where the case comes from, and what was measured.
pub struct Row {
    /// The input, short.
    pub label: String,
    /// What was measured.
    pub report: Report,
}

/// Runs the suite: every case in every style with every tool, `seconds` for each case.
///
/// # Errors
/// Where an input cannot be read, or a tool's derivatives do not have the expected sizes.
pub fn run(data: &Path, seconds: f64) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for style in [Style::Natural, Style::Workspace] {
        for file in FILES {
            let case = cases::adbench(&input::read(&data.join(file))?, style);
            measure(file.trim_end_matches(".json"), case, seconds, &mut rows)?;
        }
        let spec = "gmm:n=1000,d=64,k=25,seed=1";
        measure(
            "gmm_1k_d64_K25",
            cases::adbench(&generate::generate(spec)?, style),
            seconds,
            &mut rows,
        )?;
        measure("lu_n100", cases::lu::case(100, style), seconds, &mut rows)?;
    }
    // Large: for the memory of the tape. Ten rounds of it are long enough.
    let spec = "gmm:n=10000,d=32,k=100,seed=1";
    let case = cases::adbench(&generate::generate(spec)?, Style::Natural);
    measure("gmm_10k_d32_K100", case, 0.0, &mut rows)?;
    for steps in [20, 1000] {
        measure(&format!("building_{steps}"), cases::building::case(steps), seconds, &mut rows)?;
    }
    Ok(rows)
}

fn measure(label: &str, mut case: Case, seconds: f64, rows: &mut Vec<Row>) -> Result<()> {
    eprintln!("measuring {label} ({})", case.style.name());
    for report in case.measure(seconds, usize::MAX)? {
        rows.push(Row {
            label: label.to_string(),
            report,
        });
    }
    Ok(())
}

/// The rows as a table in Markdown.
pub fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| case | style | tool | primal ms | annotated / primal | gradient ms | ratio | tape KiB | max error |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for Row { label, report: r } in rows {
        let error = r.max_error.map_or_else(|| "-".to_string(), |e| format!("{e:.1e}"));
        writeln!(
            text,
            "| {label} | {} | {} | {:.4} | {:.3} | {:.4} | {:.2} | {} | {error} |",
            r.style.name(),
            r.tool,
            r.primal_ms,
            r.annotated_primal_ms / r.primal_ms,
            r.gradient_ms,
            r.ratio(),
            r.tape_bytes / 1024,
        )
        .expect("writing to a string does not fail");
    }
    text
}
