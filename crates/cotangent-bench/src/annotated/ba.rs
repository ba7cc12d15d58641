//! ADBench's bundle adjustment: the reprojection error of one observation.
//!
//! A camera is rotation (3, angle-axis), centre (3), focal length, principal point (2), radial distortion (2).

use cotangent::prelude::*;

/// The weighted reprojection error, returned by value.
#[differentiable(lanes, wrt(camera, point, weight))]
pub fn natural(camera: &[f64; 11], point: &[f64; 3], weight: f64, feature: &[f64; 2]) -> [f64; 2] {
    let p = project(camera, point);
    [weight * (p[0] - feature[0]), weight * (p[1] - feature[1])]
}

/// The same, written into `error`.
#[differentiable(lanes, wrt(camera, point, weight, error))]
pub fn workspace(camera: &[f64; 11], point: &[f64; 3], weight: f64, feature: &[f64; 2], error: &mut [f64; 2]) {
    let p = project(camera, point);
    error[0] = weight * (p[0] - feature[0]);
    error[1] = weight * (p[1] - feature[1]);
}

/// The penalty that keeps a weight near one.
#[differentiable(lanes)]
pub fn weight_error(weight: f64) -> f64 {
    1.0 - weight * weight
}

/// A point seen by a camera, in pixels.
#[differentiable(lanes)]
fn project(camera: &[f64; 11], point: &[f64; 3]) -> [f64; 2] {
    let shifted = [point[0] - camera[3], point[1] - camera[4], point[2] - camera[5]];
    let seen = rotate(&[camera[0], camera[1], camera[2]], &shifted);
    let u = seen[0] / seen[2];
    let v = seen[1] / seen[2];
    let square = u * u + v * v;
    let distortion = 1.0 + camera[9] * square + camera[10] * square * square;
    [camera[6] * (u * distortion) + camera[7], camera[6] * (v * distortion) + camera[8]]
}

/// Rodrigues' rotation of `x` by the angle-axis vector `r`; to first order where `r` is exactly zero.
#[differentiable(lanes)]
fn rotate(r: &[f64; 3], x: &[f64; 3]) -> [f64; 3] {
    let square = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    if square != 0.0 {
        let angle = square.sqrt();
        let cosine = angle.cos();
        let sine = angle.sin();
        let inverse = 1.0 / angle;
        let w = [r[0] * inverse, r[1] * inverse, r[2] * inverse];
        let across = cross(&w, x);
        let along = (w[0] * x[0] + w[1] * x[1] + w[2] * x[2]) * (1.0 - cosine);
        [
            x[0] * cosine + across[0] * sine + w[0] * along,
            x[1] * cosine + across[1] * sine + w[1] * along,
            x[2] * cosine + across[2] * sine + w[2] * along,
        ]
    } else {
        let across = cross(r, x);
        [x[0] + across[0], x[1] + across[1], x[2] + across[2]]
    }
}

/// The cross product.
#[differentiable(lanes)]
fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
