//! Traits behind `dyn`.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent::{AnyTangent, DynTangent, Leaves};
use cotangent_check::check_gradient;

#[differentiable(dyn, order = 2)]
trait Layer {
    fn apply(&self, x: f64) -> f64;

    fn twice(&self, x: f64) -> f64 {
        self.apply(self.apply(x)) * x
    }

    /// Changes the layer and the slice.
    fn train(&mut self, v: &mut [f64], rate: f64) -> f64;

    #[constant]
    fn name(&self) -> String;

    fn of(x: f64) -> Self
    where
        Self: Sized;
}

#[derive(Clone, Debug, Differentiable, PartialEq)]
struct Scale {
    factor: f64,
}

#[differentiable(order = 2)]
impl Layer for Scale {
    fn apply(&self, x: f64) -> f64 {
        self.factor * x.sin()
    }

    fn train(&mut self, v: &mut [f64], rate: f64) -> f64 {
        for k in 0..v.len() {
            v[k] *= self.factor;
            self.factor += rate * v[k];
        }
        self.factor * rate
    }

    #[constant]
    fn name(&self) -> String {
        "scale".to_string()
    }

    fn of(x: f64) -> Self {
        Scale { factor: x * x }
    }
}

#[derive(Clone, Debug, Differentiable, PartialEq)]
struct Poly {
    coefficients: Vec<f64>,
    #[constant]
    label: &'static str,
}

#[differentiable(order = 2)]
impl Layer for Poly {
    fn apply(&self, x: f64) -> f64 {
        let mut y = 0.0;
        for k in (0..self.coefficients.len()).rev() {
            y = y * x + self.coefficients[k];
        }
        y
    }

    fn twice(&self, x: f64) -> f64 {
        x * self.apply(x) + self.coefficients[0]
    }

    fn train(&mut self, v: &mut [f64], rate: f64) -> f64 {
        self.coefficients[0] = v[0] * rate;
        v[0] = self.coefficients[1] * v[0];
        v[0]
    }

    #[constant]
    fn name(&self) -> String {
        self.label.to_string()
    }

    fn of(x: f64) -> Self {
        Poly {
            coefficients: vec![x, 1.0],
            label: "made",
        }
    }
}

/// A layer of layers: recursion through `dyn`.
#[derive(Clone, Differentiable)]
struct Chain {
    layers: Vec<Box<dyn Layer>>,
    bias: f64,
}

#[differentiable(order = 2)]
impl Layer for Chain {
    fn apply(&self, x: f64) -> f64 {
        let mut y = x;
        for layer in &self.layers {
            y = layer.apply(y) + self.bias;
        }
        y
    }

    fn train(&mut self, v: &mut [f64], rate: f64) -> f64 {
        let mut sum = 0.0;
        for layer in self.layers.iter_mut() {
            sum += layer.train(v, rate) * self.bias;
        }
        self.bias *= 1.0 - rate;
        sum
    }

    #[constant]
    fn name(&self) -> String {
        self.layers.iter().map(|l| l.name()).collect()
    }

    fn of(x: f64) -> Self {
        Chain { layers: vec![], bias: x }
    }
}

fn chain() -> Chain {
    let inner = Chain {
        layers: vec![Box::new(Scale { factor: 0.9 })],
        bias: -0.3,
    };
    Chain {
        layers: vec![
            Box::new(Scale { factor: 1.3 }),
            Box::new(Poly {
                coefficients: vec![0.2, 0.7, -0.4],
                label: "p",
            }),
            Box::new(inner),
        ],
        bias: 0.1,
    }
}

#[differentiable(order = 2)]
fn of_dyn(layer: &dyn Layer, x: f64) -> f64 {
    layer.apply(x).cos() + layer.twice(x)
}

#[differentiable(order = 2)]
fn of_static<L: Layer>(layer: &L, x: f64) -> f64 {
    layer.apply(x).cos() + layer.twice(x)
}

/// A concrete type is passed on as `dyn`.
#[differentiable(order = 2)]
fn passed_on(scale: &Scale, x: f64) -> f64 {
    of_dyn(scale, x) * scale.apply(x) + of_static(scale, x)
}

#[differentiable(order = 2)]
fn of_a_struct(net: &Chain, x: f64) -> f64 {
    net.apply(x).powi(2) + of_dyn(&*net.layers[1], x) * net.layers[0].twice(x)
}

#[differentiable(order = 2)]
fn of_a_slice(layers: &[Box<dyn Layer>], x: f64) -> f64 {
    let mut y = x;
    for layer in layers.iter() {
        y = layer.apply(y) * layer.twice(x);
    }
    y
}

