//! A few random programs in every test run; `COTANGENT_FUZZ=2000` runs as many as CI does.
//!
//! `COTANGENT_FUZZ_SEED` chooses another seed, `COTANGENT_FUZZ_WITHOUT` leaves out rows, separated by commas.

use cotangent_fuzz::campaign::Campaign;
use cotangent_fuzz::generate::Rows;
use cotangent_fuzz::glue::Derivatives;
use std::time::Duration;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name}: found {text:?}, expected a whole number"))
    })
}

fn campaign() -> Campaign {
    let without = std::env::var("COTANGENT_FUZZ_WITHOUT").unwrap_or_default();
    Campaign {
        seed: number("COTANGENT_FUZZ_SEED", 1),
        first: 0,
        count: number("COTANGENT_FUZZ", 60) as usize,
        rows: Rows {
            without: without.split(',').map(str::to_owned).collect(),
            ..Rows::default()
        },
        derivatives: Derivatives::All,
        patience: Duration::from_secs(60),
        shrink_at_most: 3,
    }
}

#[test]
fn reverse_forward_and_differences_agree() {
    let campaign = campaign();
    let report = campaign.run().unwrap();
    println!("{}", report.coverage.table());
    for (small, file) in &report.minimal {
        println!("{}: {}\n{}", file.display(), small.failure, small.source);
    }
    assert!(report.tally.failures.is_empty(), "{:#?}", report.tally.failures);
    // The rows are counted where the number of programs says something.
    if campaign.count >= 2000 {
        assert_eq!(report.coverage.rare(&campaign.rows), [], "rows in fewer than 50 of 2,000 programs");
    }
    // Kinks are rare: differences that are left out must not hide a mode that is never compared.
    assert!(
        report.tally.skipped * 50 < report.tally.differences,
        "{} of {} left out",
        report.tally.skipped,
        report.tally.differences
    );
}
