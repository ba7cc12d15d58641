//! Macros of std with active values inside; `dbg!` as a value.

mod case;

case! { dbg_value {
#[differentiable] fn f(x: f64) -> f64 { let y = dbg!(x * x); dbg!(y.sin() * x) + dbg!(2.0) * x }
} }

case! { dbg_more {
#[differentiable] fn f(x: f64) -> f64 { let mut v = vec![x, 2.0]; dbg!(&v); let (a, b) = dbg!(v[0] * x, v[1]); dbg!(); a * b }
} }

case! { asserts {
use std::fmt::Write;
#[differentiable] fn f(x: f64) -> f64 {
    let v = vec![x, x * x];
    assert_eq!(v.len(), 2, "length {}", v.len()); debug_assert!(v[0] > 0.0); assert_ne!(v[0], v[1]);
    let mut text = String::new();
    write!(text, "{:.3} {x} {}", v[1], x * 2.0).unwrap();
    writeln!(&mut text, "{y:?}", y = v[0]).unwrap();
    let label = format!("{}-{x:.2}", v[1]);
    let n = text.len() + label.len();
    let big = matches!(v[1], q if q > 1.0);
    let w = if matches!(Some(x), Some(q) if q > 100.0) { 1.0 } else { x };
    let z = if n == 0 { unreachable!("empty {n}") } else if v[0] < 0.0 { todo!() } else if v[1] < 0.0 { unimplemented!("neg {}", v[1]) } else { v[1] };
    if x < 0.0 { panic!("negative {x}"); }
    eprintln!("{label}");
    let q: Vec<f64> = vec![x; n - n + 3];
    let e: Vec<f64> = vec![];
    if big { z * w + q[2] + e.len() as f64 } else { 0.0 }
}
} }

case! { match_never {
#[differentiable] fn f(x: f64) -> f64 { let k = 2; let y = match k { 0 => x, 2 => x * x, other => unreachable!("{other}") }; let o = Some(y); let z = match o { Some(t) if t > 0.0 => t * x, Some(_) => panic!("no"), None => todo!() }; z }
} }
