//! Observed against fitted, as SVG: one panel a subject, and all samples in one.

use super::data::Subject;
use super::fit::Fit;
use super::model::{concentration, fitted};
use crate::common::output::write_atomically;
use crate::common::problem::{Place, Problem};
use plotters::prelude::*;
use std::path::Path;

const INK: RGBColor = RGBColor(40, 40, 40);
const FITTED: RGBColor = RGBColor(0, 90, 160);
const TYPICAL: RGBColor = RGBColor(165, 165, 165);
const OBSERVED: RGBColor = RGBColor(200, 60, 20);
/// Panels in a row.
const ACROSS: usize = 8;
const PANEL: (u32, u32) = (190, 150);
const HEAD: u32 = 56;

type Drawn = Result<(), Box<dyn std::error::Error>>;

/// Writes a panel for every subject: its curve, that of a typical subject, and the samples.
pub fn write_panels(path: &Path, subjects: &[Subject], fit: &Fit) -> Result<(), Problem> {
    let mut svg = String::new();
    panels(&mut svg, subjects, fit).map_err(|e| cannot_draw(path, &*e))?;
    write_atomically(path, svg.as_bytes())
}

/// Writes observed against fitted concentrations, all subjects in one square.
pub fn write_square(path: &Path, subjects: &[Subject], fit: &Fit) -> Result<(), Problem> {
    let mut svg = String::new();
    square(&mut svg, subjects, fit).map_err(|e| cannot_draw(path, &*e))?;
    write_atomically(path, svg.as_bytes())
}

/// Labels of axes are whole numbers here.
fn whole(x: &f64) -> String {
    format!("{x:.0}")
}

fn cannot_draw(path: &Path, e: &dyn std::error::Error) -> Problem {
    Problem::at(Place::file(&path.display().to_string()), format!("cannot draw the picture: {e}"))
}

fn ends(subjects: &[Subject]) -> (f64, f64) {
    let times = subjects.iter().flat_map(|subject| &subject.events).map(|event| event.time);
    let samples = subjects.iter().flat_map(Subject::samples).map(|(_, concentration)| concentration);
    (times.fold(0.0, f64::max), samples.fold(0.0, f64::max))
}

fn panels(svg: &mut String, subjects: &[Subject], fit: &Fit) -> Drawn {
    let down = subjects.len().div_ceil(ACROSS);
    let size = (PANEL.0 * ACROSS as u32, PANEL.1 * down as u32 + HEAD);
    let root = SVGBackend::with_string(svg, size).into_drawing_area();
    root.fill(&WHITE)?;
    let (head, body) = root.split_vertically(HEAD);
    let text = |size: i32| ("sans-serif", size).into_font().color(&INK);
    head.draw_text("Phenobarbital in serum, mg/l, against hours since birth", &text(20), (16, 8))?;
    let mut x = 16;
    for (color, label) in [
        (OBSERVED, "samples"),
        (FITTED, "the subject's own clearance and volume"),
        (TYPICAL, "those of a typical subject"),
    ] {
        head.draw(&Circle::new((x + 4, 44), 4, color.filled()))?;
        head.draw_text(label, &text(14), (x + 14, 37))?;
        x += 40 + 7 * label.len() as i32;
    }
    let (end, highest) = ends(subjects);
    for ((area, subject), effects) in body.split_evenly((down, ACROSS)).iter().zip(subjects).zip(&fit.effects) {
        let mut chart = ChartBuilder::on(area)
            .margin(6)
            .x_label_area_size(18)
            .y_label_area_size(26)
            .caption(format!("subject {}", subject.id), text(12))
            .build_cartesian_2d(0.0..end, 0.0..1.1 * highest)?;
        chart
            .configure_mesh()
            .disable_mesh()
            .axis_style(INK)
            .x_labels(4)
            .y_labels(4)
            .x_label_formatter(&whole)
            .y_label_formatter(&whole)
            .label_style(text(10))
            .draw()?;
        for (effects, color) in [(&[0.0, 0.0][..], TYPICAL), (effects, FITTED)] {
            let last = subject.events.last().map_or(end, |event| event.time);
            let line = (0..=200).map(|k| f64::from(k) / 200.0 * last);
            let line: Vec<_> = line.map(|time| (time, concentration(effects, &fit.theta, subject, time))).collect();
            // Above the panel there is no room: the line ends there rather than run along the edge.
            for part in line.split(|at| at.1 > 1.1 * highest) {
                chart.draw_series(LineSeries::new(part.iter().copied(), &color))?;
            }
        }
        chart.draw_series(subject.samples().map(|at| Circle::new(at, 3, OBSERVED.filled())))?;
    }
    root.present()?;
    Ok(())
}

fn square(svg: &mut String, subjects: &[Subject], fit: &Fit) -> Drawn {
    let root = SVGBackend::with_string(svg, (640, 640)).into_drawing_area();
    root.fill(&WHITE)?;
    let text = |size: i32| ("sans-serif", size).into_font().color(&INK);
    let pairs = |own: bool| -> Vec<(f64, f64)> {
        let of = |(subject, effects): (&Subject, &Vec<f64>)| {
            let fitted = fitted(if own { effects } else { &[0.0, 0.0] }, &fit.theta, subject);
            fitted
                .into_iter()
                .zip(subject.samples())
                .map(|(fitted, (_, seen))| (fitted, seen))
                .collect::<Vec<_>>()
        };
        subjects.iter().zip(&fit.effects).flat_map(of).collect()
    };
    let (typical, own) = (pairs(false), pairs(true));
    let highest = 1.05 * typical.iter().chain(&own).map(|(x, y)| x.max(*y)).fold(0.0, f64::max);
    let mut chart = ChartBuilder::on(&root)
        .margin(20)
        .caption("Observed against fitted", text(20))
        .x_label_area_size(44)
        .y_label_area_size(52)
        .build_cartesian_2d(0.0..highest, 0.0..highest)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .axis_style(INK)
        .label_style(text(13))
        .axis_desc_style(text(15))
        .x_label_formatter(&whole)
        .y_label_formatter(&whole)
        .x_desc("fitted, mg/l")
        .y_desc("observed, mg/l")
        .draw()?;
    chart.draw_series(LineSeries::new([(0.0, 0.0), (highest, highest)], &TYPICAL))?;
    for (points, color, label) in [
        (typical, TYPICAL, "by a typical subject"),
        (own, FITTED, "by the subject's own effects"),
    ] {
        chart
            .draw_series(points.into_iter().map(|at| Circle::new(at, 3, color.filled())))?
            .label(label)
            .legend(move |(x, y)| Circle::new((x + 10, y), 4, color.filled()));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .border_style(TRANSPARENT)
        .label_font(text(14))
        .draw()?;
    drop(chart);
    root.present()?;
    Ok(())
}
