//! Part 7 of the corpus, written by generate.py: one variant of each shape.

#[cfg(feature = "annotated")]
use cotangent::prelude::*;

/// Log-likelihood of samples under a normal distribution with a shifted mean.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn gaussian_log_likelihood_7(mean: f64, log_sd: f64, samples: &[f64]) -> f64 {
    let sd = log_sd.exp() + 1.02;
    let mut total = 0.0;
    for i in 0..samples.len() {
        let z = (samples[i] - mean * 1.89) / sd;
        if z.abs() > 1.68 {
            total -= 1.68 * z.abs() - 0.5 * 1.68 * 1.68;
        } else {
            total -= 0.5 * z * z;
        }
    }
    total - (samples.len() as f64) * sd.ln()
}

/// A polynomial by Horner's rule, squashed.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn polynomial_7(x: f64, coefficients: &[f64]) -> f64 {
    let mut value = 1.17;
    let mut k = coefficients.len();
    while k > 0 {
        k -= 1;
        value = value * x + coefficients[k];
        if value > 0.98 {
            value = 0.98 + (value - 0.98) * 0.74;
        }
    }
    let squashed = value.exp();
    squashed * x + 0.74 * value
}

/// The energy of a damped pendulum after some steps of semi-implicit Euler.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn pendulum_7(angle: f64, velocity: f64, steps: usize, dt: f64) -> f64 {
    let mut q = angle;
    let mut v = velocity;
    for _ in 0..steps {
        let force = -0.68 * q.sin() - 1.42 * v;
        v += dt * force;
        q += dt * v;
    }
    let kinetic = 0.5 * v * v;
    let potential = 0.68 * (1.0 - q.cos());
    kinetic + potential + 0.27 * q.sin()
}

/// A root by Newton's method, as many steps as it takes.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn newton_root_7(a: f64, start: f64) -> f64 {
    let mut x = start;
    let mut count = 0;
    while count < 50 {
        let value = x * x * x + 0.64 * x - a;
        let slope = 3.0 * x * x + 0.64 + 1.08;
        let step = value / slope;
        x -= step;
        if step.abs() < 1e-12 {
            return x * 1.21;
        }
        count += 1;
    }
    x
}

/// Cross entropy of a softmax with temperature.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn softmax_loss_7(scores: &[f64], label: usize, temperature: f64) -> f64 {
    let t = temperature + 0.14;
    let mut top = scores[0] / t;
    for i in 1..scores.len() {
        top = top.max(scores[i] / t);
    }
    let mut sum = 1.47;
    for i in 0..scores.len() {
        sum += (scores[i] / t - top).exp();
    }
    let log = top + sum.ln();
    log - scores[label] / t + 1.39 * t * t
}

/// Relaxes a line of values in place.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn smooth_7(u: &mut [f64], rate: f64, sweeps: usize) {
    let n = u.len();
    for sweep in 0..sweeps {
        for i in 1..n - 1 {
            let curvature = u[i - 1] - 2.0 * u[i] + u[i + 1];
            u[i] += rate * 0.83 * curvature;
            if sweep % 2 == 1 {
                u[i] -= 0.12 * u[i] * u[i].atan();
            }
        }
        u[0] = u[1] * 0.98;
        u[n - 1] = u[n - 2] * 0.98;
    }
}

/// One dense layer with a bias, and an activation.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn matrix_vector_7(w: &[f64], b: &[f64], x: &[f64], out: &mut [f64]) {
    let n = x.len();
    for i in 0..out.len() {
        let mut sum = b[i] * 1.73;
        for j in 0..n {
            sum += w[i * n + j] * x[j];
        }
        out[i] = if sum > 0.0 {
            sum.exp()
        } else {
            1.38 * sum - 0.15
        };
    }
}

/// The energy of particles on a line, cut off.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn lennard_jones_7(x: &[f64], sigma: f64) -> f64 {
    let mut energy = 0.0;
    for i in 0..x.len() {
        for j in 0..i {
            let r = (x[i] - x[j]).abs() + 0.20;
            if r > 1.86 {
                continue;
            }
            let s = (sigma / r).powi(6);
            energy += 4.0 * 0.67 * (s * s - s);
        }
    }
    energy
}