#[differentiable(order = 2)]
fn of_a_box(layer: Box<dyn Layer>, x: f64) -> f64 {
    layer.apply(x) * x
}

#[differentiable(order = 2)]
fn trained(net: &Chain, v: &[f64], rate: f64) -> f64 {
    let mut net = net.clone();
    let mut v = v.to_vec();
    let mut sum = 0.0;
    for _ in 0..2 {
        sum += net.train(&mut v, rate) + v[0];
    }
    sum + net.apply(v[1])
}

#[differentiable(order = 2)]
fn perhaps(layer: &Option<Box<dyn Layer>>, x: f64) -> f64 {
    match layer {
        Some(layer) => layer.apply(x) * x,
        None => x * x,
    }
}

#[differentiable(order = 2)]
fn swapped(net: &Chain, x: f64) -> f64 {
    let mut net = net.clone();
    net.layers.swap(0, 1);
    let y = net.layers[0].apply(x);
    net.layers.truncate(2);
    net.layers[1] = net.layers[0].clone();
    y * net.apply(x)
}

#[differentiable(order = 2, wrt(x))]
fn constant_layer(layer: &dyn Layer, x: f64) -> f64 {
    layer.apply(x) * layer.twice(x)
}

#[differentiable(order = 2)]
fn made(x: f64) -> f64 {
    let scale = Scale::of(x);
    scale.apply(x)
}

/// The same gradient by a static type, whose derivatives other tests check.
#[test]
fn dyn_and_static_agree() {
    for x in [0.4, 1.2] {
        let scale = Scale { factor: 1.7 };
        let (y, g) = of_dyn::value_and_grad(&scale, x);
        let (z, h) = of_static::value_and_grad(&scale, x);
        assert_eq!((y, g.x), (z, h.x));
        assert_eq!(g.layer.downcast_ref::<ScaleTangent>(), Some(&h.layer));
        assert_eq!(of_dyn::hessian(&scale, x).as_slice(), of_static::hessian(&scale, x).as_slice());
    }
}

#[test]
fn in_both_modes_and_order_2() {
    let net = chain();
    check_gradient!(order = 2; passed_on, &Scale { factor: 1.3 }, 0.7);
    check_gradient!(order = 2; of_a_struct, &net, 0.7);
    check_gradient!(order = 2; of_a_slice, &net.layers[..], 0.7);
    check_gradient!(order = 2; of_a_box, net.layers[1].clone(), 0.7);
    check_gradient!(order = 2; trained, &net, &[0.3, 0.5][..], 0.1);
    check_gradient!(order = 2; perhaps, &Some(net.layers[1].clone()), 0.7);
    check_gradient!(order = 2; perhaps, &None::<Box<dyn Layer>>, 0.7);
    check_gradient!(order = 2; swapped, &net, 0.7);
    check_gradient!(order = 2; made, 0.7);
}

#[test]
fn a_constant_object() {
    let poly = Poly {
        coefficients: vec![0.2, 0.7, -0.4],
        label: "p",
    };
    let (x, h) = (0.6, 1e-6);
    let slope = (constant_layer(&poly, x + h) - constant_layer(&poly, x - h)) / (2.0 * h);
    let g = constant_layer::grad(&poly, x);
    // Central differences of this step are good to about h² and ε / h.
    assert!((g.x - slope).abs() < 1e-8, "{} {slope}", g.x);
    // The two modes round differently, a few times each.
    assert!((constant_layer::jvp((&poly, x), ((), 1.0)).1 - g.x).abs() < 1e-15);
    let () = g.layer;
}

#[test]
fn the_gradient_is_usable() {
    let net = chain();
    let g = of_a_struct::grad(&net, 0.7).net;
    let names = [
        "layers[0].factor",
        "layers[1].coefficients[0]",
        "layers[1].coefficients[1]",
        "layers[1].coefficients[2]",
        "layers[2].layers[0].factor",
        "layers[2].bias",
        "bias",
    ];
    assert_eq!(g.leaf_names(), names);
    assert_eq!(net.leaf_names(), names);
    assert_eq!(net.name(), "scalepscale");
    let flat = g.flatten();
    assert_eq!(g.layers[0].downcast_ref::<ScaleTangent>(), Some(&ScaleTangent { factor: flat[0] }));
    assert_eq!(g.layers[1].downcast_ref::<PolyTangent>().unwrap().coefficients, flat[1..4]);
    assert!(g.layers[0].downcast_ref::<PolyTangent>().is_none());
    assert_eq!(g.dot(&g), flat.iter().map(|x| x * x).sum::<f64>());
    assert_eq!(g.unflatten(&flat), g);
    assert_ne!(g.plus(&g), g);
    assert!(format!("{g:?}").contains(&format!("factor: {:?}", flat[0])), "{g:?}");
}

