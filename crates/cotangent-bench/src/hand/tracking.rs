//! The Jacobian of hand tracking, with the structure that a human sees: an angle of a finger moves the bones beyond it
//! and nothing else, and only vertices that correspond to a point are looked at.

use std::array::from_fn;

use crate::input::{Hand, HandModel};

/// A linear map of space, by rows, and a translation.
type Affine = [[f64; 4]; 3];
/// A linear map of space, by rows.
type Linear = [[f64; 3]; 3];
/// A vector in space.
type V3 = [f64; 3];

/// Parameters of the pose.
const THETA: usize = 26;
/// The first six turn and move the whole hand.
const GLOBAL: usize = 6;

/// The errors, their Jacobian, and the transforms of the bones.
pub struct HandJacobian {
    /// The errors, three a point.
    pub objective: Vec<f64>,
    /// The Jacobian by columns, those of the two barycentric coordinates first where there are any.
    pub jacobian: Vec<f64>,
    absolutes: Vec<Affine>,
    transforms: Vec<Affine>,
    /// Per bone: the parameters that move it, with the derivative of its transform.
    moved_by: Vec<Vec<(usize, Affine)>>,
}

/// A vertex before the global rotation, and its derivatives in the finger angles.
struct Vertex {
    at: V3,
    moved: [V3; THETA - GLOBAL],
}

impl HandJacobian {
    /// Buffers for inputs of the size of this one.
    pub fn new(hand: &Hand) -> Self {
        let bones = hand.model.bones;
        let columns = THETA + if hand.us.is_some() { 2 } else { 0 };
        HandJacobian {
            objective: vec![0.0; hand.points.len()],
            jacobian: vec![0.0; hand.points.len() * columns],
            absolutes: vec![Affine::default(); bones],
            transforms: vec![Affine::default(); bones],
            moved_by: vec![Vec::new(); bones],
        }
    }

    /// Computes the errors and the Jacobian.
    pub fn run(&mut self, hand: &Hand) {
        self.pose(&hand.model, &hand.theta);
        let (global, global_dot) = angle_axis([hand.theta[0], hand.theta[1], hand.theta[2]]);
        for (i, &c) in hand.correspondences.iter().enumerate() {
            let vertex = match &hand.us {
                None => self.vertex(&hand.model, &[(c, 1.0)]),
                Some(us) => {
                    let (u, v) = (us[2 * i], us[2 * i + 1]);
                    let corners: [usize; 3] = from_fn(|e| hand.model.triangles[3 * c + e]);
                    self.barycentric(&hand.model, &corners, &global, i);
                    let shares = [u, v, 1.0 - u - v];
                    self.vertex(&hand.model, &from_fn::<_, 3, _>(|e| (corners[e], shares[e])))
                }
            };
            let turned = apply(&global, &vertex.at);
            for e in 0..3 {
                self.objective[3 * i + e] = hand.points[3 * i + e] - turned[e] - hand.theta[3 + e];
            }
            let first = if hand.us.is_some() { 2 } else { 0 };
            for (k, dot) in global_dot.iter().enumerate() {
                self.put(first + k, i, &apply(dot, &vertex.at));
                self.put(first + 3 + k, i, &from_fn(|e| if e == k { 1.0 } else { 0.0 }));
            }
            for (k, moved) in vertex.moved.iter().enumerate() {
                self.put(first + GLOBAL + k, i, &apply(&global, moved));
            }
        }
    }

    /// The error falls as the vertex moves.
    fn put(&mut self, column: usize, point: usize, vertex_dot: &V3) {
        let at = column * self.objective.len() + 3 * point;
        for e in 0..3 {
            self.jacobian[at + e] = -vertex_dot[e];
        }
    }

    /// The two columns of the barycentric coordinates: differences of the triangle's corners.
    fn barycentric(&mut self, model: &HandModel, corners: &[usize; 3], global: &Linear, point: usize) {
        let at = corners.map(|v| self.place(model, v));
        for k in 0..2 {
            let edge: V3 = from_fn(|e| at[k][e] - at[2][e]);
            self.put(k, point, &apply(global, &edge));
        }
    }

