//! Part 9 of the corpus, written by generate.py: one variant of each shape.

#[cfg(feature = "annotated")]
use cotangent::prelude::*;

/// Log-likelihood of samples under a normal distribution with a shifted mean.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn gaussian_log_likelihood_9(mean: f64, log_sd: f64, samples: &[f64]) -> f64 {
    let sd = log_sd.exp() + 1.88;
    let mut total = 0.0;
    for i in 0..samples.len() {
        let z = (samples[i] - mean * 0.14) / sd;
        if z.abs() > 0.69 {
            total -= 0.69 * z.abs() - 0.5 * 0.69 * 0.69;
        } else {
            total -= 0.5 * z * z;
        }
    }
    total - (samples.len() as f64) * sd.ln()
}

/// A polynomial by Horner's rule, squashed.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn polynomial_9(x: f64, coefficients: &[f64]) -> f64 {
    let mut value = 1.20;
    let mut k = coefficients.len();
    while k > 0 {
        k -= 1;
        value = value * x + coefficients[k];
        if value > 0.25 {
            value = 0.25 + (value - 0.25) * 1.70;
        }
    }
    let squashed = value.exp();
    squashed * x + 1.70 * value
}

/// The energy of a damped pendulum after some steps of semi-implicit Euler.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn pendulum_9(angle: f64, velocity: f64, steps: usize, dt: f64) -> f64 {
    let mut q = angle;
    let mut v = velocity;
    for _ in 0..steps {
        let force = -0.22 * q.sin() - 0.89 * v;
        v += dt * force;
        q += dt * v;
    }
    let kinetic = 0.5 * v * v;
    let potential = 0.22 * (1.0 - q.cos());
    kinetic + potential + 1.57 * q.exp()
}

/// A root by Newton's method, as many steps as it takes.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn newton_root_9(a: f64, start: f64) -> f64 {
    let mut x = start;
    let mut count = 0;
    while count < 50 {
        let value = x * x * x + 1.53 * x - a;
        let slope = 3.0 * x * x + 1.53 + 1.60;
        let step = value / slope;
        x -= step;
        if step.abs() < 1e-12 {
            return x * 0.58;
        }
        count += 1;
    }
    x
}

/// Cross entropy of a softmax with temperature.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn softmax_loss_9(scores: &[f64], label: usize, temperature: f64) -> f64 {
    let t = temperature + 0.77;
    let mut top = scores[0] / t;
    for i in 1..scores.len() {
        top = top.max(scores[i] / t);
    }
    let mut sum = 1.55;
    for i in 0..scores.len() {
        sum += (scores[i] / t - top).exp();
    }
    let log = top + sum.ln();
    log - scores[label] / t + 1.22 * t * t
}

/// Relaxes a line of values in place.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn smooth_9(u: &mut [f64], rate: f64, sweeps: usize) {
    let n = u.len();
    for sweep in 0..sweeps {
        for i in 1..n - 1 {
            let curvature = u[i - 1] - 2.0 * u[i] + u[i + 1];
            u[i] += rate * 0.29 * curvature;
            if sweep % 2 == 1 {
                u[i] -= 0.16 * u[i] * u[i].cos();
            }
        }
        u[0] = u[1] * 0.96;
        u[n - 1] = u[n - 2] * 0.96;
    }
}

/// One dense layer with a bias, and an activation.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn matrix_vector_9(w: &[f64], b: &[f64], x: &[f64], out: &mut [f64]) {
    let n = x.len();
    for i in 0..out.len() {
        let mut sum = b[i] * 0.72;
        for j in 0..n {
            sum += w[i * n + j] * x[j];
        }
        out[i] = if sum > 0.0 {
            sum.cos()
        } else {
            1.79 * sum - 1.38
        };
    }
}

/// The energy of particles on a line, cut off.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn lennard_jones_9(x: &[f64], sigma: f64) -> f64 {
    let mut energy = 0.0;
    for i in 0..x.len() {
        for j in 0..i {
            let r = (x[i] - x[j]).abs() + 0.77;
            if r > 1.68 {
                continue;
            }
            let s = (sigma / r).powi(6);
            energy += 4.0 * 0.29 * (s * s - s);
        }
    }
    energy
}

