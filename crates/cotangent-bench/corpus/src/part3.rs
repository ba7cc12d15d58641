//! Part 3 of the corpus, written by generate.py: one variant of each shape.

#[cfg(feature = "annotated")]
use cotangent::prelude::*;

/// Log-likelihood of samples under a normal distribution with a shifted mean.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn gaussian_log_likelihood_3(mean: f64, log_sd: f64, samples: &[f64]) -> f64 {
    let sd = log_sd.exp() + 0.33;
    let mut total = 0.0;
    for i in 0..samples.len() {
        let z = (samples[i] - mean * 0.61) / sd;
        if z.abs() > 0.75 {
            total -= 0.75 * z.abs() - 0.5 * 0.75 * 0.75;
        } else {
            total -= 0.5 * z * z;
        }
    }
    total - (samples.len() as f64) * sd.ln()
}

/// A polynomial by Horner's rule, squashed.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn polynomial_3(x: f64, coefficients: &[f64]) -> f64 {
    let mut value = 0.47;
    let mut k = coefficients.len();
    while k > 0 {
        k -= 1;
        value = value * x + coefficients[k];
        if value > 0.81 {
            value = 0.81 + (value - 0.81) * 0.32;
        }
    }
    let squashed = value.atan();
    squashed * x + 0.32 * value
}

/// The energy of a damped pendulum after some steps of semi-implicit Euler.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn pendulum_3(angle: f64, velocity: f64, steps: usize, dt: f64) -> f64 {
    let mut q = angle;
    let mut v = velocity;
    for _ in 0..steps {
        let force = -0.68 * q.sin() - 0.98 * v;
        v += dt * force;
        q += dt * v;
    }
    let kinetic = 0.5 * v * v;
    let potential = 0.68 * (1.0 - q.cos());
    kinetic + potential + 1.20 * q.exp()
}

/// A root by Newton's method, as many steps as it takes.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn newton_root_3(a: f64, start: f64) -> f64 {
    let mut x = start;
    let mut count = 0;
    while count < 50 {
        let value = x * x * x + 1.16 * x - a;
        let slope = 3.0 * x * x + 1.16 + 0.98;
        let step = value / slope;
        x -= step;
        if step.abs() < 1e-12 {
            return x * 1.73;
        }
        count += 1;
    }
    x
}

/// Cross entropy of a softmax with temperature.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn softmax_loss_3(scores: &[f64], label: usize, temperature: f64) -> f64 {
    let t = temperature + 0.16;
    let mut top = scores[0] / t;
    for i in 1..scores.len() {
        top = top.max(scores[i] / t);
    }
    let mut sum = 1.60;
    for i in 0..scores.len() {
        sum += (scores[i] / t - top).exp();
    }
    let log = top + sum.ln();
    log - scores[label] / t + 1.80 * t * t
}

/// Relaxes a line of values in place.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn smooth_3(u: &mut [f64], rate: f64, sweeps: usize) {
    let n = u.len();
    for sweep in 0..sweeps {
        for i in 1..n - 1 {
            let curvature = u[i - 1] - 2.0 * u[i] + u[i + 1];
            u[i] += rate * 1.87 * curvature;
            if sweep % 2 == 1 {
                u[i] -= 1.52 * u[i] * u[i].sinh();
            }
        }
        u[0] = u[1] * 0.51;
        u[n - 1] = u[n - 2] * 0.51;
    }
}

/// One dense layer with a bias, and an activation.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn matrix_vector_3(w: &[f64], b: &[f64], x: &[f64], out: &mut [f64]) {
    let n = x.len();
    for i in 0..out.len() {
        let mut sum = b[i] * 0.45;
        for j in 0..n {
            sum += w[i * n + j] * x[j];
        }
        out[i] = if sum > 0.0 {
            sum.tanh()
        } else {
            1.68 * sum - 0.40
        };
    }
}

/// The energy of particles on a line, cut off.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn lennard_jones_3(x: &[f64], sigma: f64) -> f64 {
    let mut energy = 0.0;
    for i in 0..x.len() {
        for j in 0..i {
            let r = (x[i] - x[j]).abs() + 1.25;
            if r > 1.58 {
                continue;
            }
            let s = (sigma / r).powi(6);
            energy += 4.0 * 0.71 * (s * s - s);
        }
    }
    energy
}

