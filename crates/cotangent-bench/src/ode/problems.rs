//! The right-hand sides of the test problems, in the order of their parameters in `data/ode/problems.json`.
#![allow(clippy::ptr_arg)] // parameters are a `Vec`, so that one type serves all problems
#![allow(clippy::needless_range_loop)] // formulas with indices

use cotangent::prelude::*;

/// Predator and prey.
#[differentiable(order = 2)]
pub fn lotka_volterra(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    let meets = y[0] * y[1];
    dy[0] = p[0] * y[0] - p[1] * meets;
    dy[1] = p[3] * meets - p[2] * y[1];
}

/// A nerve's potential.
#[differentiable(order = 2)]
pub fn fitzhugh_nagumo(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    let (v, w) = (y[0], y[1]);
    dy[0] = v - v * v * v / 3.0 - w + p[3];
    dy[1] = p[2] * (v + p[0] - p[1] * w);
}

/// Lorenz's attractor.
#[differentiable(order = 2)]
pub fn lorenz(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = p[0] * (y[1] - y[0]);
    dy[1] = y[0] * (p[1] - y[2]) - y[1];
    dy[2] = y[0] * y[1] - p[2] * y[2];
}

/// The Brusselator without diffusion.
#[differentiable(order = 2)]
pub fn brusselator0d(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    let reaction = y[0] * y[0] * y[1];
    dy[0] = p[0] + reaction - (p[1] + 1.0) * y[0];
    dy[1] = p[1] * y[0] - reaction;
}

/// Van der Pol's oscillator.
#[differentiable(order = 2)]
pub fn vanderpol(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = y[1];
    dy[1] = p[0] * (1.0 - y[0] * y[0]) * y[1] - y[0];
}

/// Van der Pol's oscillator, scaled.
#[differentiable(order = 2)]
pub fn vanderpol_scaled(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = y[1];
    dy[1] = ((1.0 - y[0] * y[0]) * y[1] - y[0]) / p[0];
}

/// Three bodies, one of them light.
#[differentiable(order = 2)]
pub fn arenstorf(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    let (mu, other) = (p[0], 1.0 - p[0]);
    let (a, b) = (y[0] + mu, y[0] - other);
    let (ra, rb) = (a * a + y[1] * y[1], b * b + y[1] * y[1]);
    let (da, db) = (ra * ra.sqrt(), rb * rb.sqrt());
    dy[0] = y[2];
    dy[1] = y[3];
    dy[2] = y[0] + 2.0 * y[3] - other * a / da - mu * b / db;
    dy[3] = y[1] - 2.0 * y[2] - other * y[1] / da - mu * y[1] / db;
}

/// An epidemic.
#[differentiable(order = 2)]
pub fn seir(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    let n = y[0] + y[1] + y[2] + y[3];
    let infection = p[0] * y[0] * y[2] / n;
    dy[0] = -infection;
    dy[1] = infection - p[1] * y[1];
    dy[2] = p[1] * y[1] - p[2] * y[2];
    dy[3] = p[2] * y[2];
}

/// A drug that is eliminated at a limited rate.
#[differentiable(order = 2)]
pub fn pk_michaelis_menten(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    let c = y[1] / p[1];
    dy[0] = -p[0] * y[0];
    dy[1] = p[0] * y[0] - p[2] * c / (p[3] + c);
}

/// Seven stars.
#[differentiable(order = 2)]
pub fn pleiades(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    for i in 0..14 {
        dy[i] = y[14 + i];
        dy[14 + i] = 0.0;
    }
    for i in 0..7 {
        for j in 0..i {
            let dx = y[j] - y[i];
            let dz = y[7 + j] - y[7 + i];
            let r2 = dx * dx + dz * dz;
            let r3 = r2 * r2.sqrt();
            let (fx, fz) = (dx / r3, dz / r3);
            dy[14 + i] += p[j] * fx;
            dy[21 + i] += p[j] * fz;
            dy[14 + j] -= p[i] * fx;
            dy[21 + j] -= p[i] * fz;
        }
    }
}

/// Robertson's reaction.
#[differentiable(order = 2)]
pub fn rober(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    let a = p[0] * y[0];
    let b = p[2] * y[1] * y[2];
    let c = p[1] * y[1] * y[1];
    dy[0] = b - a;
    dy[1] = a - b - c;
    dy[2] = c;
}

/// The Oregonator.
#[differentiable(order = 2)]
pub fn orego(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = p[0] * (y[1] + y[0] * (1.0 - p[1] * y[0] - y[1]));
    dy[1] = (y[2] - (1.0 + y[0]) * y[1]) / p[0];
    dy[2] = p[2] * (y[0] - y[2]);
}

/// High irradiance responses of photomorphogenesis.
#[differentiable(order = 2)]
pub fn hires(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    let r = p[8] * y[5] * y[7];
    dy[0] = p[9] - p[0] * y[0] + p[1] * y[1] + p[2] * y[2];
    dy[1] = p[0] * y[0] - p[3] * y[1];
    dy[2] = p[1] * y[3] - p[4] * y[2] + p[5] * y[4];
    dy[3] = p[2] * y[1] + p[0] * y[2] - p[6] * y[3];
    dy[4] = p[1] * y[5] + p[1] * y[6] - p[7] * y[4];
    dy[5] = p[10] * y[3] - r + p[0] * y[4] - p[1] * y[5] + p[10] * y[6];
    dy[6] = r - p[11] * y[6];
    dy[7] = p[11] * y[6] - r;
}