/// A smooth stand-in for the price of an option.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn black_scholes_9(spot: f64, strike: f64, vol: f64, time: f64) -> f64 {
    let root = vol * (time + 0.75).sqrt();
    let d1 = ((spot / strike).ln() + (0.02 + 0.5 * vol * vol) * time) / root;
    let d2 = d1 - root;
    let n1 = 0.5 * (1.0 + (d1 * 1.53).tanh());
    let n2 = 0.5 * (1.0 + (d2 * 1.53).tanh());
    let discount = (-0.02 * time).exp();
    let price = spot * n1 - strike * discount * n2;
    if price < 1.66 {
        return 1.66 + 0.1 * (price - 1.66);
    }
    price
}

/// A similarity of two vectors.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn dot_and_norm_9(a: &[f64], b: &[f64]) -> f64 {
    let mut dot = 0.0;
    let mut norm_a = 1.18;
    let mut norm_b = 1.18;
    for (x, y) in a.iter().zip(b.iter()) {
        dot += x * y;
        norm_a += x * x;
        norm_b += y * y;
    }
    let cosine = dot / (norm_a * norm_b).sqrt();
    let bent = cosine.sinh();
    bent * 1.29 + 1.38 * cosine
}

/// A scalar Kalman filter: the log-likelihood of what was seen.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn kalman_9(seen: &[f64], drift: f64, noise: f64) -> f64 {
    let mut mean = 0.0;
    let mut variance = 1.36;
    let mut total = 0.0;
    for i in 0..seen.len() {
        mean = drift * mean;
        variance = drift * drift * variance + noise * noise;
        let spread = variance + 1.64;
        let gap = seen[i] - mean;
        total -= 0.5 * (gap * gap / spread + spread.ln());
        let gain = variance / spread;
        mean += gain * gap * 0.62;
        variance *= 1.0 - gain;
    }
    total
}

/// Forward substitution with a lower triangle, in place.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn triangle_9(l: &[f64], b: &mut [f64]) -> f64 {
    let n = b.len();
    let mut total = 0.0;
    for i in 0..n {
        for j in 0..i {
            b[i] -= l[i * n + j] * b[j];
        }
        b[i] /= l[i * n + i] + 0.50;
        total += 1.26 * b[i] * b[i];
    }
    total.sqrt() + 1.87 * b[n - 1].tanh()
}

/// Running sums and an exponential average, updated in place.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn running_9(x: &[f64], state: &mut [f64; 3], decay: f64) -> f64 {
    let mut worst = 0.0;
    for value in x.iter() {
        state[0] += value;
        state[1] += value * value * 1.83;
        state[2] = decay * state[2] + (1.0 - decay) * value;
        let gap = value - state[2];
        if gap * gap > worst {
            worst = gap * gap;
        }
    }
    worst.sqrt() + 0.69 * state[1] + 1.78 * state[0].sin()
}

/// Rotates points in the plane and measures how far they moved.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn rotate_9(points: &[[f64; 2]], angle: f64, pull: f64) -> f64 {
    let c = (angle * 0.94).cos();
    let s = (angle * 0.94).sin();
    let mut moved = 0.0;
    for i in 0..points.len() {
        let p = points[i];
        let x = c * p[0] - s * p[1] + pull;
        let y = s * p[0] + c * p[1] - 1.38 * pull;
        let dx = x - p[0];
        let dy = y - p[1];
        moved += (dx * dx + dy * dy + 0.44).sqrt();
    }
    moved
}

/// Predators and prey: their product after some steps.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn predator_9(start: (f64, f64), birth: f64, death: f64, steps: usize) -> f64 {
    let (mut prey, mut hunter) = start;
    let dt = 0.01;
    for _ in 0..steps {
        let met = 1.35 * prey * hunter;
        let prey_dot = birth * prey - met;
        let hunter_dot = 0.92 * met - death * hunter;
        prey += dt * prey_dot;
        hunter += dt * hunter_dot;
    }
    (prey * hunter + 1.45).ln()
}