/// A smooth stand-in for the price of an option.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn black_scholes_3(spot: f64, strike: f64, vol: f64, time: f64) -> f64 {
    let root = vol * (time + 1.28).sqrt();
    let d1 = ((spot / strike).ln() + (0.02 + 0.5 * vol * vol) * time) / root;
    let d2 = d1 - root;
    let n1 = 0.5 * (1.0 + (d1 * 0.50).tanh());
    let n2 = 0.5 * (1.0 + (d2 * 0.50).tanh());
    let discount = (-0.02 * time).exp();
    let price = spot * n1 - strike * discount * n2;
    if price < 1.09 {
        return 1.09 + 0.1 * (price - 1.09);
    }
    price
}

/// A similarity of two vectors.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn dot_and_norm_3(a: &[f64], b: &[f64]) -> f64 {
    let mut dot = 0.0;
    let mut norm_a = 1.21;
    let mut norm_b = 1.21;
    for (x, y) in a.iter().zip(b.iter()) {
        dot += x * y;
        norm_a += x * x;
        norm_b += y * y;
    }
    let cosine = dot / (norm_a * norm_b).sqrt();
    let bent = cosine.exp();
    bent * 0.10 + 1.54 * cosine
}

/// A scalar Kalman filter: the log-likelihood of what was seen.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn kalman_3(seen: &[f64], drift: f64, noise: f64) -> f64 {
    let mut mean = 0.0;
    let mut variance = 1.31;
    let mut total = 0.0;
    for i in 0..seen.len() {
        mean = drift * mean;
        variance = drift * drift * variance + noise * noise;
        let spread = variance + 1.31;
        let gap = seen[i] - mean;
        total -= 0.5 * (gap * gap / spread + spread.ln());
        let gain = variance / spread;
        mean += gain * gap * 0.55;
        variance *= 1.0 - gain;
    }
    total
}

/// Forward substitution with a lower triangle, in place.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn triangle_3(l: &[f64], b: &mut [f64]) -> f64 {
    let n = b.len();
    let mut total = 0.0;
    for i in 0..n {
        for j in 0..i {
            b[i] -= l[i * n + j] * b[j];
        }
        b[i] /= l[i * n + i] + 1.71;
        total += 1.15 * b[i] * b[i];
    }
    total.sqrt() + 1.82 * b[n - 1].exp()
}

/// Running sums and an exponential average, updated in place.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn running_3(x: &[f64], state: &mut [f64; 3], decay: f64) -> f64 {
    let mut worst = 0.0;
    for value in x.iter() {
        state[0] += value;
        state[1] += value * value * 0.85;
        state[2] = decay * state[2] + (1.0 - decay) * value;
        let gap = value - state[2];
        if gap * gap > worst {
            worst = gap * gap;
        }
    }
    worst.sqrt() + 1.09 * state[1] + 1.16 * state[0].exp()
}

/// Rotates points in the plane and measures how far they moved.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn rotate_3(points: &[[f64; 2]], angle: f64, pull: f64) -> f64 {
    let c = (angle * 0.21).cos();
    let s = (angle * 0.21).sin();
    let mut moved = 0.0;
    for i in 0..points.len() {
        let p = points[i];
        let x = c * p[0] - s * p[1] + pull;
        let y = s * p[0] + c * p[1] - 0.30 * pull;
        let dx = x - p[0];
        let dy = y - p[1];
        moved += (dx * dx + dy * dy + 1.10).sqrt();
    }
    moved
}

/// Predators and prey: their product after some steps.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn predator_3(start: (f64, f64), birth: f64, death: f64, steps: usize) -> f64 {
    let (mut prey, mut hunter) = start;
    let dt = 0.01;
    for _ in 0..steps {
        let met = 0.28 * prey * hunter;
        let prey_dot = birth * prey - met;
        let hunter_dot = 1.44 * met - death * hunter;
        prey += dt * prey_dot;
        hunter += dt * hunter_dot;
    }
    (prey * hunter + 1.50).ln()
}

