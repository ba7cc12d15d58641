//! ADBench's hand tracking: the distance of measured points from the surface of a posed hand.
//!
//! Matrices are 4x4, row-major; a hand is 22 bones that carry the vertices of a mesh.

use cotangent::prelude::*;

use crate::input::HandModel;

/// Number of entries of a 4x4 matrix.
const M: usize = 16;

/// The errors of the simple problem, where a point corresponds to a vertex.
#[differentiable(lanes, wrt(theta))]
pub fn simple(model: &HandModel, correspondences: &[usize], points: &[f64], theta: &[f64]) -> Vec<f64> {
    let mut pose = vec![0.0; 3 * (model.bones + 3)];
    let mut transforms = vec![0.0; M * model.bones];
    let mut vertices = vec![0.0; 3 * model.vertices];
    pose_of(theta, &mut pose);
    skin(model, &pose, &mut transforms, &mut vertices);
    let mut error = vec![0.0; points.len()];
    for i in 0..correspondences.len() {
        let v = correspondences[i];
        for c in 0..3 {
            error[3 * i + c] = points[3 * i + c] - vertices[3 * v + c];
        }
    }
    error
}

/// The same with every buffer passed in.
#[differentiable(lanes, wrt(theta, pose, transforms, vertices, error))]
pub fn simple_workspace(
    model: &HandModel,
    correspondences: &[usize],
    points: &[f64],
    theta: &[f64],
    pose: &mut [f64],
    transforms: &mut [f64],
    vertices: &mut [f64],
    error: &mut [f64],
) {
    pose_of(theta, pose);
    skin(model, pose, transforms, vertices);
    for i in 0..correspondences.len() {
        let v = correspondences[i];
        for c in 0..3 {
            error[3 * i + c] = points[3 * i + c] - vertices[3 * v + c];
        }
    }
}

/// The errors of the complicated problem, where a point lies in a triangle at the barycentric coordinates `us`.
#[differentiable(lanes, wrt(us, theta))]
pub fn complicated(model: &HandModel, correspondences: &[usize], points: &[f64], us: &[f64], theta: &[f64]) -> Vec<f64> {
    let mut pose = vec![0.0; 3 * (model.bones + 3)];
    let mut transforms = vec![0.0; M * model.bones];
    let mut vertices = vec![0.0; 3 * model.vertices];
    pose_of(theta, &mut pose);
    skin(model, &pose, &mut transforms, &mut vertices);
    let mut error = vec![0.0; points.len()];
    for i in 0..correspondences.len() {
        let t = 3 * correspondences[i];
        let (p, q, r) = (model.triangles[t], model.triangles[t + 1], model.triangles[t + 2]);
        let u = us[2 * i];
        let v = us[2 * i + 1];
        for c in 0..3 {
            let on = u * vertices[3 * p + c] + v * vertices[3 * q + c] + (1.0 - u - v) * vertices[3 * r + c];
            error[3 * i + c] = points[3 * i + c] - on;
        }
    }
    error
}

/// The same with every buffer passed in.
#[differentiable(lanes, wrt(us, theta, pose, transforms, vertices, error))]
pub fn complicated_workspace(
    model: &HandModel,
    correspondences: &[usize],
    points: &[f64],
    us: &[f64],
    theta: &[f64],
    pose: &mut [f64],
    transforms: &mut [f64],
    vertices: &mut [f64],
    error: &mut [f64],
) {
    pose_of(theta, pose);
    skin(model, pose, transforms, vertices);
    for i in 0..correspondences.len() {
        let t = 3 * correspondences[i];
        let (p, q, r) = (model.triangles[t], model.triangles[t + 1], model.triangles[t + 2]);
        let u = us[2 * i];
        let v = us[2 * i + 1];
        for c in 0..3 {
            let on = u * vertices[3 * p + c] + v * vertices[3 * q + c] + (1.0 - u - v) * vertices[3 * r + c];
            error[3 * i + c] = points[3 * i + c] - on;
        }
    }
}

/// Spreads the 26 parameters over the pose: global rotation, scale and translation, then three angles a bone.
#[differentiable(lanes)]
fn pose_of(theta: &[f64], pose: &mut [f64]) {
    pose.fill(0.0);
    for c in 0..3 {
        pose[c] = theta[c];
        pose[3 + c] = 1.0;
        pose[6 + c] = theta[3 + c];
    }
    let mut from = 6;
    let mut bone = 5;
    for _ in 0..5 {
        for joint in 0..3 {
            pose[3 * bone] = theta[from];
            from += 1;
            if joint == 0 {
                pose[3 * bone + 1] = theta[from];
                from += 1;
            }
            bone += 1;
        }
        bone += 1;
    }
}

