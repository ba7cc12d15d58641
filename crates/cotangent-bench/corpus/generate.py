#!/usr/bin/env python3
"""Writes src/part0.rs .. part9.rs: 300 functions of about 12 lines, thirty shapes in ten variants each.

The shapes are what people differentiate: likelihoods, potentials, recurrences, small linear algebra, filters, pricing.
The output is kept in the repository, so that a measurement has the same input every time. Run it after editing a shape:

    python3 crates/cotangent-bench/corpus/generate.py
"""

import os
import random
from string import Template

SMOOTH = ["sin", "cos", "tanh", "exp", "atan", "sinh"]

SHAPES = {
    "gaussian_log_likelihood": """
/// Log-likelihood of samples under a normal distribution with a shifted mean.
fn $name(mean: f64, log_sd: f64, samples: &[f64]) -> f64 {
    let sd = log_sd.exp() + $a;
    let mut total = 0.0;
    for i in 0..samples.len() {
        let z = (samples[i] - mean * $b) / sd;
        if z.abs() > $c {
            total -= $c * z.abs() - 0.5 * $c * $c;
        } else {
            total -= 0.5 * z * z;
        }
    }
    total - (samples.len() as f64) * sd.ln()
}
""",
    "polynomial": """
/// A polynomial by Horner's rule, squashed.
fn $name(x: f64, coefficients: &[f64]) -> f64 {
    let mut value = $a;
    let mut k = coefficients.len();
    while k > 0 {
        k -= 1;
        value = value * x + coefficients[k];
        if value > $c {
            value = $c + (value - $c) * $b;
        }
    }
    let squashed = value.$f();
    squashed * x + $b * value
}
""",
    "pendulum": """
/// The energy of a damped pendulum after some steps of semi-implicit Euler.
fn $name(angle: f64, velocity: f64, steps: usize, dt: f64) -> f64 {
    let mut q = angle;
    let mut v = velocity;
    for _ in 0..steps {
        let force = -$a * q.sin() - $b * v;
        v += dt * force;
        q += dt * v;
    }
    let kinetic = 0.5 * v * v;
    let potential = $a * (1.0 - q.cos());
    kinetic + potential + $c * q.$f()
}
""",
    "newton_root": """
/// A root by Newton's method, as many steps as it takes.
fn $name(a: f64, start: f64) -> f64 {
    let mut x = start;
    let mut count = 0;
    while count < 50 {
        let value = x * x * x + $a * x - a;
        let slope = 3.0 * x * x + $a + $b;
        let step = value / slope;
        x -= step;
        if step.abs() < 1e-12 {
            return x * $c;
        }
        count += 1;
    }
    x
}
""",
    "softmax_loss": """
/// Cross entropy of a softmax with temperature.
fn $name(scores: &[f64], label: usize, temperature: f64) -> f64 {
    let t = temperature + $a;
    let mut top = scores[0] / t;
    for i in 1..scores.len() {
        top = top.max(scores[i] / t);
    }
    let mut sum = $b;
    for i in 0..scores.len() {
        sum += (scores[i] / t - top).exp();
    }
    let log = top + sum.ln();
    log - scores[label] / t + $c * t * t
}
""",
    "smooth": """
/// Relaxes a line of values in place.
fn $name(u: &mut [f64], rate: f64, sweeps: usize) {
    let n = u.len();
    for sweep in 0..sweeps {
        for i in 1..n - 1 {
            let curvature = u[i - 1] - 2.0 * u[i] + u[i + 1];
            u[i] += rate * $a * curvature;
            if sweep % 2 == 1 {
                u[i] -= $b * u[i] * u[i].$f();
            }
        }
        u[0] = u[1] * $c;
        u[n - 1] = u[n - 2] * $c;
    }
}
""",
    "matrix_vector": """
/// One dense layer with a bias, and an activation.
fn $name(w: &[f64], b: &[f64], x: &[f64], out: &mut [f64]) {
    let n = x.len();
    for i in 0..out.len() {
        let mut sum = b[i] * $a;
        for j in 0..n {
            sum += w[i * n + j] * x[j];
        }
        out[i] = if sum > 0.0 {
            sum.$f()
        } else {
            $b * sum - $c
        };
    }
}
""",
    "lennard_jones": """
/// The energy of particles on a line, cut off.
fn $name(x: &[f64], sigma: f64) -> f64 {
    let mut energy = 0.0;
    for i in 0..x.len() {
        for j in 0..i {
            let r = (x[i] - x[j]).abs() + $a;
            if r > $c {
                continue;
            }
            let s = (sigma / r).powi(6);
            energy += 4.0 * $b * (s * s - s);
        }
    }
    energy
}
""",
    "black_scholes": """
/// A smooth stand-in for the price of an option.
fn $name(spot: f64, strike: f64, vol: f64, time: f64) -> f64 {
    let root = vol * (time + $a).sqrt();
    let d1 = ((spot / strike).ln() + (0.02 + 0.5 * vol * vol) * time) / root;
    let d2 = d1 - root;
    let n1 = 0.5 * (1.0 + (d1 * $b).tanh());
    let n2 = 0.5 * (1.0 + (d2 * $b).tanh());
    let discount = (-0.02 * time).exp();
    let price = spot * n1 - strike * discount * n2;
    if price < $c {
        return $c + 0.1 * (price - $c);
    }
    price
}
""",
    "dot_and_norm": """
/// A similarity of two vectors.
fn $name(a: &[f64], b: &[f64]) -> f64 {
    let mut dot = 0.0;
    let mut norm_a = $a;
    let mut norm_b = $a;
    for (x, y) in a.iter().zip(b.iter()) {
        dot += x * y;
        norm_a += x * x;
        norm_b += y * y;
    }
    let cosine = dot / (norm_a * norm_b).sqrt();
    let bent = cosine.$f();
    bent * $b + $c * cosine
}
""",
    "kalman": """
/// A scalar Kalman filter: the log-likelihood of what was seen.
fn $name(seen: &[f64], drift: f64, noise: f64) -> f64 {
    let mut mean = 0.0;
    let mut variance = $a;
    let mut total = 0.0;
    for i in 0..seen.len() {
        mean = drift * mean;
        variance = drift * drift * variance + noise * noise;
        let spread = variance + $b;
        let gap = seen[i] - mean;
        total -= 0.5 * (gap * gap / spread + spread.ln());
        let gain = variance / spread;
        mean += gain * gap * $c;
        variance *= 1.0 - gain;
    }
    total
}
""",
    "triangle": """
/// Forward substitution with a lower triangle, in place.
fn $name(l: &[f64], b: &mut [f64]) -> f64 {
    let n = b.len();
    let mut total = 0.0;
    for i in 0..n {
        for j in 0..i {
            b[i] -= l[i * n + j] * b[j];
        }
        b[i] /= l[i * n + i] + $a;
        total += $b * b[i] * b[i];
    }
    total.sqrt() + $c * b[n - 1].$f()
}
""",
    "running": """
/// Running sums and an exponential average, updated in place.
fn $name(x: &[f64], state: &mut [f64; 3], decay: f64) -> f64 {
    let mut worst = 0.0;
    for value in x.iter() {
        state[0] += value;
        state[1] += value * value * $a;
        state[2] = decay * state[2] + (1.0 - decay) * value;
        let gap = value - state[2];
        if gap * gap > worst {
            worst = gap * gap;
        }
    }
    worst.sqrt() + $b * state[1] + $c * state[0].$f()
}
""",
    "rotate": """
/// Rotates points in the plane and measures how far they moved.
fn $name(points: &[[f64; 2]], angle: f64, pull: f64) -> f64 {
    let c = (angle * $a).cos();
    let s = (angle * $a).sin();
    let mut moved = 0.0;
    for i in 0..points.len() {
        let p = points[i];
        let x = c * p[0] - s * p[1] + pull;
        let y = s * p[0] + c * p[1] - $b * pull;
        let dx = x - p[0];
        let dy = y - p[1];
        moved += (dx * dx + dy * dy + $c).sqrt();
    }
    moved
}
""",
    "predator": """
/// Predators and prey: their product after some steps.
fn $name(start: (f64, f64), birth: f64, death: f64, steps: usize) -> f64 {
    let (mut prey, mut hunter) = start;
    let dt = 0.01;
    for _ in 0..steps {
        let met = $a * prey * hunter;
        let prey_dot = birth * prey - met;
        let hunter_dot = $b * met - death * hunter;
        prey += dt * prey_dot;
        hunter += dt * hunter_dot;
    }
    (prey * hunter + $c).ln()
}
""",
    "regression": """
/// The penalised squared error of a linear model.
fn $name(beta: &[f64], x: &[f64], y: &[f64], penalty: f64) -> f64 {
    let p = beta.len();
    let mut loss = 0.0;
    for i in 0..y.len() {
        let mut fit = $a;
        for j in 0..p {
            fit += beta[j] * x[i * p + j];
        }
        let gap = fit.$f() - y[i];
        loss += gap * gap / ($b + gap.abs());
    }
    let mut size = 0.0;
    for j in 0..p {
        size += (beta[j] * beta[j] + $c).sqrt();
    }
    loss + penalty * size
}
""",
    "piecewise": """
/// A rate by bracket, as in a tax table.
fn $name(income: f64, scale: f64) -> f64 {
    let x = income * scale;
    let due = if x < $a {
        0.1 * x
    } else if x < $b + $a {
        0.1 * $a + 0.2 * (x - $a)
    } else {
        0.1 * $a + 0.2 * $b + 0.35 * (x - $a - $b)
    };
    let relief = $c / (1.0 + (x * 0.1).exp());
    due - relief.$f()
}
""",
    "choose": """
/// An activation chosen by number.
fn $name(x: f64, kind: usize, slope: f64) -> f64 {
    let y = match kind {
        0 => x.max(0.0),
        1 => x.tanh(),
        2 => 1.0 / (1.0 + (-x).exp()),
        3 => x.$f() * $a,
        _ => slope * x,
    };
    let gate = (y * slope + $b).tanh();
    let mixed = gate * y + (1.0 - gate) * x;
    mixed + $c * slope * slope
}
""",
    "convolve": """
/// A valid convolution and its energy.
fn $name(signal: &[f64], kernel: &[f64]) -> f64 {
    let mut out = vec![0.0; signal.len() - kernel.len() + 1];
    for i in 0..out.len() {
        for j in 0..kernel.len() {
            out[i] += signal[i + j] * kernel[j];
        }
    }
    let mut energy = $a;
    for i in 0..out.len() {
        energy += (out[i] * $b).$f() + $c * out[i] * out[i];
    }
    energy
}
""",
    "interpolate": """
/// Linear interpolation in a table with a smooth edge.
fn $name(table: &[f64], x: f64) -> f64 {
    let last = table.len() - 1;
    let mut k = 0;
    while k + 1 < last && ((k + 1) as f64) * $a < x {
        k += 1;
    }
    let low = (k as f64) * $a;
    let t = (x - low) / $a;
    let bent = t * t * (3.0 - 2.0 * t);
    let line = table[k] + (table[k + 1] - table[k]) * t;
    line * (1.0 - $b) + $b * (table[k] + (table[k + 1] - table[k]) * bent) + $c * x
}
""",
    "gather": """
/// Sums chosen entries, with a weight that falls.
fn $name(values: &[f64], picks: &[usize], fall: f64) -> f64 {
    let mut weight = 1.0;
    let mut total = 0.0;
    for k in 0..picks.len() {
        let value = values[picks[k]];
        if value < -$c {
            break;
        }
        total += weight * value.$f();
        weight *= fall * $a;
    }
    total + $b * weight
}
""",
    "swap_sum": """
/// Sorts three values and weighs them.
fn $name(a: f64, b: f64, c: f64) -> f64 {
    let mut v = [a, b, c];
    for i in 0..2 {
        for j in 0..2 - i {
            if v[j] > v[j + 1] {
                v.swap(j, j + 1);
            }
        }
    }
    let spread = v[2] - v[0] + $a;
    let lean = (v[1] - v[0]) / spread;
    lean.$f() * $b + $c * spread.ln()
}
""",
    "rk4": """
/// One step of Runge and Kutta's method for a driven oscillator.
fn $name(x: f64, v: f64, t: f64, h: f64) -> f64 {
    let k1 = v;
    let l1 = -$a * x - $b * v + (t * $c).cos();
    let k2 = v + 0.5 * h * l1;
    let l2 = -$a * (x + 0.5 * h * k1) - $b * k2 + ((t + 0.5 * h) * $c).cos();
    let k3 = v + 0.5 * h * l2;
    let l3 = -$a * (x + 0.5 * h * k2) - $b * k3 + ((t + 0.5 * h) * $c).cos();
    let k4 = v + h * l3;
    let next = x + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    let speed = v + h / 6.0 * (l1 + 2.0 * l2 + 3.0 * l3);
    next * next + speed.$f()
}
""",
    "cumulate": """
/// A cumulative product and its share in the total.
fn $name(x: &[f64], out: &mut Vec<f64>) -> f64 {
    out.clear();
    let mut running = $a;
    let mut total = 0.0;
    for i in 0..x.len() {
        running *= 1.0 + $b * x[i];
        out.push(running);
        total += running;
    }
    let share = running / (total + $c);
    share.$f() + share * share
}
""",
    "geometry": """
/// The area of a triangle by its sides, and a bent angle.
fn $name(a: [f64; 3], b: [f64; 3]) -> f64 {
    let n = [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ];
    let area = 0.5 * (n[0] * n[0] + n[1] * n[1] + n[2] * n[2] + $a).sqrt();
    let dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let angle = (2.0 * area).atan2(dot + $b);
    area * $c + angle.$f()
}
""",
    "hinge": """
/// A margin loss over classes with a quadratic foot.
fn $name(w: &[f64], x: &[f64], sign: &[f64]) -> f64 {
    let p = w.len();
    let mut loss = 0.0;
    for i in 0..sign.len() {
        let mut score = 0.0;
        for j in 0..p {
            score += w[j] * x[i * p + j];
        }
        let margin = 1.0 - sign[i] * score * $a;
        if margin > $b {
            loss += margin - 0.5 * $b;
        } else if margin > 0.0 {
            loss += 0.5 * margin * margin / $b;
        }
    }
    loss * $c
}
""",
    "survival": """
/// The log-likelihood of censored waiting times.
fn $name(times: &[f64], seen: &[bool], log_rate: f64, shape: f64) -> f64 {
    let rate = log_rate.exp() + $a;
    let mut total = 0.0;
    for i in 0..times.len() {
        let scaled = rate * times[i];
        let hazard = scaled.powf(shape);
        if seen[i] {
            total += shape.ln() + (shape - 1.0) * scaled.ln() + rate.ln();
        }
        total -= $b * hazard;
    }
    total - $c * shape * shape
}
""",
    "absorb": """
/// Light through layers that absorb and reflect.
fn $name(thickness: &[f64], absorb: f64, mirror: f64) -> f64 {
    let mut light = $a;
    let mut back = 0.0;
    for layer in thickness.iter() {
        let lost = light * (1.0 - (-absorb * layer).exp());
        light -= lost;
        let bounced = light * mirror * $b;
        light -= bounced;
        back += bounced * (-absorb * layer).exp();
    }
    back / (light + $c)
}
""",
    "spring": """
/// The energy of a chain of springs that stiffen.
fn $name(x: &[f64], rest: f64, stiff: f64) -> f64 {
    let mut energy = 0.0;
    let mut previous = x[0] * $a;
    for i in 1..x.len() {
        let stretch = x[i] - previous - rest;
        energy += 0.5 * stiff * stretch * stretch;
        let extra = stretch.powi(4);
        energy += $b * extra / (1.0 + extra);
        previous = x[i];
    }
    energy + $c * previous.$f()
}
""",
    "blend": """
/// Mixes three features with weights that depend on them; calls what stands before it.
fn $name(x: f64, y: f64, z: f64) -> f64 {
    let first = $callee(x, y, z);
    let second = $callee(y, z, x);
    let (wide, thin) = (first * $a, second / ($b + y * y));
    let mut sum = wide + thin;
    for k in 0..3 {
        let part = (k as f64) * x - z;
        sum += part.$f() * $c;
    }
    sum * (1.0 + wide * thin).abs().sqrt()
}
""",
}