/// A smooth stand-in for the price of an option.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn black_scholes_7(spot: f64, strike: f64, vol: f64, time: f64) -> f64 {
    let root = vol * (time + 1.10).sqrt();
    let d1 = ((spot / strike).ln() + (0.02 + 0.5 * vol * vol) * time) / root;
    let d2 = d1 - root;
    let n1 = 0.5 * (1.0 + (d1 * 1.15).tanh());
    let n2 = 0.5 * (1.0 + (d2 * 1.15).tanh());
    let discount = (-0.02 * time).exp();
    let price = spot * n1 - strike * discount * n2;
    if price < 1.43 {
        return 1.43 + 0.1 * (price - 1.43);
    }
    price
}

/// A similarity of two vectors.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn dot_and_norm_7(a: &[f64], b: &[f64]) -> f64 {
    let mut dot = 0.0;
    let mut norm_a = 0.95;
    let mut norm_b = 0.95;
    for (x, y) in a.iter().zip(b.iter()) {
        dot += x * y;
        norm_a += x * x;
        norm_b += y * y;
    }
    let cosine = dot / (norm_a * norm_b).sqrt();
    let bent = cosine.cos();
    bent * 1.92 + 0.93 * cosine
}

/// A scalar Kalman filter: the log-likelihood of what was seen.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn kalman_7(seen: &[f64], drift: f64, noise: f64) -> f64 {
    let mut mean = 0.0;
    let mut variance = 1.85;
    let mut total = 0.0;
    for i in 0..seen.len() {
        mean = drift * mean;
        variance = drift * drift * variance + noise * noise;
        let spread = variance + 1.82;
        let gap = seen[i] - mean;
        total -= 0.5 * (gap * gap / spread + spread.ln());
        let gain = variance / spread;
        mean += gain * gap * 0.34;
        variance *= 1.0 - gain;
    }
    total
}

/// Forward substitution with a lower triangle, in place.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn triangle_7(l: &[f64], b: &mut [f64]) -> f64 {
    let n = b.len();
    let mut total = 0.0;
    for i in 0..n {
        for j in 0..i {
            b[i] -= l[i * n + j] * b[j];
        }
        b[i] /= l[i * n + i] + 0.16;
        total += 1.13 * b[i] * b[i];
    }
    total.sqrt() + 1.54 * b[n - 1].cos()
}

/// Running sums and an exponential average, updated in place.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn running_7(x: &[f64], state: &mut [f64; 3], decay: f64) -> f64 {
    let mut worst = 0.0;
    for value in x.iter() {
        state[0] += value;
        state[1] += value * value * 1.10;
        state[2] = decay * state[2] + (1.0 - decay) * value;
        let gap = value - state[2];
        if gap * gap > worst {
            worst = gap * gap;
        }
    }
    worst.sqrt() + 1.34 * state[1] + 1.82 * state[0].cos()
}

/// Rotates points in the plane and measures how far they moved.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn rotate_7(points: &[[f64; 2]], angle: f64, pull: f64) -> f64 {
    let c = (angle * 0.85).cos();
    let s = (angle * 0.85).sin();
    let mut moved = 0.0;
    for i in 0..points.len() {
        let p = points[i];
        let x = c * p[0] - s * p[1] + pull;
        let y = s * p[0] + c * p[1] - 1.23 * pull;
        let dx = x - p[0];
        let dy = y - p[1];
        moved += (dx * dx + dy * dy + 1.45).sqrt();
    }
    moved
}

/// Predators and prey: their product after some steps.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn predator_7(start: (f64, f64), birth: f64, death: f64, steps: usize) -> f64 {
    let (mut prey, mut hunter) = start;
    let dt = 0.01;
    for _ in 0..steps {
        let met = 1.15 * prey * hunter;
        let prey_dot = birth * prey - met;
        let hunter_dot = 1.65 * met - death * hunter;
        prey += dt * prey_dot;
        hunter += dt * hunter_dot;
    }
    (prey * hunter + 0.42).ln()
}