    /// Places every bone and finds how each angle moves it.
    fn pose(&mut self, model: &HandModel, theta: &[f64]) {
        self.moved_by.iter_mut().for_each(Vec::clear);
        for b in 0..model.bones {
            let (angles, parameters) = angles_of(b, theta);
            let base = affine(&model.base_relatives[16 * b..]);
            let inverse = affine(&model.inverse_base_absolutes[16 * b..]);
            let relative = turn(&base, &euler(angles));
            let parent = usize::try_from(model.parents[b]).ok();
            let above = parent.map_or(IDENTITY, |p| self.absolutes[p]);
            self.absolutes[b] = compose(&above, &relative);
            self.transforms[b] = compose(&self.absolutes[b], &inverse);

            let mut moved = std::mem::take(&mut self.moved_by[b]);
            for &(k, dot) in parent.map_or(&[][..], |p| &self.moved_by[p]) {
                moved.push((k, compose(&dot, &relative)));
            }
            for (k, rotation_dot) in parameters.into_iter().zip(euler_dot(angles)) {
                if let Some(k) = k {
                    moved.push((k, compose_linear(&above, &turn_dot(&base, &rotation_dot))));
                }
            }
            self.moved_by[b] = moved;
        }
        // Children have read the derivatives of absolute places; vertices need those of transforms.
        for (b, moved) in self.moved_by.iter_mut().enumerate() {
            let inverse = affine(&model.inverse_base_absolutes[16 * b..]);
            moved.iter_mut().for_each(|(_, dot)| *dot = compose(dot, &inverse));
        }
    }

    /// Where a vertex is before the global rotation.
    fn place(&self, model: &HandModel, v: usize) -> V3 {
        let base: V3 = from_fn(|e| model.base_positions[4 * v + e]);
        let mut at = [0.0; 3];
        for w in model.weight_starts[v]..model.weight_starts[v + 1] {
            add(
                &mut at,
                model.weights[w],
                &apply_affine(&self.transforms[model.weight_bones[w]], &base),
            );
        }
        at
    }

    /// A weighted sum of vertices, with its derivatives.
    fn vertex(&self, model: &HandModel, corners: &[(usize, f64)]) -> Vertex {
        let mut vertex = Vertex {
            at: [0.0; 3],
            moved: [[0.0; 3]; THETA - GLOBAL],
        };
        for &(v, share) in corners {
            let base: V3 = from_fn(|e| model.base_positions[4 * v + e]);
            for w in model.weight_starts[v]..model.weight_starts[v + 1] {
                let (bone, weight) = (model.weight_bones[w], share * model.weights[w]);
                add(&mut vertex.at, weight, &apply_affine(&self.transforms[bone], &base));
                for (k, dot) in &self.moved_by[bone] {
                    add(&mut vertex.moved[k - GLOBAL], weight, &apply_affine(dot, &base));
                }
            }
        }
        vertex
    }
}

/// The angles about x and z of a bone, and which parameters they are: a finger has three bones that bend, the first of
/// which also spreads; the bone before them stays.
fn angles_of(bone: usize, theta: &[f64]) -> ([f64; 2], [Option<usize>; 2]) {
    if !(2..22).contains(&bone) || (bone - 2) % 4 == 3 {
        return ([0.0; 2], [None; 2]);
    }
    let (finger, joint) = ((bone - 2) / 4, (bone - 2) % 4);
    let first = GLOBAL + 4 * finger;
    match joint {
        0 => ([theta[first], theta[first + 1]], [Some(first), Some(first + 1)]),
        _ => ([theta[first + joint + 1], 0.0], [Some(first + joint + 1), None]),
    }
}

const IDENTITY: Affine = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]];

/// The upper three rows of a 4x4 matrix.
fn affine(m: &[f64]) -> Affine {
    from_fn(|i| from_fn(|j| m[4 * i + j]))
}

