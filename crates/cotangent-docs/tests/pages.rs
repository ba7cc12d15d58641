//! The book's files, its table of contents and the list of tested pages say the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src")
}

/// Markdown files under `directory`, relative to the book.
fn files(directory: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(directory).expect("the book") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "md") && !path.ends_with("SUMMARY.md") {
            found.insert(path.strip_prefix(book()).expect("inside").to_str().expect("UTF-8").to_owned());
        }
    }
    found
}

#[test]
fn every_page_is_tested() {
    let listed: BTreeSet<String> = cotangent_docs::PAGES
        .iter()
        .filter_map(|page| page.strip_prefix("../../../book/src/"))
        .map(str::to_owned)
        .collect();
    assert_eq!(listed, files(&book()), "the list in src/lib.rs against the files of the book");
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    let summary = fs::read_to_string(book().join("SUMMARY.md")).expect("the table of contents");
    let listed: BTreeSet<String> = summary
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .map(str::to_owned)
        .collect();
    assert_eq!(listed, files(&book()));
}

/// Links between pages lead to files.
#[test]
fn links_lead_somewhere() {
    for page in files(&book()) {
        let path = book().join(&page);
        let text = fs::read_to_string(&path).expect("a page");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if target.is_empty() || target.starts_with("http") {
                continue;
            }
            assert!(
                path.parent().expect("a directory").join(target).exists(),
                "{page} links to {target}, which is not there"
            );
        }
    }
}