/// The penalised squared error of a linear model.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn regression_7(beta: &[f64], x: &[f64], y: &[f64], penalty: f64) -> f64 {
    let p = beta.len();
    let mut loss = 0.0;
    for i in 0..y.len() {
        let mut fit = 1.32;
        for j in 0..p {
            fit += beta[j] * x[i * p + j];
        }
        let gap = fit.tanh() - y[i];
        loss += gap * gap / (2.00 + gap.abs());
    }
    let mut size = 0.0;
    for j in 0..p {
        size += (beta[j] * beta[j] + 0.44).sqrt();
    }
    loss + penalty * size
}

/// A rate by bracket, as in a tax table.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn piecewise_7(income: f64, scale: f64) -> f64 {
    let x = income * scale;
    let due = if x < 0.29 {
        0.1 * x
    } else if x < 1.85 + 0.29 {
        0.1 * 0.29 + 0.2 * (x - 0.29)
    } else {
        0.1 * 0.29 + 0.2 * 1.85 + 0.35 * (x - 0.29 - 1.85)
    };
    let relief = 0.54 / (1.0 + (x * 0.1).exp());
    due - relief.sin()
}

/// An activation chosen by number.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn choose_7(x: f64, kind: usize, slope: f64) -> f64 {
    let y = match kind {
        0 => x.max(0.0),
        1 => x.tanh(),
        2 => 1.0 / (1.0 + (-x).exp()),
        3 => x.exp() * 1.06,
        _ => slope * x,
    };
    let gate = (y * slope + 0.47).tanh();
    let mixed = gate * y + (1.0 - gate) * x;
    mixed + 0.14 * slope * slope
}

/// A valid convolution and its energy.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn convolve_7(signal: &[f64], kernel: &[f64]) -> f64 {
    let mut out = vec![0.0; signal.len() - kernel.len() + 1];
    for i in 0..out.len() {
        for j in 0..kernel.len() {
            out[i] += signal[i + j] * kernel[j];
        }
    }
    let mut energy = 1.90;
    for i in 0..out.len() {
        energy += (out[i] * 1.91).cos() + 0.21 * out[i] * out[i];
    }
    energy
}

/// Linear interpolation in a table with a smooth edge.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn interpolate_7(table: &[f64], x: f64) -> f64 {
    let last = table.len() - 1;
    let mut k = 0;
    while k + 1 < last && ((k + 1) as f64) * 1.13 < x {
        k += 1;
    }
    let low = (k as f64) * 1.13;
    let t = (x - low) / 1.13;
    let bent = t * t * (3.0 - 2.0 * t);
    let line = table[k] + (table[k + 1] - table[k]) * t;
    line * (1.0 - 1.80) + 1.80 * (table[k] + (table[k + 1] - table[k]) * bent) + 1.85 * x
}

/// Sums chosen entries, with a weight that falls.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn gather_7(values: &[f64], picks: &[usize], fall: f64) -> f64 {
    let mut weight = 1.0;
    let mut total = 0.0;
    for k in 0..picks.len() {
        let value = values[picks[k]];
        if value < -0.28 {
            break;
        }
        total += weight * value.cos();
        weight *= fall * 1.19;
    }
    total + 1.49 * weight
}

/// Sorts three values and weighs them.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn swap_sum_7(a: f64, b: f64, c: f64) -> f64 {
    let mut v = [a, b, c];
    for i in 0..2 {
        for j in 0..2 - i {
            if v[j] > v[j + 1] {
                v.swap(j, j + 1);
            }
        }
    }
    let spread = v[2] - v[0] + 0.80;
    let lean = (v[1] - v[0]) / spread;
    lean.atan() * 0.99 + 0.95 * spread.ln()
}