/// The vertices of the posed hand; leaves every bone's transform in `transforms`.
#[differentiable(lanes, wrt(pose, transforms, vertices))]
fn skin(model: &HandModel, pose: &[f64], transforms: &mut [f64], vertices: &mut [f64]) {
    let mut absolutes = vec![0.0; M * model.bones];
    let mut rotation = vec![0.0; M];
    let mut relative = vec![0.0; M];
    let mut absolute = vec![0.0; M];
    for b in 0..model.bones {
        euler(pose[3 * b + 9], pose[3 * b + 10], pose[3 * b + 11], &mut rotation);
        multiply(&model.base_relatives[M * b..M * (b + 1)], &rotation, &mut relative);
        if model.parents[b] < 0 {
            absolutes[M * b..M * (b + 1)].copy_from_slice(&relative);
        } else {
            let parent = model.parents[b] as usize;
            multiply(&absolutes[M * parent..M * (parent + 1)], &relative, &mut absolute);
            absolutes[M * b..M * (b + 1)].copy_from_slice(&absolute);
        }
        multiply(
            &absolutes[M * b..M * (b + 1)],
            &model.inverse_base_absolutes[M * b..M * (b + 1)],
            &mut transforms[M * b..M * (b + 1)],
        );
    }
    let mut global = vec![0.0; 9];
    angle_axis(pose, &mut global);
    for v in 0..model.vertices {
        let mut sum = [0.0; 3];
        for w in model.weight_starts[v]..model.weight_starts[v + 1] {
            let at = M * model.weight_bones[w];
            for c in 0..3 {
                let mut coordinate = 0.0;
                for e in 0..4 {
                    coordinate += transforms[at + 4 * c + e] * model.base_positions[4 * v + e];
                }
                sum[c] += model.weights[w] * coordinate;
            }
        }
        for c in 0..3 {
            let turned = global[3 * c] * sum[0] + global[3 * c + 1] * sum[1] + global[3 * c + 2] * sum[2];
            vertices[3 * v + c] = turned + pose[6 + c];
        }
    }
}

/// `Rz(z) Ry(y) Rx(x)` as a 4x4 matrix; the pose lists the angles as x, z, y.
#[differentiable(lanes)]
fn euler(x: f64, z: f64, y: f64, out: &mut [f64]) {
    let (sx, cx) = (x.sin(), x.cos());
    let (sy, cy) = (y.sin(), y.cos());
    let (sz, cz) = (z.sin(), z.cos());
    out.fill(0.0);
    out[0] = cy * cz;
    out[1] = -cx * sz + sx * sy * cz;
    out[2] = sx * sz + cx * sy * cz;
    out[4] = cy * sz;
    out[5] = cx * cz + sx * sy * sz;
    out[6] = -sx * cz + cx * sy * sz;
    out[8] = -sy;
    out[9] = sx * cy;
    out[10] = cx * cy;
    out[15] = 1.0;
}

/// `out = a b` for 4x4 matrices.
#[differentiable(lanes)]
fn multiply(a: &[f64], b: &[f64], out: &mut [f64]) {
    for i in 0..4 {
        for j in 0..4 {
            let mut sum = 0.0;
            for e in 0..4 {
                sum += a[4 * i + e] * b[4 * e + j];
            }
            out[4 * i + j] = sum;
        }
    }
}

/// The rotation of the angle-axis vector in the first column of the pose; the identity where its norm is below 1e-4.
#[differentiable(lanes)]
fn angle_axis(pose: &[f64], out: &mut [f64]) {
    let norm = (pose[0] * pose[0] + pose[1] * pose[1] + pose[2] * pose[2]).sqrt();
    if norm < 1e-4 {
        out.fill(0.0);
        out[0] = 1.0;
        out[4] = 1.0;
        out[8] = 1.0;
    } else {
        let (x, y, z) = (pose[0] / norm, pose[1] / norm, pose[2] / norm);
        let s = norm.sin();
        let c = norm.cos();
        let versine = 1.0 - c;
        out[0] = x * x + (1.0 - x * x) * c;
        out[1] = x * y * versine - z * s;
        out[2] = x * z * versine + y * s;
        out[3] = x * y * versine + z * s;
        out[4] = y * y + (1.0 - y * y) * c;
        out[5] = y * z * versine - x * s;
        out[6] = x * z * versine - y * s;
        out[7] = z * y * versine + x * s;
        out[8] = z * z + (1.0 - z * z) * c;
    }
}
