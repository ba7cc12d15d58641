//! Pictures as SVG: the fit, the energy's drift, the cost of a gradient.

use super::cost::{Cost, by_hand};
use super::drift::Drift;
use super::recording::Recording;
use crate::common::output::write_atomically;
use crate::common::problem::{Place, Problem};
use plotters::prelude::*;
use std::path::Path;

const INK: RGBColor = RGBColor(40, 40, 40);
const FITTED: RGBColor = RGBColor(0, 90, 160);
const RECORDED: RGBColor = RGBColor(200, 60, 20);
const THIRD: RGBColor = RGBColor(165, 165, 165);

type Drawn = Result<(), Box<dyn std::error::Error>>;

fn text(size: i32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

fn write(
    path: &Path,
    size: (u32, u32),
    draw: impl FnOnce(&DrawingArea<SVGBackend<'_>, plotters::coord::Shift>) -> Drawn,
) -> Result<(), Problem> {
    let mut svg = String::new();
    let fail =
        |e: Box<dyn std::error::Error>| Problem::at(Place::file(&path.display().to_string()), format!("cannot draw the picture: {e}"));
    {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        root.fill(&WHITE).map_err(|e| fail(e.into()))?;
        draw(&root).map_err(fail)?;
        root.present().map_err(|e| fail(e.into()))?;
    }
    write_atomically(path, svg.as_bytes())
}

/// Angles as recorded and as fitted, a strip for each rod.
///
/// # Errors
/// If the file cannot be written.
pub fn fit(path: &Path, recording: &Recording, fitted: &[Vec<f64>]) -> Result<(), Problem> {
    let n = recording.rods();
    write(path, (900, 220 * n as u32 + 40), |root| {
        let strips = root
            .titled("Angles from the vertical, rad: recorded (dots) and fitted (line)", text(20))?
            .split_evenly((n, 1));
        let (first, last) = (recording.times[0], recording.times[recording.times.len() - 1]);
        for (k, strip) in strips.iter().enumerate() {
            let (low, high) = range(recording.theta.iter().chain(fitted).map(|row| row[k]));
            let mut chart = ChartBuilder::on(strip)
                .margin(10)
                .x_label_area_size(34)
                .y_label_area_size(56)
                .build_cartesian_2d(first..last, low..high)?;
            chart
                .configure_mesh()
                .disable_mesh()
                .axis_style(INK)
                .label_style(text(13))
                .axis_desc_style(text(14))
                .x_desc("t, s")
                .y_desc(format!("theta{}", k + 1))
                .draw()?;
            let at = |row: &[Vec<f64>]| recording.times.iter().zip(row).map(|(t, row)| (*t, row[k])).collect::<Vec<_>>();
            chart.draw_series(LineSeries::new(at(fitted), FITTED.stroke_width(1)))?;
            chart.draw_series(
                at(&recording.theta)
                    .into_iter()
                    .map(|at| Circle::new(at, 2, RECORDED.mix(0.7).filled())),
            )?;
        }
        Ok(())
    })
}

/// Energy errors over time, with and without projection.
///
/// # Errors
/// If the file cannot be written.
pub fn drift(path: &Path, drift: &Drift) -> Result<(), Problem> {
    write(path, (900, 420), |root| {
        let end = drift.times[drift.times.len() - 1];
        // Below rounding there is nothing to see, and zero has no logarithm.
        let shown = |error: f64| error.max(1e-16);
        let highest = drift.plain.iter().chain(&drift.projected).fold(1e-15f64, |a, &b| a.max(b));
        let mut chart = ChartBuilder::on(root)
            .margin(16)
            .caption("Relative error of the energy, Tsit5 at rtol 1e-5, no damping", text(20))
            .x_label_area_size(40)
            .y_label_area_size(70)
            .build_cartesian_2d(0.0..end, (1e-16..3.0 * highest).log_scale())?;
        axes(&mut chart, "t, s", "relative error")?;
        for (errors, color, label) in [
            (&drift.plain, RECORDED, "as integrated"),
            (&drift.projected, FITTED, "projected on the energy"),
        ] {
            let line = drift.times.iter().zip(errors).map(|(t, error)| (*t, shown(*error)));
            chart
                .draw_series(LineSeries::new(line, color.stroke_width(2)))?
                .label(label)
                .legend(key(color));
        }
        legend(&mut chart, SeriesLabelPosition::MiddleRight)
    })
}

/// Time of a simulation and of its gradient against the number of rods.
///
/// # Errors
/// If the file cannot be written.
pub fn cost(path: &Path, costs: &[Cost]) -> Result<(), Problem> {
    let Some(first) = costs.first() else { return Ok(()) };
    let per_call = |cost: &Cost, seconds: f64| 1e6 * seconds / cost.calls as f64;
    let anchor = per_call(first, first.gradient) / by_hand(first.rods);
    let lines = [
        (
            "simulation",
            THIRD,
            costs.iter().map(|c| (c.rods as f64, per_call(c, c.simulation))).collect::<Vec<_>>(),
        ),
        (
            "gradient by all 4 N + 1 inputs",
            FITTED,
            costs.iter().map(|c| (c.rods as f64, per_call(c, c.gradient))).collect(),
        ),
        (
            "growth of the derivation by hand, 4 N^4 operations",
            RECORDED,
            costs.iter().map(|c| (c.rods as f64, anchor * by_hand(c.rods))).collect(),
        ),
    ];
    write(path, (900, 560), |root| {
        let (low, high) = lines
            .iter()
            .flat_map(|line| &line.2)
            .fold((f64::INFINITY, 0.0f64), |(a, b), at| (a.min(at.1), b.max(at.1)));
        let last = costs[costs.len() - 1].rods as f64;
        let mut chart = ChartBuilder::on(root)
            .margin(16)
            .caption("Time for each call of the right-hand side", text(20))
            .x_label_area_size(40)
            .y_label_area_size(70)
            .build_cartesian_2d((first.rods as f64..1.1 * last).log_scale(), (0.5 * low..2.0 * high).log_scale())?;
        axes(&mut chart, "N, rods", "microseconds")?;
        for (label, color, points) in lines {
            chart
                .draw_series(LineSeries::new(points.clone(), color.stroke_width(2)))?
                .label(label)
                .legend(key(color));
            chart.draw_series(points.into_iter().map(|at| Circle::new(at, 3, color.filled())))?;
        }
        legend(&mut chart, SeriesLabelPosition::UpperLeft)
    })
}

fn key(color: RGBColor) -> impl Fn((i32, i32)) -> PathElement<(i32, i32)> {
    move |(x, y)| PathElement::new(vec![(x, y), (x + 22, y)], color.stroke_width(2))
}

type Chart<'a, 'b, X, Y> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<X, Y>>;

fn axes<X, Y>(chart: &mut Chart<'_, '_, X, Y>, x: &str, y: &str) -> Drawn
where
    X: plotters::coord::ranged1d::Ranged<ValueType = f64> + plotters::coord::ranged1d::ValueFormatter<f64>,
    Y: plotters::coord::ranged1d::Ranged<ValueType = f64> + plotters::coord::ranged1d::ValueFormatter<f64>,
{
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.12))
        .axis_style(INK)
        .label_style(text(13))
        .axis_desc_style(text(15))
        .x_desc(x)
        .y_desc(y)
        .y_label_formatter(&|y| {
            if (0.01..1e4).contains(y) {
                format!("{y}")
            } else {
                format!("{y:.0e}")
            }
        })
        .draw()?;
    Ok(())
}

fn legend<'a, 'b: 'a, X, Y>(chart: &mut Chart<'a, 'b, X, Y>, position: SeriesLabelPosition) -> Drawn
where
    X: plotters::coord::ranged1d::Ranged<ValueType = f64>,
    Y: plotters::coord::ranged1d::Ranged<ValueType = f64>,
{
    chart
        .configure_series_labels()
        .position(position)
        .legend_area_size(30)
        .margin(10)
        .border_style(TRANSPARENT)
        .background_style(WHITE.mix(0.85))
        .label_font(text(14))
        .draw()?;
    Ok(())
}

fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    let margin = 0.05 * (high - low).max(1e-3);
    (low - margin, high + margin)
}