#[test]
fn a_value_moves_along_its_gradient() {
    let mut net = chain();
    let before = of_a_struct(&net, 0.7);
    let g = of_a_struct::grad(&net, 0.7).net;
    net.move_by(-1e-3, &g);
    assert!(of_a_struct(&net, 0.7) < before);
    let mut flat = [0.0; 7];
    net.flatten_into(&mut flat);
    flat[0] = 5.0;
    net.unflatten_from(&flat);
    assert_eq!(net.flatten(), flat);
}

#[test]
fn forward_mode_takes_tangents_of_any_form() {
    let scale = Scale { factor: 1.7 };
    let dot = ScaleTangent { factor: 0.3 };
    let of_static = of_static::jvp((&scale, 0.4), (&dot, 0.5));
    assert_eq!(of_dyn::jvp((&scale, 0.4), (&dot, 0.5)), of_static);
    assert_eq!(of_dyn::jvp((&scale, 0.4), (&DynTangent::new(dot.clone()), 0.5)), of_static);
    assert_eq!(of_dyn::jvp((&scale, 0.4), (&Box::new(dot), 0.5)), of_static);
    let along_x = of_dyn::jvp((&scale, 0.4), (&() as &dyn AnyTangent, 1.0)).1;
    assert_eq!(along_x, of_dyn::grad(&scale, 0.4).x);
}

#[test]
fn grad_into_takes_another_type() {
    let net = chain();
    let (mut tape, mut g) = (Tape::new(), of_dyn::grad(&*net.layers[0], 0.7));
    for layer in net.layers.iter().rev() {
        let y = of_dyn::grad_into(&**layer, 0.7, &mut tape, &mut g);
        assert_eq!(y, of_dyn(&**layer, 0.7));
        assert_eq!(g, of_dyn::grad(&**layer, 0.7));
        assert!(tape.is_empty());
    }
}

#[test]
#[should_panic(expected = "cannot combine tangents of different types behind `dyn`")]
fn tangents_of_two_types_are_not_added() {
    let net = chain();
    let mut g = of_dyn::grad(&*net.layers[0], 0.7).layer;
    g.accumulate(&of_dyn::grad(&*net.layers[1], 0.7).layer);
}

#[test]
#[should_panic(expected = "cannot combine tangents of different types behind `dyn`")]
fn a_tangent_of_another_type_is_no_direction() {
    let dot = PolyTangent {
        coefficients: vec![1.0],
        label: (),
    };
    of_dyn::jvp((&Scale { factor: 1.7 }, 0.4), (&dot, 0.5));
}

#[test]
#[should_panic(expected = "cannot combine tangents of different types behind `dyn`")]
fn a_value_does_not_move_along_a_tangent_of_another_type() {
    let mut net = chain();
    net.layers[0].move_by(1.0, &of_dyn::grad(&*chain().layers[1], 0.7).layer.into());
}

#[test]
fn zero_is_a_tangent_of_every_type() {
    let net = chain();
    let g = of_dyn::grad(&*net.layers[1], 0.7).layer;
    let mut zero = net.layers[0].zero_tangent();
    zero.accumulate(&Box::new(g.clone()));
    assert_eq!(*zero, g);
    zero.accumulate(&net.layers[2].zero_tangent());
    assert_eq!(*zero, g);
}

/// A trait with type parameters, and one that stands on another.
#[differentiable(dyn)]
trait Shape<T: Real> {
    fn area(&self, unit: T) -> T;
}

#[differentiable(dyn)]
trait Solid: Shape<f32> {
    fn volume(&self, height: f32) -> f32 {
        self.area(1.0) * height
    }
}

#[derive(Clone, Differentiable)]
struct Square<T> {
    side: T,
}

#[differentiable]
impl<T: Real> Shape<T> for Square<T> {
    fn area(&self, unit: T) -> T {
        self.side * self.side * unit
    }
}

#[differentiable]
impl Solid for Square<f32> {}

#[differentiable]
fn area(shape: &dyn Shape<f64>) -> f64 {
    shape.area(3.0)
}

#[differentiable]
fn volume(solid: &dyn Solid, height: f32) -> f32 {
    solid.volume(height) + solid.area(2.0)
}

#[test]
fn generic_traits_and_supertraits() {
    let g = area::grad(&Square { side: 2.0 });
    assert_eq!(g.shape.flatten(), [12.0]);
    assert_eq!(area::jvp(&Square { side: 2.0 }, &g.shape).1, 144.0);
    let (y, g) = volume::value_and_grad(&Square { side: 2.0 }, 5.0);
    assert_eq!((y, g.height), (28.0, 4.0));
    assert_eq!(g.solid.flatten(), [28.0]);
}

