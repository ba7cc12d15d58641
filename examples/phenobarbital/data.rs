//! Subjects with their doses and samples, from a table with one row an event.

use crate::common::problem::{Place, Problem};
use crate::common::table::Table;

/// One subject's history.
#[derive(Debug, Clone)]
pub struct Subject {
    /// As in the file.
    pub id: String,
    /// In the order of time; of events at one time, the order of the file holds.
    pub events: Vec<Event>,
}

/// What happened at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// Hours since birth.
    pub time: f64,
    /// A dose or a sample.
    pub what: What,
}

/// A dose or a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    /// A bolus into the vein, mg.
    Dose(f64),
    /// A measured concentration, mg/l.
    Sample(f64),
}

impl Subject {
    /// The samples: time and concentration.
    pub fn samples(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.events.iter().filter_map(|event| match event.what {
            What::Sample(concentration) => Some((event.time, concentration)),
            What::Dose(_) => None,
        })
    }
}

/// The subjects of a table with the columns `Subject`, `time`, `dose`, `conc`; an empty cell is no dose, or no sample.
pub fn subjects(table: &Table) -> Result<Vec<Subject>, Problem> {
    let [id, time, dose, conc] = ["Subject", "time", "dose", "conc"].map(|name| table.column(name));
    let (id, time, dose, conc) = (id?, time?, dose?, conc?);
    let mut subjects: Vec<Subject> = Vec::new();
    for row in 0..table.len() {
        let name = table
            .text(row, id)
            .ok_or_else(|| Problem::at(table.place(row, id), "no subject; expected the name or number of one"))?;
        let at = table
            .number(row, time, "")?
            .ok_or_else(|| Problem::at(table.place(row, time), "no time; expected hours since the start"))?;
        let events = match subjects.iter_mut().find(|subject| subject.id == name) {
            Some(subject) => &mut subject.events,
            None => {
                subjects.push(Subject {
                    id: name.into(),
                    events: Vec::new(),
                });
                let last = subjects.len() - 1;
                &mut subjects[last].events
            }
        };
        if let Some(last) = events.last().filter(|last| at < last.time) {
            let message = format!("time {at} after time {} of the same subject; sort the rows by time", last.time);
            return Err(Problem::at(table.place(row, time), message));
        }
        for (column, what) in [(dose, What::Dose as fn(f64) -> What), (conc, What::Sample)] {
            if let Some(value) = table.number(row, column, "")? {
                if value < 0.0 {
                    let message = format!("negative {} {value}; expected a number of at least 0", table.name(column));
                    return Err(Problem::at(table.place(row, column), message));
                }
                events.push(Event {
                    time: at,
                    what: what(value),
                });
            }
        }
    }
    check(table, &subjects)?;
    Ok(subjects)
}

/// Two variances per parameter cannot be told from fewer subjects, nor anything from no samples.
fn check(table: &Table, subjects: &[Subject]) -> Result<(), Problem> {
    let sampled = subjects.iter().filter(|subject| subject.samples().next().is_some()).count();
    let samples: usize = subjects.iter().map(|subject| subject.samples().count()).sum();
    if sampled < 3 || samples <= sampled {
        let message = format!(
            "{samples} samples of {sampled} subjects; the five parameters need at least three subjects and more samples than subjects"
        );
        return Err(Problem::at(Place::file(table.file()).column("conc"), message));
    }
    Ok(())
}
