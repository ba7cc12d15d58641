//! Programs that failed once.

use cotangent_fuzz::build::{Toolchain, run_programs};
use cotangent_fuzz::campaign::kept_units;

#[test]
fn what_failed_once_works_now() {
    let units = kept_units().unwrap();
    let toolchain = Toolchain::locate().unwrap();
    let found = run_programs(&toolchain, &units).unwrap();
    let _ = std::fs::remove_dir_all(&toolchain.scratch);
    assert!(found.failures.is_empty(), "{:#?}", found.failures);
}