/// Through `&mut dyn`.
#[differentiable(order = 2)]
fn step(layer: &mut dyn Layer, v: &mut [f64], rate: f64) -> f64 {
    let y = layer.train(v, rate);
    y * layer.apply(v[0])
}

#[differentiable(order = 2)]
fn steps(scale: &Scale, v: &[f64], rate: f64) -> f64 {
    let mut scale = scale.clone();
    let mut v = v.to_vec();
    step(&mut scale, &mut v, rate) + step(&mut scale, &mut v, rate)
}

#[differentiable(order = 2)]
fn static_step(layer: &mut Scale, v: &mut [f64], rate: f64) -> f64 {
    let y = layer.train(v, rate);
    y * layer.apply(v[0])
}

#[test]
fn mutable_objects() {
    check_gradient!(order = 2; steps, &Scale { factor: 1.3 }, &[0.3, 0.5][..], 0.1);
}

#[test]
fn entry_points_of_mutable_objects() {
    let start = (Scale { factor: 1.3 }, [0.3, 0.5]);
    let (mut a, mut b) = (start.clone(), start.clone());
    let (y, g) = step::value_and_grad(&mut a.0, &mut a.1, 0.1);
    let (z, h) = static_step::value_and_grad(&mut b.0, &mut b.1, 0.1);
    assert_eq!((y, &g.v, g.rate, &a), (z, &h.v, h.rate, &b));
    assert_eq!(g.layer.downcast_ref(), Some(&h.layer));

    let (mut a, mut b) = (start.clone(), start.clone());
    let out = (ScaleTangent { factor: 0.7 }, [0.2, -0.4]);
    let (y, pull) = step::vjp(&mut a.0, &mut a.1, 0.1);
    let (z, static_pull) = static_step::vjp(&mut b.0, &mut b.1, 0.1);
    for _ in 0..2 {
        let (g, h) = (pull(1.5, &out.0, &out.1), static_pull(1.5, &out.0, &out.1));
        assert_eq!((y, &g.v, g.rate), (z, &h.v, h.rate));
        assert_eq!(g.layer.downcast_ref(), Some(&h.layer));
    }

    let (mut a, mut b) = (start.clone(), start.clone());
    let (mut a_dot, mut b_dot) = (out.clone(), out.clone());
    let y = step::jvp((&mut a.0, &mut a.1, 0.1), (&mut a_dot.0, &mut a_dot.1, 1.0));
    let z = static_step::jvp((&mut b.0, &mut b.1, 0.1), (&mut b_dot.0, &mut b_dot.1, 1.0));
    assert_eq!((y, a, a_dot), (z, b, b_dot));
}

/// What stands in a place changes its type.
#[differentiable(order = 2)]
fn replaced(net: &Chain, x: f64) -> f64 {
    let mut net = net.clone();
    let y = net.apply(x);
    net.layers[0] = net.layers[1].clone();
    let z = net.apply(y);
    net.layers.push(net.layers[2].clone());
    z * net.apply(z)
}

#[differentiable(checkpoint)]
fn recomputed(net: &Chain, x: f64) -> f64 {
    net.apply(x) * net.layers[0].twice(x)
}

#[test]
fn places_whose_type_changes() {
    check_gradient!(order = 2; replaced, &chain(), 0.7);
    check_gradient!(recomputed, &chain(), 0.7);
}

#[differentiable(dyn, order = 3)]
trait Cost {
    fn cost(&self, x: f64) -> f64;
}

#[derive(Clone, Differentiable)]
struct Power {
    a: f64,
}

#[differentiable(order = 3)]
impl Cost for Power {
    fn cost(&self, x: f64) -> f64 {
        let a: f64 = self.a;
        a * x * x * x * x
    }
}

#[differentiable(order = 3)]
fn cost(c: &dyn Cost, x: f64) -> f64 {
    c.cost(x)
}

#[differentiable]
fn curvature(p: &Power, x: f64) -> f64 {
    cost::hessian(p, x)[(1, 1)]
}

#[test]
fn order_3() {
    let g = curvature::grad(&Power { a: 2.0 }, 3.0);
    // d²/dx² a x⁴ = 12 a x²
    assert_eq!((g.p.a, g.x), (12.0 * 9.0, 12.0 * 2.0 * 6.0));
}

mod elsewhere {
    use cotangent::prelude::*;

    #[differentiable]
    pub fn run(layers: &[Box<dyn super::Layer>], x: f64) -> f64 {
        layers.iter().map(|l| l.apply(x)).sum::<f64>()
    }
}

#[test]
fn from_another_module() {
    check_gradient!(elsewhere::run, &chain().layers[..], 0.7);
}