/// Problem E5 of Enright, Hull and Lindberg.
#[differentiable(order = 2)]
pub fn e5(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    let a = p[0] * y[0];
    let b = p[1] * y[0] * y[2];
    let c = p[2] * y[1] * y[2];
    let e = p[3] * y[3];
    dy[0] = -a - b;
    dy[1] = a - c;
    dy[3] = b - e;
    dy[2] = a - c - b + e;
}

/// Air pollution: 25 reactions of 20 species. Source: IVP test set, POLLU.
#[differentiable(order = 2)]
pub fn pollu(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    let r1 = p[0] * y[0];
    let r2 = p[1] * y[1] * y[3];
    let r3 = p[2] * y[4] * y[1];
    let r4 = p[3] * y[6];
    let r5 = p[4] * y[6];
    let r6 = p[5] * y[6] * y[5];
    let r7 = p[6] * y[8];
    let r8 = p[7] * y[8] * y[5];
    let r9 = p[8] * y[10] * y[1];
    let r10 = p[9] * y[10] * y[0];
    let r11 = p[10] * y[12];
    let r12 = p[11] * y[9] * y[1];
    let r13 = p[12] * y[13];
    let r14 = p[13] * y[0] * y[5];
    let r15 = p[14] * y[2];
    let r16 = p[15] * y[3];
    let r17 = p[16] * y[3];
    let r18 = p[17] * y[15];
    let r19 = p[18] * y[15];
    let r20 = p[19] * y[16] * y[5];
    let r21 = p[20] * y[18];
    let r22 = p[21] * y[18];
    let r23 = p[22] * y[0] * y[3];
    let r24 = p[23] * y[18] * y[0];
    let r25 = p[24] * y[19];
    dy[0] = -r1 - r10 - r14 - r23 - r24 + r2 + r3 + r9 + r11 + r12 + r22 + r25;
    dy[1] = -r2 - r3 - r9 - r12 + r1 + r21;
    dy[2] = -r15 + r1 + r17 + r19 + r22;
    dy[3] = -r2 - r16 - r17 - r23 + r15;
    dy[4] = -r3 + r4 + r4 + r6 + r7 + r13 + r20;
    dy[5] = -r6 - r8 - r14 - r20 + r3 + r18 + r18;
    dy[6] = -r4 - r5 - r6 + r13;
    dy[7] = r4 + r5 + r6 + r7;
    dy[8] = -r7 - r8;
    dy[9] = -r12 + r7 + r9;
    dy[10] = -r9 - r10 + r8 + r11;
    dy[11] = r9;
    dy[12] = -r11 + r10;
    dy[13] = -r13 + r12;
    dy[14] = r14;
    dy[15] = -r18 - r19 + r16;
    dy[16] = -r20;
    dy[17] = r20;
    dy[18] = -r21 - r22 - r24 + r23 + r25;
    dy[19] = -r25 + r24;
}

/// The Brusselator on a line, by the method of lines.
#[differentiable(order = 2)]
pub fn bruss1d(_t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    let n = y.len() / 2;
    let (a, b) = (p[0], p[1]);
    let d = p[2] * ((n + 1) * (n + 1)) as f64;
    for i in 0..n {
        let (u, v) = (y[i], y[n + i]);
        let ul = if i == 0 { 1.0 } else { y[i - 1] };
        let ur = if i + 1 == n { 1.0 } else { y[i + 1] };
        let vl = if i == 0 { 3.0 } else { y[n + i - 1] };
        let vr = if i + 1 == n { 3.0 } else { y[n + i + 1] };
        let reaction = u * u * v;
        let flow_u = ul - 2.0 * u + ur;
        let flow_v = vl - 2.0 * v + vr;
        dy[i] = a + reaction - (b + 1.0) * u + d * flow_u;
        dy[n + i] = b * u - reaction + d * flow_v;
    }
}

/// The Brusselator on a square with periodic ends, which is stirred from t = 1.1 on.
#[differentiable(order = 2)]
pub fn bruss2d(t: f64, y: &[f64], p: &Vec<f64>, dy: &mut [f64]) {
    let m = 8;
    let n = m * m;
    let (a, b) = (p[0], p[1]);
    let d = p[2] * ((m - 1) * (m - 1)) as f64;
    for j in 0..m {
        for i in 0..m {
            let k = i + m * j;
            let left = (i + m - 1) % m + m * j;
            let right = (i + 1) % m + m * j;
            let below = i + m * ((j + m - 1) % m);
            let above = i + m * ((j + 1) % m);
            let x = i as f64 / (m - 1) as f64 - 0.3;
            let z = j as f64 / (m - 1) as f64 - 0.6;
            let stirred = if x * x + z * z <= 0.01 && t >= 1.1 { 5.0 } else { 0.0 };
            let (u, v) = (y[k], y[n + k]);
            let reaction = u * u * v;
            let flow_u = y[left] + y[right] + y[below] + y[above] - 4.0 * u;
            let flow_v = y[n + left] + y[n + right] + y[n + below] + y[n + above] - 4.0 * v;
            dy[k] = b + reaction - (a + 1.0) * u + d * flow_u + stirred;
            dy[n + k] = a * u - reaction + d * flow_v;
        }
    }
}