/// `Rz(z) Rx(x)`.
fn euler([x, z]: [f64; 2]) -> Linear {
    let ((sx, cx), (sz, cz)) = (x.sin_cos(), z.sin_cos());
    [[cz, -cx * sz, sx * sz], [sz, cx * cz, -sx * cz], [0.0, sx, cx]]
}

/// The derivatives of `euler` in x and in z.
fn euler_dot([x, z]: [f64; 2]) -> [Linear; 2] {
    let ((sx, cx), (sz, cz)) = (x.sin_cos(), z.sin_cos());
    [
        [[0.0, sx * sz, cx * sz], [0.0, -sx * cz, -cx * cz], [0.0, cx, -sx]],
        [[-sz, -cx * cz, sx * cz], [cz, -cx * sz, sx * sz], [0.0; 3]],
    ]
}

/// `a b`, where `b` has the last row (0, 0, 0, 1).
fn compose(a: &Affine, b: &Affine) -> Affine {
    from_fn(|i| {
        from_fn(|j| {
            let sum = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
            if j == 3 { sum + a[i][3] } else { sum }
        })
    })
}

/// `a b`, where `b` has a last row of zeros: a derivative.
fn compose_linear(a: &Affine, b: &Affine) -> Affine {
    from_fn(|i| from_fn(|j| a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j]))
}

/// `base` after a rotation.
fn turn(base: &Affine, r: &Linear) -> Affine {
    let mut out = turn_dot(base, r);
    for i in 0..3 {
        out[i][3] = base[i][3];
    }
    out
}

/// The derivative of `turn` along that of the rotation.
fn turn_dot(base: &Affine, r: &Linear) -> Affine {
    from_fn(|i| {
        from_fn(|j| match j {
            3 => 0.0,
            _ => base[i][0] * r[0][j] + base[i][1] * r[1][j] + base[i][2] * r[2][j],
        })
    })
}

fn apply(m: &Linear, x: &V3) -> V3 {
    from_fn(|i| m[i][0] * x[0] + m[i][1] * x[1] + m[i][2] * x[2])
}

fn apply_affine(m: &Affine, x: &V3) -> V3 {
    from_fn(|i| m[i][0] * x[0] + m[i][1] * x[1] + m[i][2] * x[2] + m[i][3])
}

fn add(sum: &mut V3, scale: f64, x: &V3) {
    for e in 0..3 {
        sum[e] += scale * x[e];
    }
}

/// The rotation of an angle-axis vector and its three derivatives; the identity where the norm is below 1e-4.
fn angle_axis(r: V3) -> (Linear, [Linear; 3]) {
    let norm = (r[0] * r[0] + r[1] * r[1] + r[2] * r[2]).sqrt();
    if norm < 1e-4 {
        return (from_fn(|i| from_fn(|j| if i == j { 1.0 } else { 0.0 })), [[[0.0; 3]; 3]; 3]);
    }
    let w = r.map(|r| r / norm);
    let (s, c) = norm.sin_cos();
    let rotation = from_fn(|i| {
        from_fn(|j| {
            let diagonal = if i == j { c } else { 0.0 };
            diagonal + (1.0 - c) * w[i] * w[j] + s * spin(&w)[i][j]
        })
    });
    let dots = from_fn(|k| {
        // The axis moves at right angles to itself, the angle along it.
        let w_dot: V3 = from_fn(|i| (if i == k { 1.0 } else { 0.0 } - w[i] * w[k]) / norm);
        from_fn(|i| {
            from_fn(|j| {
                let diagonal = if i == j { -s } else { 0.0 };
                let by_angle = diagonal + s * w[i] * w[j] + c * spin(&w)[i][j];
                let by_axis = (1.0 - c) * (w_dot[i] * w[j] + w[i] * w_dot[j]) + s * spin(&w_dot)[i][j];
                w[k] * by_angle + by_axis
            })
        })
    });
    (rotation, dots)
}

/// The matrix of the cross product with `w`.
fn spin(w: &V3) -> Linear {
    [[0.0, -w[2], w[1]], [w[2], 0.0, -w[0]], [-w[1], w[0], 0.0]]
}