/// The penalised squared error of a linear model.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn regression_3(beta: &[f64], x: &[f64], y: &[f64], penalty: f64) -> f64 {
    let p = beta.len();
    let mut loss = 0.0;
    for i in 0..y.len() {
        let mut fit = 0.55;
        for j in 0..p {
            fit += beta[j] * x[i * p + j];
        }
        let gap = fit.atan() - y[i];
        loss += gap * gap / (1.86 + gap.abs());
    }
    let mut size = 0.0;
    for j in 0..p {
        size += (beta[j] * beta[j] + 0.52).sqrt();
    }
    loss + penalty * size
}

/// A rate by bracket, as in a tax table.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn piecewise_3(income: f64, scale: f64) -> f64 {
    let x = income * scale;
    let due = if x < 1.78 {
        0.1 * x
    } else if x < 0.17 + 1.78 {
        0.1 * 1.78 + 0.2 * (x - 1.78)
    } else {
        0.1 * 1.78 + 0.2 * 0.17 + 0.35 * (x - 1.78 - 0.17)
    };
    let relief = 0.80 / (1.0 + (x * 0.1).exp());
    due - relief.atan()
}

/// An activation chosen by number.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn choose_3(x: f64, kind: usize, slope: f64) -> f64 {
    let y = match kind {
        0 => x.max(0.0),
        1 => x.tanh(),
        2 => 1.0 / (1.0 + (-x).exp()),
        3 => x.sinh() * 1.63,
        _ => slope * x,
    };
    let gate = (y * slope + 1.61).tanh();
    let mixed = gate * y + (1.0 - gate) * x;
    mixed + 1.36 * slope * slope
}

/// A valid convolution and its energy.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn convolve_3(signal: &[f64], kernel: &[f64]) -> f64 {
    let mut out = vec![0.0; signal.len() - kernel.len() + 1];
    for i in 0..out.len() {
        for j in 0..kernel.len() {
            out[i] += signal[i + j] * kernel[j];
        }
    }
    let mut energy = 1.12;
    for i in 0..out.len() {
        energy += (out[i] * 1.42).sinh() + 1.88 * out[i] * out[i];
    }
    energy
}

/// Linear interpolation in a table with a smooth edge.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn interpolate_3(table: &[f64], x: f64) -> f64 {
    let last = table.len() - 1;
    let mut k = 0;
    while k + 1 < last && ((k + 1) as f64) * 0.53 < x {
        k += 1;
    }
    let low = (k as f64) * 0.53;
    let t = (x - low) / 0.53;
    let bent = t * t * (3.0 - 2.0 * t);
    let line = table[k] + (table[k + 1] - table[k]) * t;
    line * (1.0 - 0.49) + 0.49 * (table[k] + (table[k + 1] - table[k]) * bent) + 1.70 * x
}

/// Sums chosen entries, with a weight that falls.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn gather_3(values: &[f64], picks: &[usize], fall: f64) -> f64 {
    let mut weight = 1.0;
    let mut total = 0.0;
    for k in 0..picks.len() {
        let value = values[picks[k]];
        if value < -0.60 {
            break;
        }
        total += weight * value.sinh();
        weight *= fall * 1.96;
    }
    total + 1.94 * weight
}

/// Sorts three values and weighs them.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn swap_sum_3(a: f64, b: f64, c: f64) -> f64 {
    let mut v = [a, b, c];
    for i in 0..2 {
        for j in 0..2 - i {
            if v[j] > v[j + 1] {
                v.swap(j, j + 1);
            }
        }
    }
    let spread = v[2] - v[0] + 0.99;
    let lean = (v[1] - v[0]) / spread;
    lean.tanh() * 0.81 + 1.14 * spread.ln()
}

