//! Structs, methods, operators and traits.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_check::check_gradient;
use std::ops::{Add, AddAssign, Index, IndexMut, Mul, Neg};

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Tank {
    level: f64,
    rates: Vec<f64>,
    #[constant]
    steps: usize,
}

#[differentiable(order = 2)]
impl Tank {
    fn new(level: f64) -> Self {
        Tank {
            level,
            rates: vec![level * 0.5, 0.3],
            steps: 3,
        }
    }

    fn energy(&self, x: f64) -> f64 {
        self.level * x.sin() + self.rates[0] * x
    }

    fn advance(&mut self, dt: f64) {
        for k in 0..self.steps {
            let inflow = self.rates[k % 2] * self.level;
            self.level += inflow * dt;
            self.rates[0] *= 1.0 - dt;
        }
    }

    fn twice(&mut self, dt: f64) -> f64 {
        self.advance(dt);
        self.advance(dt * self.level);
        self.energy(dt)
    }
}

#[differentiable(order = 2)]
fn run(x: f64, dt: f64) -> f64 {
    let mut tank = Tank::new(x);
    let e = tank.twice(dt);
    e + tank.level * tank.rates[1] + tank.energy(x)
}

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
struct Vec3 {
    x: f64,
    y: f64,
    z: f64,
}

#[differentiable(order = 2)]
impl Add for Vec3 {
    type Output = Vec3;
    fn add(self, o: Vec3) -> Vec3 {
        Vec3 {
            x: self.x + o.x,
            y: self.y + o.y,
            z: self.z + o.z,
        }
    }
}

#[differentiable(order = 2)]
impl Mul<f64> for Vec3 {
    type Output = Vec3;
    fn mul(self, s: f64) -> Vec3 {
        Vec3 {
            x: self.x * s,
            y: self.y * s,
            z: self.z * s,
        }
    }
}

#[differentiable(order = 2)]
impl Mul<&Vec3> for &Vec3 {
    type Output = f64;
    fn mul(self, o: &Vec3) -> f64 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }
}

#[differentiable(order = 2)]
impl Neg for Vec3 {
    type Output = Vec3;
    fn neg(self) -> Self::Output {
        Self {
            x: -self.x,
            y: -self.y,
            z: -self.z,
        }
    }
}

#[differentiable(order = 2)]
impl AddAssign for Vec3 {
    fn add_assign(&mut self, o: Vec3) {
        self.x += o.x;
        self.y += o.y;
        self.z += o.z;
    }
}

#[differentiable(order = 2)]
fn geometry(a: f64, b: f64) -> f64 {
    let u = Vec3 { x: a, y: b, z: 1.0 };
    let mut v = u * b + -u;
    v += u * a;
    v += v;
    &u * &v + v.x
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Grid {
    data: Vec<f64>,
    #[constant]
    cols: usize,
}

#[differentiable]
impl Index<(usize, usize)> for Grid {
    type Output = f64;
    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        &self.data[i * self.cols + j]
    }
}

#[differentiable]
impl IndexMut<(usize, usize)> for Grid {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
        &mut self.data[i * self.cols + j]
    }
}

#[differentiable(order = 2)]
fn relax(x: &[f64]) -> f64 {
    let mut g = Grid { data: x.to_vec(), cols: 2 };
    for i in 0..x.len() / 2 {
        g[(i, 0)] *= g[(i, 1)];
        g[(i, 1)] -= g[(i, 0)] * x[0];
    }
    g[(0, 0)] * g[(1, 1)] + g.data[2]
}

#[differentiable(order = 2)]
trait Spring {
    fn stiffness(&self, x: f64) -> f64;
    fn force(&self, x: f64) -> f64 {
        self.stiffness(x) * x
    }
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Cubic {
    k: f64,
}

#[differentiable(order = 2)]
impl Spring for Cubic {
    fn stiffness(&self, x: f64) -> f64 {
        self.k * x * x
    }
}

#[differentiable(order = 2)]
fn pull<S: Spring>(s: &S, x: f64) -> f64 {
    s.force(x) + s.stiffness(x * 2.0)
}

#[differentiable(order = 2)]
fn pull_cubic(k: f64, x: f64) -> f64 {
    let s = Cubic { k };
    pull(&s, x)
}

#[test]
fn methods() {
    check_gradient!(order = 2; run, 0.8, 0.1);
}

#[test]
fn operators() {
    check_gradient!(order = 2; geometry, 0.8, 0.3);
}

#[test]
fn user_index() {
    check_gradient!(order = 2; relax, &[0.3, 0.5, 0.7, 1.1][..]);
}

#[test]
fn traits() {
    check_gradient!(order = 2; pull_cubic, 0.8, 0.3);
}