HEAD = """//! Part {part} of the corpus, written by generate.py: one variant of each shape.

#[cfg(feature = "annotated")]
use cotangent::prelude::*;
"""


def function(rng, shape, name, callee):
    a, b, c = (f"{rng.uniform(0.1, 2.0):.2f}" for _ in range(3))
    text = Template(SHAPES[shape]).substitute(name=name, a=a, b=b, c=c, f=rng.choice(SMOOTH), callee=callee)
    lines = text.strip("\n").split("\n")
    # The attribute stands between the documentation and the function.
    attribute = '#[cfg_attr(feature = "annotated", differentiable)]'
    return "\n".join([lines[0], attribute, "pub " + lines[1], *lines[2:]])


def main():
    rng = random.Random(20260101)
    here = os.path.dirname(os.path.abspath(__file__))
    for part in range(10):
        parts = [HEAD.format(part=part)]
        # A part has every shape once; `blend` calls the swap_sum of its part.
        for shape in SHAPES:
            parts.append(function(rng, shape, f"{shape}_{part}", f"swap_sum_{part}"))
        with open(os.path.join(here, "src", f"part{part}.rs.tmp"), "w", encoding="utf-8") as file:
            file.write("\n".join([parts[0]] + ["\n" .join([p, ""]) for p in parts[1:]]))
        os.replace(file.name, file.name.removesuffix(".tmp"))


if __name__ == "__main__":
    main()
