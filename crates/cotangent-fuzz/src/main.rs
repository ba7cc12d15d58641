//! The command: `cargo run -p cotangent-fuzz -- --count 2000 --seed 1`.

use clap::Parser;
use cotangent_fuzz::campaign::{Campaign, Report};
use cotangent_fuzz::generate::{Rows, formatted};
use cotangent_fuzz::glue::Derivatives;
use cotangent_fuzz::shrink::kind;
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Compares reverse mode, forward mode and central differences on random programs.
#[derive(Debug, Parser)]
struct Options {
    /// How many programs.
    #[arg(long, default_value_t = 2000)]
    count: usize,
    /// The seed of the run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The number of the first program, to run a part again.
    #[arg(long, default_value_t = 0)]
    first: usize,
    /// Only these rows, separated by commas (see --rows).
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// None of these rows, separated by commas.
    #[arg(long, value_delimiter = ',')]
    without: Vec<String>,
    /// Replace the attributes by nothing: tests the generator itself.
    #[arg(long)]
    plain: bool,
    /// Reverse mode and differences alone.
    #[arg(long, conflicts_with = "plain")]
    reverse: bool,
    /// Forward mode and differences alone.
    #[arg(long, conflicts_with_all = ["plain", "reverse"])]
    forward: bool,
    /// Seconds to shrink one failing program; 0 shrinks and keeps nothing.
    #[arg(long, default_value_t = 120)]
    patience: u64,
    /// How many failing programs to shrink, one for each kind of failure.
    #[arg(long, default_value_t = 5)]
    shrink: usize,
    /// Print the programs instead of running them.
    #[arg(long)]
    print: bool,
    /// Print the coverage instead of running the programs.
    #[arg(long)]
    rows: bool,
    /// Instead of random programs, run three small ones for every row and list the rows that fail.
    #[arg(long)]
    each_row: bool,
    /// Print at most this many failures in full.
    #[arg(long, default_value_t = 20)]
    show: usize,
}

impl Options {
    const fn derivatives(&self) -> Derivatives {
        match (self.plain, self.reverse, self.forward) {
            (true, ..) => Derivatives::None,
            (_, true, _) => Derivatives::Reverse,
            (.., true) => Derivatives::Forward,
            _ => Derivatives::All,
        }
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    let rows = Rows {
        only: options.only.iter().cloned().collect(),
        without: options.without.iter().cloned().collect(),
    };
    let unknown: Vec<&String> = rows.only.iter().chain(&rows.without).filter(|row| !known(row)).collect();
    if !unknown.is_empty() {
        eprintln!("no such rows: {unknown:?}; --rows prints all of them");
        return ExitCode::FAILURE;
    }
    let campaign = Campaign {
        seed: options.seed,
        first: options.first,
        count: options.count,
        rows,
        derivatives: options.derivatives(),
        patience: Duration::from_secs(options.patience),
        shrink_at_most: options.shrink,
    };
    if options.print {
        campaign
            .programs()
            .iter()
            .for_each(|program| println!("{}", formatted(&program.module(options.derivatives()))));
        return ExitCode::SUCCESS;
    }
    if options.rows {
        let coverage = cotangent_fuzz::coverage::Coverage::of(&campaign.programs());
        println!("{}\nrare: {:?}", coverage.table(), coverage.rare(&campaign.rows));
        return ExitCode::SUCCESS;
    }
    if options.each_row {
        return each_row(&campaign, options.show);
    }
    let start = Instant::now();
    match campaign.run() {
        Ok(report) => summarise(&campaign, &report, options.show, start.elapsed()),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn each_row(campaign: &Campaign, show: usize) -> ExitCode {
    let failing = match campaign.run_each_row() {
        Ok(failing) => failing,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    for (row, failures) in failing.iter().take(show) {
        println!("== {row}\n{}", failures[0]);
    }
    let firsts: Vec<(String, String)> = failing
        .iter()
        .map(|(row, failures)| ((*row).to_owned(), failures[0].clone()))
        .collect();
    for (kind, rows) in kinds(&firsts) {
        println!("-- {kind}\n   {}", rows.join(", "));
    }
    println!("{} of {} rows fail", failing.len(), cotangent_fuzz::catalogue::rows().len());
    if failing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn known(row: &str) -> bool {
    cotangent_fuzz::catalogue::rows().contains(row)
}

/// The failing programs by the way they fail.
fn kinds(failures: &[(String, String)]) -> BTreeMap<String, Vec<&str>> {
    let mut kinds: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, failure) in failures {
        kinds.entry(kind(failure)).or_default().push(name);
    }
    kinds
}

fn summarise(campaign: &Campaign, report: &Report, show: usize, elapsed: Duration) -> ExitCode {
    println!("{}", report.coverage.table());
    let tally = &report.tally;
    for (kind, names) in &kinds(&tally.failures) {
        println!("{:5} times {kind} (first: {})", names.len(), names[0]);
    }
    for (name, failure) in tally.failures.iter().take(show) {
        println!("\n{name}: {failure}");
    }
    for (small, file) in &report.minimal {
        println!("\n{} shrunk to {}: {}\n{}", small.name, file.display(), small.failure, small.source);
    }
    let rare = report.coverage.rare(&campaign.rows);
    if !rare.is_empty() {
        println!("\nrows in fewer than one program of forty: {rare:?}");
    }
    let (failures, count) = (tally.failures.len(), campaign.count);
    println!(
        "\n{count} programs, {failures} failures, {} differences compared, {} left out at kinks, {:.0} s",
        tally.differences,
        tally.skipped,
        elapsed.as_secs_f64()
    );
    if failures == 0 && rare.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