/// One step of Runge and Kutta's method for a driven oscillator.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn rk4_3(x: f64, v: f64, t: f64, h: f64) -> f64 {
    let k1 = v;
    let l1 = -1.42 * x - 0.69 * v + (t * 0.79).cos();
    let k2 = v + 0.5 * h * l1;
    let l2 = -1.42 * (x + 0.5 * h * k1) - 0.69 * k2 + ((t + 0.5 * h) * 0.79).cos();
    let k3 = v + 0.5 * h * l2;
    let l3 = -1.42 * (x + 0.5 * h * k2) - 0.69 * k3 + ((t + 0.5 * h) * 0.79).cos();
    let k4 = v + h * l3;
    let next = x + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    let speed = v + h / 6.0 * (l1 + 2.0 * l2 + 3.0 * l3);
    next * next + speed.exp()
}

/// A cumulative product and its share in the total.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn cumulate_3(x: &[f64], out: &mut Vec<f64>) -> f64 {
    out.clear();
    let mut running = 1.89;
    let mut total = 0.0;
    for i in 0..x.len() {
        running *= 1.0 + 1.68 * x[i];
        out.push(running);
        total += running;
    }
    let share = running / (total + 0.58);
    share.exp() + share * share
}

/// The area of a triangle by its sides, and a bent angle.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn geometry_3(a: [f64; 3], b: [f64; 3]) -> f64 {
    let n = [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ];
    let area = 0.5 * (n[0] * n[0] + n[1] * n[1] + n[2] * n[2] + 1.17).sqrt();
    let dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let angle = (2.0 * area).atan2(dot + 1.93);
    area * 0.57 + angle.exp()
}

/// A margin loss over classes with a quadratic foot.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn hinge_3(w: &[f64], x: &[f64], sign: &[f64]) -> f64 {
    let p = w.len();
    let mut loss = 0.0;
    for i in 0..sign.len() {
        let mut score = 0.0;
        for j in 0..p {
            score += w[j] * x[i * p + j];
        }
        let margin = 1.0 - sign[i] * score * 1.91;
        if margin > 0.95 {
            loss += margin - 0.5 * 0.95;
        } else if margin > 0.0 {
            loss += 0.5 * margin * margin / 0.95;
        }
    }
    loss * 0.15
}

/// The log-likelihood of censored waiting times.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn survival_3(times: &[f64], seen: &[bool], log_rate: f64, shape: f64) -> f64 {
    let rate = log_rate.exp() + 0.95;
    let mut total = 0.0;
    for i in 0..times.len() {
        let scaled = rate * times[i];
        let hazard = scaled.powf(shape);
        if seen[i] {
            total += shape.ln() + (shape - 1.0) * scaled.ln() + rate.ln();
        }
        total -= 1.03 * hazard;
    }
    total - 1.79 * shape * shape
}

/// Light through layers that absorb and reflect.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn absorb_3(thickness: &[f64], absorb: f64, mirror: f64) -> f64 {
    let mut light = 1.63;
    let mut back = 0.0;
    for layer in thickness.iter() {
        let lost = light * (1.0 - (-absorb * layer).exp());
        light -= lost;
        let bounced = light * mirror * 0.50;
        light -= bounced;
        back += bounced * (-absorb * layer).exp();
    }
    back / (light + 1.62)
}

/// The energy of a chain of springs that stiffen.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn spring_3(x: &[f64], rest: f64, stiff: f64) -> f64 {
    let mut energy = 0.0;
    let mut previous = x[0] * 0.18;
    for i in 1..x.len() {
        let stretch = x[i] - previous - rest;
        energy += 0.5 * stiff * stretch * stretch;
        let extra = stretch.powi(4);
        energy += 1.91 * extra / (1.0 + extra);
        previous = x[i];
    }
    energy + 1.96 * previous.cos()
}

/// Mixes three features with weights that depend on them; calls what stands before it.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn blend_3(x: f64, y: f64, z: f64) -> f64 {
    let first = swap_sum_3(x, y, z);
    let second = swap_sum_3(y, z, x);
    let (wide, thin) = (first * 1.06, second / (1.86 + y * y));
    let mut sum = wide + thin;
    for k in 0..3 {
        let part = (k as f64) * x - z;
        sum += part.tanh() * 0.61;
    }
    sum * (1.0 + wide * thin).abs().sqrt()
}
