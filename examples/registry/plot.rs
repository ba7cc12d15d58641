//! The survival curve as SVG: the fit, Kaplan-Meier behind it, and the numbers at risk below.

use super::baseline::{Curve, baseline, kaplan_meier, last_time};
use super::design::Design;
use super::fit::{Fit, Model};
use super::output::write_atomically;
use super::problem::{Place, Problem};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::path::Path;

const SIZE: (u32, u32) = (840, 600);
const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(40, 40, 40);
const FITTED: RGBColor = RGBColor(0, 90, 160);
const OBSERVED: RGBColor = RGBColor(165, 165, 165);
/// Height of the strip with the numbers at risk.
const STRIP: i32 = 62;
/// Width of the label areas left of the axes, shared by plot and strip so that their times line up.
const LEFT: i32 = 70;
const MARGIN: i32 = 24;

/// Draws the curve and writes it to `path`.
pub fn write_svg(path: &Path, design: &Design, fit: &Fit) -> Result<(), Problem> {
    let mut svg = String::new();
    draw(&mut svg, design, fit).map_err(|e| {
        Problem::at(Place::file(&path.display().to_string()), format!("cannot draw the survival curve: {e}"))
    })?;
    write_atomically(path, svg.as_bytes())
}

fn draw(svg: &mut String, design: &Design, fit: &Fit) -> Result<(), Box<dyn std::error::Error>> {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let (upper, strip) = root.split_vertically(SIZE.1 as i32 - STRIP);
    let end = last_time(design);
    let mut chart = ChartBuilder::on(&upper)
        .caption(title(fit.model), (FONT, 20).into_font().color(&INK))
        .margin_left(MARGIN)
        .margin_right(MARGIN)
        .margin_top(14)
        .x_label_area_size(46)
        .y_label_area_size(LEFT)
        .build_cartesian_2d(0.0..end, 0.0..1.0)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(INK.mix(0.12))
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .x_desc(&design.time_column)
        .y_desc("probability of no event")
        .axis_desc_style((FONT, 15).into_font().color(&INK))
        .label_style((FONT, 13).into_font().color(&INK))
        .x_labels(8)
        .y_labels(6)
        .y_label_formatter(&|p| format!("{p:.1}"))
        .draw()?;
    for (curve, color, width, name) in [
        (kaplan_meier(design), OBSERVED, 2, "Kaplan-Meier, all rows".to_string()),
        (baseline(design, fit), FITTED, 3, fitted_name(design)),
    ] {
        chart
            .draw_series(LineSeries::new(corners(&curve), color.stroke_width(width)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 22, y)], color.stroke_width(width)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .legend_area_size(30)
        .margin(10)
        .border_style(TRANSPARENT)
        .background_style(WHITE.mix(0.85))
        .label_font((FONT, 14).into_font().color(&INK))
        .draw()?;
    let ticks: Vec<(i32, f64)> =
        tick_times(end).map(|t| (chart.backend_coord(&(t, 0.0)).0, t)).collect();
    numbers_at_risk(&strip, design, &ticks)?;
    drop(chart);
    root.present()?;
    Ok(())
}

fn title(model: Model) -> &'static str {
    match model {
        Model::Cox => "Baseline survival, Cox model",
        Model::Weibull => "Baseline survival, Weibull model",
    }
}

fn fitted_name(design: &Design) -> String {
    let numeric = design.columns.iter().any(|column| !column.indicator);
    let place = match (numeric, design.factors.is_empty()) {
        (true, true) => "covariates at their means",
        (true, false) => "means and reference levels",
        _ => "reference levels",
    };
    format!("model, {place}")
}

/// The corners of the line: two at every jump of a step function.
fn corners(curve: &Curve) -> Vec<(f64, f64)> {
    let mut line = Vec::with_capacity(2 * curve.points.len());
    for (i, &(time, survival)) in curve.points.iter().enumerate() {
        if curve.steps && i > 0 {
            line.push((time, curve.points[i - 1].1));
        }
        line.push((time, survival));
    }
    line
}

/// Round times about an eighth of the axis apart.
fn tick_times(end: f64) -> impl Iterator<Item = f64> {
    let rough = end / 8.0;
    let decade = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * decade).into_iter().find(|&s| s >= rough).unwrap_or(rough);
    (0..).map(move |j| j as f64 * step).take_while(move |&t| t <= end)
}

fn numbers_at_risk<DB: DrawingBackend>(
    strip: &DrawingArea<DB, plotters::coord::Shift>,
    design: &Design,
    ticks: &[(i32, f64)],
) -> Result<(), Box<dyn std::error::Error>>
where
    DB::ErrorType: 'static,
{
    let style = |h: HPos| (FONT, 13).into_font().color(&INK).pos(Pos::new(h, VPos::Top));
    strip.draw_text("number at risk", &style(HPos::Left), (MARGIN, 6))?;
    for &(x, time) in ticks {
        let at_risk = design.time.iter().filter(|&&t| t >= time).count();
        strip.draw_text(&at_risk.to_string(), &style(HPos::Center), (x, 26))?;
    }
    Ok(())
}
