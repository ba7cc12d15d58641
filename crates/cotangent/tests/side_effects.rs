//! Code that changes active values in places which look inert: conditions, indices, ranges, casts, macros, integer results.
#![allow(non_snake_case)] // one case is about upper-case locals

macro_rules! case {
    ($name:ident { $($code:tt)* }) => {
        mod $name {
            #![allow(unused, clippy::all)]
            use cotangent::prelude::*;
            $($code)*
            #[test]
            fn both_modes_agree_with_differences() {
                let (x, h) = (1.3, 1e-5);
                let difference = (f(x + h) - f(x - h)) / (2.0 * h);
                let (reverse, (_, forward)) = (f::grad(x).x, f::jvp(x, 1.0));
                // Central differences of values near 10 with this step: an error below 1e-8.
                assert!((reverse - difference).abs() < 1e-6 && (forward - difference).abs() < 1e-6, "difference {difference}, reverse {reverse}, forward {forward}");
            }
        }
    };
}

case! { closcond {
#[differentiable] fn f(x: f64) -> f64 { let mut s = x; let mut add = |t: f64| { s *= t; s > 100.0 }; if add(x) { return 0.0; } s }
} }

case! { condcall {
#[differentiable] fn step(v: &mut f64, x: f64) -> f64 { *v *= x; *v }
#[differentiable] fn f(x: f64) -> f64 { let mut y = x; if step(&mut y, x) > 100.0 { return 0.0; } y }
} }

case! { dowhile {
#[differentiable] fn f(x: f64) -> f64 { let mut y = x; let mut k = 0; while { y *= x; k += 1; k < 3 } {} y }
} }

case! { letcmp {
#[differentiable] fn step(v: &mut f64, x: f64) -> f64 { *v *= x; *v }
#[differentiable] fn f(x: f64) -> f64 { let mut y = x; let done = step(&mut y, x) > 100.0; if done { y = 0.0; } y }
} }

case! { midrest {
#[differentiable] fn f(x: f64) -> f64 { let b = 1.0; let t = (x, 2.0, x * x); let (a, .., b) = t; a * b }
} }

case! { slicerest {
#[differentiable] fn f(x: f64) -> f64 { let last = 1.0; let t = [x, 2.0, x * x]; let [a, .., last] = t; a * last }
} }

case! { position {
#[derive(Differentiable, Clone)] struct P { a: f64 }
#[differentiable] impl P { fn position(&self) -> f64 { self.a * self.a } }
#[differentiable] fn f(x: f64) -> f64 { let p = P { a: x }; p.position() * 3.0 }
} }

case! { swapcond {
#[differentiable] fn f(x: f64) -> f64 { let mut a = x; let mut b = 2.0; if std::mem::replace(&mut a, b) > 1.0 { b = a * x; } a + b * x }
} }

case! { upper {
#[differentiable] fn f(x: f64) -> f64 { let T: f64 = x * x; let y = T as f64; y * x }
} }

case! { idxblock {
#[differentiable] fn f(x: f64) -> f64 { let mut k = 0; let mut y = x; let v = [x, x * x]; let z = v[{ y *= x; k += 1; k }]; y * z }
} }

case! { popmatch {
#[differentiable] fn f(x: f64) -> f64 { let mut v = vec![x, x * x, 1.0]; if v.pop().unwrap() > 0.5 { v[1] * x } else { v[0] } }
} }

case! { chain2 {
#[differentiable] fn f(x: f64) -> f64 { let o = Some(x * x); if x > 0.0 && let Some(y) = o { y * x } else { 0.0 } }
} }

case! { questcond {
#[differentiable] fn g(x: f64) -> Option<f64> { Some(x) }
#[differentiable] fn h(x: f64) -> Option<f64> { if g(x)? > 0.0 { Some(x * x) } else { None } }
#[differentiable] fn f(x: f64) -> f64 { h(x).unwrap() }
} }

case! { usercount {
#[derive(Differentiable, Clone, Copy)] struct V { a: f64 }
#[differentiable] impl V { fn count(&self) -> f64 { self.a * self.a } }
#[differentiable] fn f(x: f64) -> f64 { let v = V { a: x }; v.count() * x }
} }

case! { boolmethod {
#[derive(Differentiable, Clone)] struct P { a: f64 }
#[differentiable] impl P { fn advance(&mut self, x: f64) -> bool { self.a *= x; self.a > 100.0 } }
#[differentiable] fn f(x: f64) -> f64 { let mut p = P { a: x }; if p.advance(x) { return 0.0; } p.a }
} }

case! { boolret {
#[differentiable] fn step(v: &mut f64, x: f64) -> bool { *v *= x; *v > 100.0 }
#[differentiable] fn f(x: f64) -> f64 { let mut y = x; if step(&mut y, x) { return 0.0; } y }
} }

case! { castcall {
#[differentiable] fn step(v: &mut f64, x: f64) -> f64 { *v *= x; *v }
#[differentiable] fn f(x: f64) -> f64 { let mut y = x; let n = step(&mut y, x) as usize; y * n as f64 }
} }

case! { closurefn {
#[differentiable] fn f(x: f64) -> f64 { let mut n = 0; let mut y = x; let mut next = || { y *= x; n += 1; n }; while next() < 3 {} y }
} }

case! { count {
#[derive(Differentiable, Clone, Copy)] struct V { a: f64 }
#[differentiable] impl V { fn count(&self) -> f64 { self.a * self.a } }
#[differentiable] fn f(x: f64) -> f64 { let v = V { a: x }; let c = v.count(); c }
} }

case! { filtermut {
#[differentiable] fn f(x: f64) -> f64 { let v = [x, x * x, 3.0]; let mut c = 0.0; v.iter().filter(|y| { c += x; **y > 1.0 }).sum::<f64>() + c }
} }

case! { idxcall {
#[differentiable] fn step(v: &mut f64, x: f64) -> f64 { *v *= x; *v }
#[differentiable] fn f(x: f64) -> f64 { let mut y = x; let a = [x, x * x]; let z = a[step(&mut y, x) as usize]; y * z }
} }

case! { rangecall {
#[differentiable] fn step(v: &mut f64, x: f64) -> usize { *v *= x; 2 }
#[differentiable] fn f(x: f64) -> f64 { let mut y = x; let mut s = 0.0; for i in 0..step(&mut y, x) { s += y; } s }
} }

case! { shortcircuit {
#[differentiable] fn step(v: &mut f64, x: f64) -> f64 { *v *= x; *v }
#[differentiable] fn f(x: f64) -> f64 { let mut y = x; let go = x > 0.0 && step(&mut y, x) > 0.0; if go { y } else { 0.0 } }
} }

case! { whilecall {
#[differentiable] fn step(v: &mut f64, x: f64) -> f64 { *v *= x; *v }
#[differentiable] fn f(x: f64) -> f64 { let mut y = x; while step(&mut y, x) < 5.0 {} y }
} }
