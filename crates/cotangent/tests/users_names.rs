//! Methods of users' types with names that floats, slices, options or iterators have, too.
mod case;
case! { user_abs {
#[derive(Differentiable, Clone, Copy)] struct V { a: f64, b: f64 }
#[differentiable] impl V { fn abs(self) -> f64 { (self.a * self.a + self.b * self.b).sqrt() } fn max(&self, o: &V) -> f64 { self.a * o.b } fn sin(&self) -> V { V { a: self.a.sin(), b: self.b } } fn sqrt(&self) -> f64 { self.a * 3.0 } }
#[differentiable] fn f(x: f64) -> f64 { let v = V { a: x, b: 2.0 * x }; v.abs() + v.max(&v) + v.sin().a + v.sqrt() }
} }
case! { user_abs_via_trait {
#[derive(Differentiable, Clone, Copy)] struct V { a: f64, b: f64 }
trait Norm { fn abs(&self) -> f64; }
#[differentiable] trait Norm2 { fn exp(&self) -> f64; fn ln(&self) -> f64; }
#[differentiable] impl Norm2 for V { fn exp(&self) -> f64 { self.a * self.b } fn ln(&self) -> f64 { self.a } }
#[differentiable] fn gen_<T: Norm2 + Differentiable>(t: &T) -> f64 { t.exp() * t.ln() }
#[differentiable] fn f(x: f64) -> f64 { let v = V { a: x, b: 2.0 * x }; v.exp() * v.ln() + gen_(&v) }
} }
case! { user_container {
#[derive(Differentiable, Clone)] struct Acc { total: f64, v: Vec<f64> }
#[differentiable] impl Acc { fn push(&mut self, x: f64) { self.total += x * x; } fn fill(&mut self, x: f64) { self.total *= x; } fn swap(&mut self, i: usize, j: usize) { self.total += self.v[i] * self.v[j]; } fn len(&self) -> usize { self.v.len() } fn clear(&mut self) { self.total = 1.0; } fn pop(&mut self) -> f64 { self.total *= 2.0; self.total } fn extend(&mut self, o: &Acc) { self.total += o.total; } fn reverse(&mut self) { self.total = -self.total; } fn truncate(&mut self, n: usize) { self.total *= n as f64; } }
#[differentiable] fn g(a: &mut Acc, x: f64) { a.push(x); a.fill(x); a.swap(0, 1); a.reverse(); a.truncate(3); a.total += 1.0; }
#[differentiable] fn f(x: f64) -> f64 { let mut a = Acc { total: x, v: vec![x, x * x] }; a.push(x); a.fill(x); a.swap(0, 1); let b = a.clone(); a.extend(&b); let p = a.pop(); a.reverse(); g(&mut a, x); a.truncate(2); a.total + p }
} }
case! { user_first_get {
#[derive(Differentiable, Clone)] struct Acc { v: Vec<f64> }
#[differentiable] impl Acc { fn first(&self) -> f64 { self.v[0] * 2.0 } fn get(&self, i: usize) -> f64 { self.v[i] * 3.0 } fn last(&self) -> f64 { self.v[1] } fn map(&self, k: f64) -> f64 { self.v[0] * k } fn unwrap(&self) -> f64 { self.v[1] * 2.0 } fn sum(&self) -> f64 { self.v[0] + self.v[1] } }
#[differentiable] fn f(x: f64) -> f64 { let a = Acc { v: vec![x, x * x] }; a.first() + a.get(1) * a.last() + a.map(x) + a.unwrap() + a.sum() }
} }

case! { value_and_ref {
#[derive(Differentiable, Clone, Copy)] struct V { a: f64, b: f64 }
#[differentiable] impl V { fn norm(self) -> f64 { (self.a * self.a + self.b * self.b).sqrt() } }
#[differentiable] fn g(v: V, w: &V) -> f64 { v.a * w.b + w.norm() }
#[differentiable] fn f(x: f64) -> f64 { let v = V { a: x, b: 2.0 * x }; v.norm() + g(v, &v) }
} }