/// The penalised squared error of a linear model.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn regression_9(beta: &[f64], x: &[f64], y: &[f64], penalty: f64) -> f64 {
    let p = beta.len();
    let mut loss = 0.0;
    for i in 0..y.len() {
        let mut fit = 1.13;
        for j in 0..p {
            fit += beta[j] * x[i * p + j];
        }
        let gap = fit.exp() - y[i];
        loss += gap * gap / (1.19 + gap.abs());
    }
    let mut size = 0.0;
    for j in 0..p {
        size += (beta[j] * beta[j] + 1.14).sqrt();
    }
    loss + penalty * size
}

/// A rate by bracket, as in a tax table.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn piecewise_9(income: f64, scale: f64) -> f64 {
    let x = income * scale;
    let due = if x < 1.72 {
        0.1 * x
    } else if x < 1.72 + 1.72 {
        0.1 * 1.72 + 0.2 * (x - 1.72)
    } else {
        0.1 * 1.72 + 0.2 * 1.72 + 0.35 * (x - 1.72 - 1.72)
    };
    let relief = 1.38 / (1.0 + (x * 0.1).exp());
    due - relief.sinh()
}

/// An activation chosen by number.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn choose_9(x: f64, kind: usize, slope: f64) -> f64 {
    let y = match kind {
        0 => x.max(0.0),
        1 => x.tanh(),
        2 => 1.0 / (1.0 + (-x).exp()),
        3 => x.tanh() * 0.83,
        _ => slope * x,
    };
    let gate = (y * slope + 1.95).tanh();
    let mixed = gate * y + (1.0 - gate) * x;
    mixed + 1.22 * slope * slope
}

/// A valid convolution and its energy.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn convolve_9(signal: &[f64], kernel: &[f64]) -> f64 {
    let mut out = vec![0.0; signal.len() - kernel.len() + 1];
    for i in 0..out.len() {
        for j in 0..kernel.len() {
            out[i] += signal[i + j] * kernel[j];
        }
    }
    let mut energy = 0.56;
    for i in 0..out.len() {
        energy += (out[i] * 1.68).tanh() + 0.51 * out[i] * out[i];
    }
    energy
}

/// Linear interpolation in a table with a smooth edge.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn interpolate_9(table: &[f64], x: f64) -> f64 {
    let last = table.len() - 1;
    let mut k = 0;
    while k + 1 < last && ((k + 1) as f64) * 0.80 < x {
        k += 1;
    }
    let low = (k as f64) * 0.80;
    let t = (x - low) / 0.80;
    let bent = t * t * (3.0 - 2.0 * t);
    let line = table[k] + (table[k + 1] - table[k]) * t;
    line * (1.0 - 0.38) + 0.38 * (table[k] + (table[k + 1] - table[k]) * bent) + 1.91 * x
}

/// Sums chosen entries, with a weight that falls.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn gather_9(values: &[f64], picks: &[usize], fall: f64) -> f64 {
    let mut weight = 1.0;
    let mut total = 0.0;
    for k in 0..picks.len() {
        let value = values[picks[k]];
        if value < -0.47 {
            break;
        }
        total += weight * value.exp();
        weight *= fall * 1.89;
    }
    total + 0.91 * weight
}

/// Sorts three values and weighs them.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn swap_sum_9(a: f64, b: f64, c: f64) -> f64 {
    let mut v = [a, b, c];
    for i in 0..2 {
        for j in 0..2 - i {
            if v[j] > v[j + 1] {
                v.swap(j, j + 1);
            }
        }
    }
    let spread = v[2] - v[0] + 1.50;
    let lean = (v[1] - v[0]) / spread;
    lean.exp() * 0.49 + 1.77 * spread.ln()
}

