//! The survival curve as SVG: the fit, Kaplan-Meier behind it, and the numbers at risk below.

use super::baseline::{Curve, baseline, kaplan_meier, last_time};
use super::design::Design;
use super::fit::{Fit, Model};
use crate::common::output::write_atomically;
use crate::common::problem::{Place, Problem};
use plotters::coord::Shift;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::ops::Range;
use std::path::Path;

const SIZE: (u32, u32) = (840, 600);
/// plotters rounds to whole units, which makes a smooth curve ragged: draw in quarters of a pixel.
const UNIT: i32 = 4;
const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(40, 40, 40);
const FITTED: RGBColor = RGBColor(0, 90, 160);
const OBSERVED: RGBColor = RGBColor(165, 165, 165);
/// Height of the strip with the numbers at risk.
const STRIP: i32 = 62 * UNIT;
const LEFT: i32 = 70 * UNIT;
const MARGIN: i32 = 24 * UNIT;

/// Draws the curve and writes it to `path`.
pub fn write_svg(path: &Path, design: &Design, fit: &Fit) -> Result<(), Problem> {
    let mut svg = String::new();
    draw(&mut svg, design, fit).map_err(|e| {
        Problem::at(
            Place::file(&path.display().to_string()),
            format!("cannot draw the survival curve: {e}"),
        )
    })?;
    write_atomically(path, shown_in_pixels(&svg).as_bytes())
}

/// The size to show is in pixels; the view box keeps the finer units of the drawing.
fn shown_in_pixels(svg: &str) -> String {
    let (width, height) = canvas();
    let drawn = format!("<svg width=\"{width}\" height=\"{height}\"");
    svg.replacen(&drawn, &format!("<svg width=\"{}\" height=\"{}\"", SIZE.0, SIZE.1), 1)
}

fn canvas() -> (u32, u32) {
    (SIZE.0 * UNIT as u32, SIZE.1 * UNIT as u32)
}

fn font(size: i32) -> TextStyle<'static> {
    (FONT, size * UNIT).into_font().color(&INK)
}

fn draw(svg: &mut String, design: &Design, fit: &Fit) -> Result<(), Box<dyn std::error::Error>> {
    let root = SVGBackend::with_string(svg, canvas()).into_drawing_area();
    root.fill(&WHITE)?;
    let (upper, strip) = root.split_vertically(canvas().1 as i32 - STRIP);
    upper.draw_text(title(fit.model), &font(20), (MARGIN + LEFT, 16 * UNIT))?;
    let end = last_time(design);
    let ticks: Vec<f64> = tick_times(end).collect();
    let mut chart = ChartBuilder::on(&upper)
        .margin_left(MARGIN)
        .margin_right(MARGIN)
        .margin_top(52 * UNIT)
        .x_label_area_size(46 * UNIT)
        .y_label_area_size(LEFT)
        .build_cartesian_2d(TimeAxis { end, ticks: ticks.clone() }, 0.0..1.0)?;
    draw_axes(&mut chart, design)?;
    for (curve, color, width, name) in [
        (kaplan_meier(design), OBSERVED, 2, "Kaplan-Meier, all rows"),
        (baseline(design, fit), FITTED, 3, fitted_name(design)),
    ] {
        let line = color.stroke_width(width * UNIT as u32);
        let key = move |(x, y)| PathElement::new(vec![(x, y), (x + 22 * UNIT, y)], line);
        chart.draw_series(LineSeries::new(corners(&curve), line))?.label(name).legend(key);
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .legend_area_size(30 * UNIT)
        .margin(10 * UNIT)
        .border_style(TRANSPARENT)
        .background_style(WHITE.mix(0.85))
        .label_font(font(14))
        .draw()?;
    let places: Vec<(i32, f64)> = ticks.into_iter().map(|t| (chart.backend_coord(&(t, 0.0)).0, t)).collect();
    numbers_at_risk(&strip, design, &places)?;
    drop(chart);
    root.present()?;
    Ok(())
}

/// Time from 0 to `end`, labelled at the times of the numbers at risk.
struct TimeAxis {
    end: f64,
    ticks: Vec<f64>,
}

impl Ranged for TimeAxis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, time: &f64, (low, high): (i32, i32)) -> i32 {
        low + (time / self.end * f64::from(high - low)).round() as i32
    }

    fn key_points<H: KeyPointHint>(&self, _: H) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        0.0..self.end
    }
}

type Axes = Cartesian2d<TimeAxis, RangedCoordf64>;

fn draw_axes(chart: &mut ChartContext<'_, SVGBackend<'_>, Axes>, design: &Design) -> Result<(), Box<dyn std::error::Error>> {
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(INK.mix(0.12).stroke_width(UNIT as u32))
        .light_line_style(TRANSPARENT)
        .axis_style(INK.stroke_width(UNIT as u32))
        .set_all_tick_mark_size(5 * UNIT)
        .x_desc(&design.time_column)
        .y_desc("probability of no event")
        .axis_desc_style(font(15))
        .label_style(font(13))
        .y_labels(6)
        // Shortest form without the digits that multiplying by the step left behind.
        .x_label_formatter(&|t| format!("{t:.6}").trim_end_matches('0').trim_end_matches('.').to_string())
        .y_label_formatter(&|p| format!("{p:.1}"))
        .draw()?;
    Ok(())
}

fn title(model: Model) -> &'static str {
    match model {
        Model::Cox => "Baseline survival, Cox model",
        Model::Weibull => "Baseline survival, Weibull model",
    }
}

fn fitted_name(design: &Design) -> &'static str {
    let numeric = design.columns.iter().any(|column| !column.indicator);
    match (numeric, design.factors.is_empty()) {
        (_, true) => "model, covariates at their means",
        (true, false) => "model, at means and reference levels",
        (false, false) => "model, at reference levels",
    }
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

/// Round times, at most eleven.
fn tick_times(end: f64) -> impl Iterator<Item = f64> {
    let rough = end / 10.0;
    let decade = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|m| m * decade)
        .into_iter()
        .find(|&s| s >= rough)
        .unwrap_or(rough);
    (0..).map(move |j| f64::from(j) * step).take_while(move |&t| t <= end)
}

fn numbers_at_risk(
    strip: &DrawingArea<SVGBackend<'_>, Shift>,
    design: &Design,
    places: &[(i32, f64)],
) -> Result<(), Box<dyn std::error::Error>> {
    let style = |h: HPos| font(13).pos(Pos::new(h, VPos::Top));
    strip.draw_text("number at risk", &style(HPos::Left), (MARGIN, 6 * UNIT))?;
    for &(x, time) in places {
        let at_risk = design.time.iter().filter(|&&t| t >= time).count();
        strip.draw_text(&at_risk.to_string(), &style(HPos::Center), (x, 26 * UNIT))?;
    }
    Ok(())
}
