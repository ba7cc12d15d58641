//! The figures that the project has promised, against what the suite measured.

use std::fmt::Write;

use crate::case::Style;
use crate::suite::Row;

/// What is looked at.
enum Figure {
    /// Gradient time over primal time, in natural style.
    Ratio(&'static str),
    /// Gradient time in natural style over that in workspace style.
    Styles(&'static str),
    /// The worst annotated primal time over un-annotated primal time of all cases.
    Annotated,
    /// The memory of the tape, in megabytes.
    Tape(&'static str),
}

/// A promise: the figure must be at most `must`, and aims at `aim`.
struct Target {
    name: &'static str,
    figure: Figure,
    must: f64,
    aim: f64,
}

const fn target(name: &'static str, figure: Figure, must: f64, aim: f64) -> Target {
    Target { name, figure, must, aim }
}

/// HAND runs several directions at a time, which wide vectors help: it has a bound for each build.
const HAND_MUST: f64 = if cfg!(target_feature = "avx2") { 12.0 } else { 20.0 };

const TARGETS: [Target; 14] = [
    target("GMM 1k d10 K25", Figure::Ratio("gmm_1k_d10_K25"), 3.0, 2.4),
    target("GMM 1k d20 K50", Figure::Ratio("gmm_1k_d20_K50"), 3.0, 2.4),
    target("GMM 1k d10 K25, natural over workspace", Figure::Styles("gmm_1k_d10_K25"), 1.2, 1.0),
    target("GMM 1k d20 K50, natural over workspace", Figure::Styles("gmm_1k_d20_K50"), 1.2, 1.0),
    target("GMM 1k d64 K25", Figure::Ratio("gmm_1k_d64_K25"), 5.3, 4.8),
    target("BA Jacobian", Figure::Ratio("ba1"), 8.0, 6.0),
    target("LSTM l2 c1024", Figure::Ratio("lstm_l2_c1024"), 2.8, 2.5),
    target("HAND simple", Figure::Ratio("hand_simple_small_hand1_t26_c100"), HAND_MUST, 8.0),
    target("building, 20 steps", Figure::Ratio("building_20"), 3.5, 2.5),
    target("building, 1000 steps", Figure::Ratio("building_1000"), 3.5, 2.5),
    target("LU n = 100", Figure::Ratio("lu_n100"), 6.0, 4.5),
    target("GMM 1k d64 K25, natural over workspace", Figure::Styles("gmm_1k_d64_K25"), 1.2, 1.0),
    target("annotated over un-annotated, the worst case", Figure::Annotated, 1.03, 1.0),
    target("tape of GMM 10k d32 K100, MB", Figure::Tape("gmm_10k_d32_K100"), 200.0, 200.0),
];

/// The promises as a table in Markdown, each with what `tool` measured.
pub fn table(rows: &[Row], tool: &str) -> String {
    let mut text = String::from("| figure | must | aim | measured | |\n|---|---|---|---|---|\n");
    for t in &TARGETS {
        let (value, verdict) = match t.figure.of(rows, tool) {
            Some(value) if value <= t.aim => (format!("{value:.2}"), "aim reached"),
            Some(value) if value <= t.must => (format!("{value:.2}"), "kept"),
            Some(value) => (format!("{value:.2}"), "MISSED"),
            None => ("-".into(), "not measured"),
        };
        writeln!(text, "| {} | {} | {} | {value} | {verdict} |", t.name, t.must, t.aim).expect("writing to a string does not fail");
    }
    text
}

impl Figure {
    fn of(&self, rows: &[Row], tool: &str) -> Option<f64> {
        let find = |label: &str, style: Style| {
            let is = |row: &&Row| row.label == label && row.report.style == style && row.report.tool == tool;
            rows.iter().find(is).map(|row| &row.report)
        };
        match self {
            Figure::Ratio(label) => Some(find(label, Style::Natural)?.ratio()),
            Figure::Styles(label) => Some(find(label, Style::Natural)?.gradient_ms / find(label, Style::Workspace)?.gradient_ms),
            Figure::Annotated => {
                let own = rows.iter().filter(|row| row.report.tool == tool);
                own.map(|row| row.report.annotated_primal_ms / row.report.primal_ms)
                    .reduce(f64::max)
            }
            Figure::Tape(label) => Some(find(label, Style::Natural)?.tape_bytes as f64 / 1e6),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Report;

    fn row(label: &str, style: Style, gradient_ms: f64) -> Row {
        let report = Report {
            kind: "gmm".into(),
            style,
            tool: "abacus",
            primal_ms: 2.0,
            annotated_primal_ms: 2.5,
            gradient_ms,
            tape_bytes: 0,
            peak_rss_bytes: None,
            max_error: None,
            derivatives: serde_json::Map::new(),
        };
        Row {
            label: label.into(),
            report,
        }
    }

    #[test]
    fn figures_are_judged() {
        let label = "gmm_1k_d10_K25";
        let rows = [row(label, Style::Natural, 5.0), row(label, Style::Workspace, 2.5)];
        let text = table(&rows, "abacus");
        assert!(text.contains("| GMM 1k d10 K25 | 3 | 2.4 | 2.50 | kept |"), "{text}");
        assert!(text.contains("natural over workspace | 1.2 | 1 | 2.00 | MISSED |"), "{text}");
        assert!(
            text.contains("| annotated over un-annotated, the worst case | 1.03 | 1 | 1.25 | MISSED |"),
            "{text}"
        );
        assert!(text.contains("| LU n = 100 | 6 | 4.5 | - | not measured |"), "{text}");
        assert!(!table(&rows, "another").contains("kept"));
    }
}