/// One step of Runge and Kutta's method for a driven oscillator.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn rk4_9(x: f64, v: f64, t: f64, h: f64) -> f64 {
    let k1 = v;
    let l1 = -0.38 * x - 0.57 * v + (t * 1.75).cos();
    let k2 = v + 0.5 * h * l1;
    let l2 = -0.38 * (x + 0.5 * h * k1) - 0.57 * k2 + ((t + 0.5 * h) * 1.75).cos();
    let k3 = v + 0.5 * h * l2;
    let l3 = -0.38 * (x + 0.5 * h * k2) - 0.57 * k3 + ((t + 0.5 * h) * 1.75).cos();
    let k4 = v + h * l3;
    let next = x + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    let speed = v + h / 6.0 * (l1 + 2.0 * l2 + 3.0 * l3);
    next * next + speed.exp()
}

/// A cumulative product and its share in the total.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn cumulate_9(x: &[f64], out: &mut Vec<f64>) -> f64 {
    out.clear();
    let mut running = 1.64;
    let mut total = 0.0;
    for i in 0..x.len() {
        running *= 1.0 + 1.37 * x[i];
        out.push(running);
        total += running;
    }
    let share = running / (total + 1.83);
    share.cos() + share * share
}

/// The area of a triangle by its sides, and a bent angle.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn geometry_9(a: [f64; 3], b: [f64; 3]) -> f64 {
    let n = [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ];
    let area = 0.5 * (n[0] * n[0] + n[1] * n[1] + n[2] * n[2] + 1.26).sqrt();
    let dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let angle = (2.0 * area).atan2(dot + 1.47);
    area * 0.58 + angle.sin()
}

/// A margin loss over classes with a quadratic foot.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn hinge_9(w: &[f64], x: &[f64], sign: &[f64]) -> f64 {
    let p = w.len();
    let mut loss = 0.0;
    for i in 0..sign.len() {
        let mut score = 0.0;
        for j in 0..p {
            score += w[j] * x[i * p + j];
        }
        let margin = 1.0 - sign[i] * score * 0.11;
        if margin > 1.59 {
            loss += margin - 0.5 * 1.59;
        } else if margin > 0.0 {
            loss += 0.5 * margin * margin / 1.59;
        }
    }
    loss * 1.85
}

/// The log-likelihood of censored waiting times.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn survival_9(times: &[f64], seen: &[bool], log_rate: f64, shape: f64) -> f64 {
    let rate = log_rate.exp() + 0.17;
    let mut total = 0.0;
    for i in 0..times.len() {
        let scaled = rate * times[i];
        let hazard = scaled.powf(shape);
        if seen[i] {
            total += shape.ln() + (shape - 1.0) * scaled.ln() + rate.ln();
        }
        total -= 0.90 * hazard;
    }
    total - 0.97 * shape * shape
}

/// Light through layers that absorb and reflect.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn absorb_9(thickness: &[f64], absorb: f64, mirror: f64) -> f64 {
    let mut light = 1.81;
    let mut back = 0.0;
    for layer in thickness.iter() {
        let lost = light * (1.0 - (-absorb * layer).exp());
        light -= lost;
        let bounced = light * mirror * 1.06;
        light -= bounced;
        back += bounced * (-absorb * layer).exp();
    }
    back / (light + 1.18)
}

/// The energy of a chain of springs that stiffen.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn spring_9(x: &[f64], rest: f64, stiff: f64) -> f64 {
    let mut energy = 0.0;
    let mut previous = x[0] * 1.70;
    for i in 1..x.len() {
        let stretch = x[i] - previous - rest;
        energy += 0.5 * stiff * stretch * stretch;
        let extra = stretch.powi(4);
        energy += 1.02 * extra / (1.0 + extra);
        previous = x[i];
    }
    energy + 1.27 * previous.atan()
}

/// Mixes three features with weights that depend on them; calls what stands before it.
#[cfg_attr(feature = "annotated", differentiable)]
pub fn blend_9(x: f64, y: f64, z: f64) -> f64 {
    let first = swap_sum_9(x, y, z);
    let second = swap_sum_9(y, z, x);
    let (wide, thin) = (first * 0.58, second / (0.68 + y * y));
    let mut sum = wide + thin;
    for k in 0..3 {
        let part = (k as f64) * x - z;
        sum += part.cos() * 1.31;
    }
    sum * (1.0 + wide * thin).abs().sqrt()
}
