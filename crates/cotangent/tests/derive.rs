//! `#[derive(Differentiable)]` as users meet it.
#![allow(clippy::all)] // the forms of the language are written out on purpose
#![deny(missing_docs)]

use cotangent::Leaves;
use cotangent::prelude::*;
use std::collections::HashMap;
use std::marker::PhantomData;

/// Named fields, one of them constant.
#[derive(Differentiable, Clone, Debug, PartialEq)]
pub struct Spring {
    /// Force over length.
    pub stiffness: f64,
    /// Positions.
    pub knots: Vec<[f64; 2]>,
    /// Not active.
    #[constant]
    pub name: HashMap<String, f64>,
    /// Has the tangent `()` of its own.
    pub count: usize,
    damping: f32,
}

fn spring() -> Spring {
    Spring {
        stiffness: 2.0,
        knots: vec![[1.0, 2.0]; 2],
        name: HashMap::new(),
        count: 7,
        damping: 0.5,
    }
}

#[test]
fn a_struct_has_a_tangent_with_its_field_names() {
    let zero = SpringTangent {
        stiffness: 0.0,
        knots: vec![[0.0; 2]; 2],
        name: (),
        count: (),
        damping: 0.0,
    };
    assert_eq!(spring().zero_tangent(), zero);

    let mut g = spring().zero_tangent();
    g.knots[1][0] += 3.0;
    g.stiffness = 1.0;
    let h = g.clone();
    g.accumulate(&h);
    assert_eq!((g.stiffness, g.knots[1]), (2.0, [6.0, 0.0]));
    g.set_zero();
    assert_eq!(g, zero);
}

