//! Operators and indexing on user types.

use super::snippet;
use crate::template::Snippet;

const VEC3: &str = "#[derive(Clone, Copy, Differentiable)] pub struct Vec3 { pub x: f64, pub y: f64, pub z: f64 }
#[differentiable]
impl Vec3 {
    pub fn new(x: f64, y: f64, z: f64) -> Self { Self { x, y, z } }
    pub fn dot(self, o: Vec3) -> f64 { self.x * o.x + self.y * o.y + self.z * o.z }
}
#[differentiable]
impl std::ops::Add for Vec3 { type Output = Vec3; fn add(self, o: Vec3) -> Vec3 { Vec3 { x: self.x + o.x, y: self.y + o.y, z: self.z + o.z } } }
#[differentiable]
impl std::ops::Sub<&Vec3> for &Vec3 { type Output = Vec3; fn sub(self, o: &Vec3) -> Vec3 { Vec3 { x: self.x - o.x, y: self.y - o.y, z: self.z - o.z } } }
#[differentiable]
impl std::ops::Mul<f64> for Vec3 { type Output = Vec3; fn mul(self, s: f64) -> Vec3 { Vec3 { x: self.x * s, y: self.y * s, z: self.z * s } } }
#[differentiable]
impl std::ops::Neg for Vec3 { type Output = Vec3; fn neg(self) -> Vec3 { Vec3 { x: -self.x, y: -self.y, z: -self.z } } }
#[differentiable]
impl std::ops::AddAssign for Vec3 { fn add_assign(&mut self, o: Vec3) { self.x += o.x; self.y += o.y; self.z += o.z; } }";

const GRID: &str = "#[derive(Clone, Differentiable)] pub struct Grid { pub cells: Vec<f64>, #[constant] pub cols: usize }
#[differentiable]
impl std::ops::Index<(usize, usize)> for Grid { type Output = f64; fn index(&self, at: (usize, usize)) -> &f64 { &self.cells[at.0 * self.cols + at.1] } }
#[differentiable]
impl std::ops::IndexMut<(usize, usize)> for Grid { fn index_mut(&mut self, at: (usize, usize)) -> &mut f64 { &mut self.cells[at.0 * self.cols + at.1] } }
#[differentiable]
pub fn trace(g: &Grid) -> f64 { let mut s = 0.0; for i in 0..g.cols { s += g[(i, i)]; } s }";

/// The snippets.
pub const SNIPPETS: &[Snippet] = &[
    snippet(
        "operator add",
        VEC3,
        "let p$k = Vec3::new($e, $x, $c) + Vec3::new($c, $e, $x); let $new = (p$k.x * p$k.y - p$k.z).sin();",
    ),
    snippet(
        "operator by reference",
        VEC3,
        "let p$k = Vec3::new($e, $x, $c); let q$k = Vec3::new($x, $c, $e); let d$k = &p$k - &q$k; let $new = d$k.dot(p$k).sin();",
    ),
    snippet(
        "operator mul",
        VEC3,
        "let p$k = Vec3::new($e, $x, $c) * $e; let $new = p$k.dot(p$k).sin();",
    ),
    snippet(
        "operator neg",
        VEC3,
        "let p$k = -Vec3::new($e, $x, $c); let $new = (p$k.x + p$k.y * p$k.z).tanh();",
    ),
    snippet(
        "operator add assign",
        VEC3,
        "let mut p$k = Vec3::new($e, $x, $c); for _ in 0..$n { p$k += p$k * 0.2; p$k += Vec3::new($x, 0.1, $e); } $m += p$k.dot(Vec3::new(0.1, 0.2, 0.3)).sin();",
    ),
    snippet(
        "operator chain",
        VEC3,
        "let p$k = Vec3::new($e, $x, $c); let q$k = p$k * $x + -p$k * 0.3; let $new = (q$k.x - q$k.z).sin();",
    ),
    snippet(
        "user Index",
        GRID,
        "let w$k = Grid { cells: vec![$e, $x, $c, $e], cols: 2 }; let $new = (w$k[(0, 1)] * w$k[(1, 1)] + trace(&w$k)).sin();",
    ),
    snippet(
        "user IndexMut",
        GRID,
        "let mut w$k = Grid { cells: vec![$e, $x, $c, $e], cols: 2 }; w$k[(1, 0)] -= w$k[(0, 0)] * $x; w$k[(1, 1)] *= $e; w$k[(0, 0)] = w$k[(1, 0)]; $m += w$k[(1, 1)] * w$k[(0, 0)];",
    ),
    snippet(
        "user IndexMut in loop",
        GRID,
        "let mut w$k = Grid { cells: vec![0.0; 4], cols: 2 }; for i$k in 0..2 { for j$k in 0..2 { w$k[(i$k, j$k)] += $x * (i$k + 2 * j$k) as f64 * 0.3 + $c; } } $m += w$k[(0, 1)] * w$k[(1, 0)];",
    ),
];
