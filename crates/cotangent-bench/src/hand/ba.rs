//! The Jacobian of one reprojection error: 2 rows of 11 camera, 3 point and 1 weight columns.

/// A vector in space.
type V3 = [f64; 3];

/// The reprojection error of one observation; its Jacobian, row-major, goes into `jacobian`.
pub fn residual(camera: &[f64; 11], point: &V3, weight: f64, feature: &[f64; 2], jacobian: &mut [f64; 30]) -> [f64; 2] {
    let shifted: V3 = std::array::from_fn(|i| point[i] - camera[3 + i]);
    let turned = Rotated::new([camera[0], camera[1], camera[2]], &shifted);
    let [px, py, pz] = turned.value;
    let (u, v) = (px / pz, py / pz);
    let (focal, k1, k2) = (camera[6], camera[9], camera[10]);
    let square = u * u + v * v;
    let distortion = 1.0 + (k1 + k2 * square) * square;
    let slope = k1 + 2.0 * k2 * square;
    let seen = [u * distortion, v * distortion];
    let off = [focal * seen[0] + camera[7] - feature[0], focal * seen[1] + camera[8] - feature[1]];

    for (row, bar) in [[1.0, 0.0], [0.0, 1.0]].into_iter().enumerate() {
        let out = &mut jacobian[15 * row..15 * row + 15];
        let scale = weight * focal;
        let along = bar[0] * u + bar[1] * v;
        // Cotangents of u and v, then of the rotated point.
        let u_bar = scale * (bar[0] * distortion + 2.0 * along * slope * u);
        let v_bar = scale * (bar[1] * distortion + 2.0 * along * slope * v);
        let value_bar = [u_bar / pz, v_bar / pz, -(u_bar * u + v_bar * v) / pz];
        let (r_bar, x_bar) = turned.pullback(&value_bar);
        for i in 0..3 {
            out[i] = r_bar[i];
            out[3 + i] = -x_bar[i];
            out[11 + i] = x_bar[i];
        }
        out[6] = weight * seen[row];
        out[7] = weight * bar[0];
        out[8] = weight * bar[1];
        out[9] = scale * along * square;
        out[10] = scale * along * square * square;
        out[14] = off[row];
    }
    [weight * off[0], weight * off[1]]
}

/// Rodrigues' rotation of a vector, with what its pullback needs.
struct Rotated {
    value: V3,
    x: V3,
    axis: V3,
    /// Angle, sine, cosine; the angle is zero in the first-order branch, where `axis` is the angle-axis vector.
    angle: f64,
    sine: f64,
    cosine: f64,
}

impl Rotated {
    fn new(r: V3, x: &V3) -> Self {
        let square = dot(&r, &r);
        if square == 0.0 {
            let across = cross(&r, x);
            let value = std::array::from_fn(|i| x[i] + across[i]);
            return Rotated {
                value,
                x: *x,
                axis: r,
                angle: 0.0,
                sine: 0.0,
                cosine: 1.0,
            };
        }
        let angle = square.sqrt();
        let (sine, cosine) = angle.sin_cos();
        let axis = r.map(|r| r / angle);
        let (across, along) = (cross(&axis, x), dot(&axis, x) * (1.0 - cosine));
        let value = std::array::from_fn(|i| x[i] * cosine + across[i] * sine + axis[i] * along);
        Rotated {
            value,
            x: *x,
            axis,
            angle,
            sine,
            cosine,
        }
    }

    /// The cotangents of the angle-axis vector and of the rotated vector.
    fn pullback(&self, bar: &V3) -> (V3, V3) {
        let Rotated {
            x,
            axis,
            angle,
            sine,
            cosine,
            ..
        } = self;
        // a · (w × x) is a triple product: its gradient in w is x × a, in x it is a × w.
        if *angle == 0.0 {
            let turned = cross(bar, axis);
            return (cross(x, bar), std::array::from_fn(|i| bar[i] + turned[i]));
        }
        let versine = 1.0 - cosine;
        let (axis_bar_dot, axis_x) = (dot(axis, bar), dot(axis, x));
        let (from_axis, from_x) = (cross(x, bar), cross(bar, axis));
        let x_bar = std::array::from_fn(|i| cosine * bar[i] + sine * from_x[i] + versine * axis_bar_dot * axis[i]);
        let axis_bar: V3 = std::array::from_fn(|i| sine * from_axis[i] + versine * (axis_bar_dot * x[i] + axis_x * bar[i]));
        let angle_bar = -sine * dot(x, bar) + cosine * dot(axis, &from_axis) + sine * axis_x * axis_bar_dot;
        let along = dot(axis, &axis_bar);
        let r_bar = std::array::from_fn(|i| angle_bar * axis[i] + (axis_bar[i] - along * axis[i]) / angle);
        (r_bar, x_bar)
    }
}

fn dot(a: &V3, b: &V3) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: &V3, b: &V3) -> V3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