#[test]
fn leaves_have_names_and_can_be_flattened() {
    let mut g = spring().zero_tangent();
    let names = ["stiffness", "knots[0][0]", "knots[0][1]", "knots[1][0]", "knots[1][1]", "damping"];
    assert_eq!(g.leaf_names(), names);
    g.unflatten_from(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!((g.knots[1], g.damping), ([4.0, 5.0], 6.0));
    assert_eq!(g.unflatten(&g.flatten()), g);
    assert_eq!(g.dot(&g), 91.0);
}

#[test]
fn a_tangent_is_its_own_tangent() {
    let mut g = spring().zero_tangent();
    g.stiffness = 4.0;
    let zero: SpringTangent = g.zero_tangent();
    assert_eq!(zero, spring().zero_tangent());
}

#[test]
fn zero_tangent_into_overwrites_and_keeps_allocations() {
    let mut g = spring().zero_tangent();
    g.knots[0] = [5.0, 5.0];
    let place = g.knots.as_ptr();
    spring().zero_tangent_into(&mut g);
    assert_eq!(g, spring().zero_tangent());
    assert_eq!(g.knots.as_ptr(), place);

    let longer = Spring {
        knots: vec![[1.0; 2]; 5],
        ..spring()
    };
    longer.zero_tangent_into(&mut g);
    assert_eq!(g, longer.zero_tangent());
}

/// Tuple and unit structs.
#[derive(Differentiable)]
pub struct Pair(f64, #[constant] fn(f64) -> f64, pub (f32, bool));

/// Nothing to differentiate.
#[derive(Differentiable)]
pub struct Nothing;

#[test]
fn tuple_and_unit_structs() {
    let pair = Pair(1.0, f64::sin, (2.0, true));
    assert_eq!((pair.1)(0.0), 0.0);
    let mut g = pair.zero_tangent();
    assert_eq!(g, PairTangent(0.0, (), (0.0, ())));
    g.unflatten_from(&[1.0, 2.0]);
    assert_eq!(g.leaf_names(), ["0", "2.0"]);
    assert_eq!(g, PairTangent(1.0, (), (2.0, ())));
    assert_eq!(Nothing.zero_tangent(), NothingTangent);
}

/// Variants of every style.
#[derive(Differentiable, Clone)]
pub enum Shape {
    /// Named.
    Circle {
        /// Active.
        radius: f64,
        /// Constant by type.
        id: u32,
    },
    /// Unnamed.
    Rectangle(f64, f64),
    /// Constant as a whole.
    #[constant]
    Label(&'static str),
    /// Without fields.
    Empty,
}

#[test]
fn an_enum_has_a_tangent_with_its_variants() {
    let circle = Shape::Circle { radius: 3.0, id: 1 }.zero_tangent();
    assert_eq!(circle, ShapeTangent::Circle { radius: 0.0, id: () });
    assert_eq!(circle.leaf_names(), ["Circle.radius"]);
    assert_eq!(Shape::Rectangle(1.0, 2.0).zero_tangent(), ShapeTangent::Rectangle(0.0, 0.0));
    assert_eq!(Shape::Label("a").zero_tangent(), ShapeTangent::Label(()));

    let mut g = ShapeTangent::Rectangle(1.0, 2.0);
    g.accumulate(&ShapeTangent::Rectangle(1.0, 1.0));
    assert_eq!(g, ShapeTangent::Rectangle(2.0, 3.0));
    Shape::Empty.zero_tangent_into(&mut g);
    assert_eq!(g, ShapeTangent::Empty);
}

#[test]
fn a_zero_of_another_variant_is_zero() {
    let mut g = ShapeTangent::Rectangle(1.0, 2.0);
    g.accumulate(&ShapeTangent::Empty);
    assert_eq!(g, ShapeTangent::Rectangle(1.0, 2.0));
    let mut g = ShapeTangent::Circle { radius: 0.0, id: () };
    g.accumulate(&ShapeTangent::Rectangle(1.0, 2.0));
    assert_eq!(g, ShapeTangent::Rectangle(1.0, 2.0));
}

#[test]
#[should_panic(expected = "ShapeTangent: cannot combine a tangent of the variant `Circle` with one of `Rectangle`")]
fn non_zero_variants_do_not_mix() {
    ShapeTangent::Circle { radius: 1.0, id: () }.accumulate(&ShapeTangent::Rectangle(1.0, 2.0));
}

#[test]
#[should_panic(expected = "cannot combine tangents of different lengths: 2 and 1")]
fn lengths_do_not_mix() {
    let mut g = spring().zero_tangent();
    let short = Spring {
        knots: vec![[0.0; 2]],
        ..spring()
    };
    g.accumulate(&short.zero_tangent());
}

/// Type and const parameters, bounds, a default, and parameters that no active field has.
#[derive(Differentiable)]
pub struct Filter<'a, T: Real, M, const N: usize = 3, const UNUSED: usize = 0>
where
    M: Clone,
{
    /// Used.
    pub taps: [T; N],
    /// Borrowed; the tangent owns it.
    pub signal: &'a [T],
    /// Nested.
    pub inner: Option<Box<[T; N]>>,
    #[constant]
    mode: M,
}

#[test]
fn generic_structs() {
    let signal = [1.0_f32, 2.0];
    let filter = Filter::<f32, &str> {
        taps: [1.0; 3],
        signal: &signal,
        inner: Some(Box::new([1.0; 3])),
        mode: "low",
    };
    assert_eq!(filter.mode, "low");
    let g: FilterTangent<f32, 3> = filter.zero_tangent();
    assert_eq!(
        g,
        FilterTangent {
            taps: [0.0; 3],
            signal: vec![0.0; 2],
            inner: Some(Box::new([0.0; 3])),
            mode: ()
        }
    );
    assert_eq!(g.leaf_names()[5..], ["inner[0]", "inner[1]", "inner[2]"]);
    assert!(format!("{:?}", g.clone()).starts_with("FilterTangent { taps: [0.0, 0.0, 0.0], signal: [0.0, 0.0]"));
}

/// A trait with a differentiable associated type.
pub trait Model {
    /// Its state.
    type State;
}

/// No bound at all on `T`, an associated type, and a parameter in a marker.
#[derive(Differentiable)]
pub struct Run<T, M: Model, K> {
    value: T,
    state: M::State,
    list: Vec<<M as Model>::State>,
    marker: PhantomData<K>,
}

struct Pendulum;
impl Model for Pendulum {
    type State = [f64; 2];
}

#[test]
fn bounds_are_those_that_the_fields_need() {
    let run = Run::<f64, Pendulum, Pendulum> {
        value: 1.0,
        state: [0.0; 2],
        list: vec![],
        marker: PhantomData,
    };
    let g = run.zero_tangent();
    assert_eq!((g.value, g.state, g.list, g.marker), (0.0, [0.0; 2], vec![], ()));
}

/// A generic enum.
#[derive(Differentiable)]
pub enum Tree<T> {
    /// A value.
    Leaf(T),
    /// Two trees.
    Node(Box<Tree<T>>, Box<Tree<T>>),
}

#[test]
fn recursive_enums() {
    let leaf = |x| Box::new(Tree::Leaf(x));
    let tree = Tree::Node(leaf(1.0), Box::new(Tree::Node(leaf(2.0), leaf(3.0))));
    let mut g = tree.zero_tangent();
    g.unflatten_from(&[1.0, 2.0, 3.0]);
    assert_eq!(g.leaf_names(), ["Node.0.Leaf.0", "Node.1.Node.0.Leaf.0", "Node.1.Node.1.Leaf.0"]);
    assert_eq!(g.plus(&g).flatten(), [2.0, 4.0, 6.0]);
    assert_ne!(g, tree.zero_tangent());
}

/// Constant as a whole, so that its fields need no tangent.
#[derive(Differentiable)]
#[constant]
pub struct Config<T> {
    handler: fn(T) -> T,
}

#[test]
fn a_constant_type_has_the_unit_tangent() {
    let config = Config { handler: |x: u8| x + 1 };
    assert_eq!((config.handler)(1), 2);
    let () = config.zero_tangent();
    assert_eq!((config, 1.0).zero_tangent(), ((), 0.0));
}

mod renamed {
    pub use cotangent as autodiff;
}

/// The crate under another name.
#[derive(Differentiable)]
#[cotangent(crate = crate::renamed::autodiff)]
pub struct Renamed {
    r#type: f64,
}

#[test]
fn another_crate_name_and_raw_identifiers() {
    assert_eq!(Renamed { r#type: 1.0 }.zero_tangent(), RenamedTangent { r#type: 0.0 });
    assert_eq!(Renamed { r#type: 1.0 }.zero_tangent().leaf_names(), ["type"]);
}

/// Names that generated code could trip over.
#[derive(Differentiable)]
#[allow(non_camel_case_types)]
pub struct Hygiene<V, Z> {
    x0: V,
    y0: Z,
    visitor: f64,
    other: f64,
    zip: f64,
    tangent: f64,
}

#[test]
fn field_names_do_not_collide_with_generated_ones() {
    let h = Hygiene {
        x0: 1.0,
        y0: 2.0_f32,
        visitor: 3.0,
        other: 4.0,
        zip: 5.0,
        tangent: 6.0,
    };
    let mut g = h.zero_tangent();
    g.unflatten_from(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(g.leaf_names(), ["x0", "y0", "visitor", "other", "zip", "tangent"]);
    assert_eq!(g.dot(&g), 91.0);
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
enum Figure<T> {
    Disc { radius: T },
    Box(T, Vec<T>),
    Nothing,
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Scene<T> {
    figures: Vec<Figure<T>>,
    #[constant]
    name: String,
    light: [T; 2],
}

#[test]
fn the_leaves_of_a_value_have_the_names_of_the_leaves_of_its_tangent() {
    let mut scene = Scene {
        figures: vec![Figure::Disc { radius: 1.0 }, Figure::Nothing, Figure::Box(2.0, vec![3.0])],
        name: "a".to_string(),
        light: [4.0, 5.0_f32],
    };
    assert_eq!(scene.leaf_names(), scene.zero_tangent().leaf_names());
    assert_eq!(scene.leaf_names()[..2], ["figures[0].Disc.radius", "figures[2].Box.0"]);
    let mut flat = [0.0_f64; 5];
    scene.flatten_into(&mut flat);
    assert_eq!(flat, [1.0, 2.0, 3.0, 4.0, 5.0]);
    let tangent = scene.zero_tangent().unflatten(&[1.0, 1.0, 0.0, 0.0, -1.0]);
    scene.move_by(2.0, &tangent);
    assert_eq!(scene.flatten(), [3.0, 4.0, 3.0, 4.0, 3.0]);
    scene.unflatten_from(&flat);
    assert_eq!(scene.figures[2], Figure::Box(2.0, vec![3.0]));
}

#[test]
fn a_zero_of_another_variant_moves_nothing() {
    let mut figure = Figure::Disc { radius: 1.0 };
    figure.move_by(1.0, &Figure::Box(0.0, vec![0.0]).zero_tangent());
    assert_eq!(figure, Figure::Disc { radius: 1.0 });
}

#[test]
#[should_panic(expected = "Figure: cannot combine a value of one variant with a tangent of another")]
fn a_value_does_not_move_along_a_tangent_of_another_variant() {
    Figure::Disc { radius: 1.0 }.move_by(1.0, &Figure::Box(1.0, vec![]).zero_tangent().unflatten(&[1.0]));
}
