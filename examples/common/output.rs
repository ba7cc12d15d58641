//! Where results go: whole files, or none.

use super::problem::{Place, Problem};
use std::path::Path;

/// Writes the file under a temporary name beside it and renames it, so that nobody reads half of it.
/// The folder is made if it does not exist.
pub fn write_atomically(path: &Path, content: &[u8]) -> Result<(), Problem> {
    let fail = |e: std::io::Error| Problem::at(Place::file(&path.display().to_string()), format!("cannot write the file: {e}"));
    let Some(name) = path.file_name() else {
        return Err(Problem::Usage(format!(
            "expected a file name to write to, found \"{}\"",
            path.display()
        )));
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    let mut temporary = name.to_os_string();
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(temporary);
    std::fs::write(&temporary, content)
        .and_then(|()| std::fs::rename(&temporary, path))
        .map_err(|e| {
            // The rename may have failed with the temporary file in place; if it is not there, all is well.
            let _ = std::fs::remove_file(&temporary);
            fail(e)
        })
}