/// One step of Runge and Kutta's method for a driven oscillator.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn rk4_7(x: f64, v: f64, t: f64, h: f64) -> f64 {
    let k1 = v;
    let l1 = -1.79 * x - 1.17 * v + (t * 1.47).cos();
    let k2 = v + 0.5 * h * l1;
    let l2 = -1.79 * (x + 0.5 * h * k1) - 1.17 * k2 + ((t + 0.5 * h) * 1.47).cos();
    let k3 = v + 0.5 * h * l2;
    let l3 = -1.79 * (x + 0.5 * h * k2) - 1.17 * k3 + ((t + 0.5 * h) * 1.47).cos();
    let k4 = v + h * l3;
    let next = x + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    let speed = v + h / 6.0 * (l1 + 2.0 * l2 + 3.0 * l3);
    next * next + speed.sinh()
}

/// A cumulative product and its share in the total.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn cumulate_7(x: &[f64], out: &mut Vec<f64>) -> f64 {
    out.clear();
    let mut running = 1.34;
    let mut total = 0.0;
    for i in 0..x.len() {
        running *= 1.0 + 0.63 * x[i];
        out.push(running);
        total += running;
    }
    let share = running / (total + 1.53);
    share.cos() + share * share
}

/// The area of a triangle by its sides, and a bent angle.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn geometry_7(a: [f64; 3], b: [f64; 3]) -> f64 {
    let n = [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ];
    let area = 0.5 * (n[0] * n[0] + n[1] * n[1] + n[2] * n[2] + 0.38).sqrt();
    let dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let angle = (2.0 * area).atan2(dot + 1.70);
    area * 1.34 + angle.atan()
}

/// A margin loss over classes with a quadratic foot.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn hinge_7(w: &[f64], x: &[f64], sign: &[f64]) -> f64 {
    let p = w.len();
    let mut loss = 0.0;
    for i in 0..sign.len() {
        let mut score = 0.0;
        for j in 0..p {
            score += w[j] * x[i * p + j];
        }
        let margin = 1.0 - sign[i] * score * 0.47;
        if margin > 0.74 {
            loss += margin - 0.5 * 0.74;
        } else if margin > 0.0 {
            loss += 0.5 * margin * margin / 0.74;
        }
    }
    loss * 1.43
}

/// The log-likelihood of censored waiting times.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn survival_7(times: &[f64], seen: &[bool], log_rate: f64, shape: f64) -> f64 {
    let rate = log_rate.exp() + 1.73;
    let mut total = 0.0;
    for i in 0..times.len() {
        let scaled = rate * times[i];
        let hazard = scaled.powf(shape);
        if seen[i] {
            total += shape.ln() + (shape - 1.0) * scaled.ln() + rate.ln();
        }
        total -= 1.24 * hazard;
    }
    total - 0.26 * shape * shape
}

/// Light through layers that absorb and reflect.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn absorb_7(thickness: &[f64], absorb: f64, mirror: f64) -> f64 {
    let mut light = 0.96;
    let mut back = 0.0;
    for layer in thickness.iter() {
        let lost = light * (1.0 - (-absorb * layer).exp());
        light -= lost;
        let bounced = light * mirror * 0.47;
        light -= bounced;
        back += bounced * (-absorb * layer).exp();
    }
    back / (light + 1.25)
}

/// The energy of a chain of springs that stiffen.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn spring_7(x: &[f64], rest: f64, stiff: f64) -> f64 {
    let mut energy = 0.0;
    let mut previous = x[0] * 1.86;
    for i in 1..x.len() {
        let stretch = x[i] - previous - rest;
        energy += 0.5 * stiff * stretch * stretch;
        let extra = stretch.powi(4);
        energy += 1.30 * extra / (1.0 + extra);
        previous = x[i];
    }
    energy + 0.16 * previous.tanh()
}

/// Mixes three features with weights that depend on them; calls what stands before it.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn blend_7(x: f64, y: f64, z: f64) -> f64 {
    let first = swap_sum_7(x, y, z);
    let second = swap_sum_7(y, z, x);
    let (wide, thin) = (first * 1.59, second / (0.98 + y * y));
    let mut sum = wide + thin;
    for k in 0..3 {
        let part = (k as f64) * x - z;
        sum += part.exp() * 0.59;
    }
    sum * (1.0 + wide * thin).abs().sqrt()
}
