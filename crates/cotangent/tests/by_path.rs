//! Methods and functions of types and traits, called by their paths.

mod case;

case! { by_path {
#[derive(Differentiable, Clone, Copy)] struct P { a: f64, b: f64 }
#[differentiable] trait Shape: Differentiable + Sized { fn area(&self) -> f64; fn grow(&mut self, s: f64); fn unit(x: f64) -> Self; }
#[differentiable] impl Shape for P { fn area(&self) -> f64 { self.a * self.b } fn grow(&mut self, s: f64) { self.a *= s; self.b += s; } fn unit(x: f64) -> Self { P { a: x, b: 1.0 + x } } }
#[differentiable] impl P {
    fn new(a: f64, b: f64) -> P { P { a, b } }
    fn scale(self, s: f64) -> P { P { a: self.a * s, ..self } }
    fn norm(&self) -> f64 { (self.a * self.a + self.b * self.b).sqrt() }
    fn bump(&mut self, t: f64) { self.a += t * self.b; }
    fn helper(t: f64) -> f64 { t.sin() }
    fn all(&self, t: f64) -> f64 { Self::helper(t) * Self::norm(self) + Self::scale(*self, t).a + P::norm(&self.scale(t)) }
}
#[differentiable] fn total<T: Shape + Differentiable + Clone>(t: &T, x: f64) -> f64 { T::area(t) * x + Shape::area(t) }
#[differentiable] fn grown<T: Shape + Differentiable + Clone>(t: &T, x: f64) -> f64 { let mut u = t.clone(); u.grow(x); T::grow(&mut u, x); u.area() }
#[differentiable] fn f(x: f64) -> f64 {
    let mut p = P::new(x, 2.0 * x);
    let q = p.scale(x);
    P::bump(&mut p, x);
    P::norm(&p) + q.all(x) + total(&q, x) + grown(&p, x)
}
} }

case! { qself {
#[derive(Differentiable, Clone, Copy)] struct P { a: f64, b: f64 }
#[differentiable] trait Shape { fn area(&self) -> f64; fn grow(&mut self, s: f64); }
#[differentiable] impl Shape for P { fn area(&self) -> f64 { self.a * self.b } fn grow(&mut self, s: f64) { self.a *= s; self.b += s; } }
#[differentiable] fn f(x: f64) -> f64 {
    let mut p = P { a: x, b: x * x };
    <P as Shape>::grow(&mut p, x);
    <P as Shape>::area(&p) + <P>::area(&p) + Shape::area(&p)
}
} }

case! { generic_static {
#[derive(Differentiable, Clone, Copy)] struct P { a: f64 }
#[differentiable] trait Model { fn make(x: f64) -> f64; fn twice(x: f64) -> f64 { Self::make(x) * 2.0 } }
#[differentiable] impl Model for P { fn make(x: f64) -> f64 { x * x } }
#[differentiable] fn run<T: Model + Differentiable>(t: &T, x: f64) -> f64 { T::make(x) + T::twice(x) }
#[differentiable] fn blend<R: Real>(a: R, b: R) -> R { a * b + a.sin() }
#[differentiable] fn f(x: f64) -> f64 { run(&P { a: x }, x) + P::twice(x) + <P as Model>::make(x) + blend::<f64>(x, 2.0) }
} }
