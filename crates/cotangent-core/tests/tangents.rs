//! Tangents of std types: shapes, sums, and the view as named leaves.

use cotangent_core::{Differentiable, LeafPath, Leaves, Matrix, Step, Tangent};
use std::panic::catch_unwind;

/// Zero tangent, and that `zero_tangent_into` makes the same one out of any other.
#[track_caller]
fn check_zero<T: Differentiable + ?Sized>(value: &T, expected: T::Tangent, dirty: T::Tangent)
where
    T::Tangent: PartialEq + std::fmt::Debug,
{
    assert_eq!(value.zero_tangent(), expected);
    assert_eq!(expected.zero_tangent(), expected);
    for mut tangent in [expected.clone(), dirty] {
        value.zero_tangent_into(&mut tangent);
        assert_eq!(tangent, expected);
    }
}

#[test]
fn zero_tangents_have_the_shape_of_their_value() {
    check_zero(&2.0_f64, 0.0, 7.0);
    check_zero(&2.0_f32, 0.0, 7.0);
    check_zero(&3_usize, (), ());
    check_zero("text", (), ());
    check_zero(&(0..3), (), ());
    check_zero(&vec![1.0, 2.0], vec![0.0; 2], vec![1.0; 5]);
    check_zero(&vec![1.0, 2.0], vec![0.0; 2], vec![]);
    check_zero(&[1_u8, 2][..], vec![(); 2], vec![]);
    check_zero(
        &[vec![1.0], vec![], vec![2.0; 3]],
        [vec![0.0], vec![], vec![0.0; 3]],
        [vec![], vec![1.0], vec![1.0; 4]],
    );
    check_zero(&[1.0, 2.0][..], vec![0.0; 2], vec![9.0]);
    check_zero(&(1.0, (2, [3.0_f32; 2]), "x"), (0.0, ((), [0.0; 2]), ()), (1.0, ((), [1.0; 2]), ()));
    check_zero(&Some(vec![1.0]), Some(vec![0.0]), None);
    check_zero(&None::<f64>, None, Some(1.0));
    check_zero(&Ok::<f64, String>(1.0), Some(0.0), Some(3.0));
    check_zero(&Err::<f64, String>("no".into()), None, Some(3.0));
    check_zero(&Box::new(1.0), Box::new(0.0), Box::new(2.0));
    check_zero(&Box::<[f64]>::from([1.0]), Box::new(vec![0.0]), Box::new(vec![2.0; 3]));
    check_zero(&&[1.0, 2.0][..], vec![0.0; 2], vec![]);
    check_zero(&&mut [1.0, 2.0], [0.0; 2], [1.0; 2]);
    check_zero(
        &Matrix::from_fn(2, 1, |i, _| i as f64),
        Matrix::zeros(2, 1),
        Matrix::from_fn(1, 3, |_, _| 1.0),
    );
}

#[test]
fn zero_tangent_into_keeps_allocations() {
    let value = vec![vec![1.0; 8]; 4];
    let mut tangent = value.zero_tangent();
    let places = |t: &[Vec<f64>]| t.iter().map(|row| row.as_ptr()).chain([t.as_ptr().cast()]).collect::<Vec<_>>();
    let before = places(&tangent);
    tangent[3][7] = 1.0;
    value.zero_tangent_into(&mut tangent);
    assert_eq!((places(&tangent), tangent[3][7]), (before, 0.0));
}

#[test]
fn accumulate_adds_leaf_by_leaf() {
    let mut sum = (
        1.0,
        vec![Some([2.0_f32; 2]), None],
        Box::new(((), 3.0)),
        Matrix::from_fn(1, 1, |_, _| 4.0),
    );
    let copy = sum.clone();
    sum.accumulate(&copy);
    let expected = (
        2.0,
        vec![Some([4.0_f32; 2]), None],
        Box::new(((), 6.0)),
        Matrix::from_fn(1, 1, |_, _| 8.0),
    );
    assert_eq!(sum, expected);
    sum.set_zero();
    assert_eq!(sum, copy.zero_tangent());
}

#[test]
fn none_is_the_zero_of_an_option() {
    let mut t = None;
    t.accumulate(&Some(2.0));
    t.accumulate(&None);
    t.accumulate(&Some(1.0));
    assert_eq!(t, Some(3.0));
    assert_eq!((t.dot(&None), None.dot(&t)), (0.0, 0.0));
}

#[test]
fn shapes_that_differ_are_an_error_with_both_shapes() {
    let lengths = text(|| vec![1.0; 3].accumulate(&vec![1.0; 2]));
    assert!(lengths.contains("different lengths: 3 and 2"), "{lengths}");
    let nested = text(|| vec![vec![1.0]].zip_with_dot());
    assert!(nested.contains("different lengths: 1 and 0"), "{nested}");
    let shapes = text(|| Matrix::<f64>::zeros(1, 2).accumulate(&Matrix::zeros(2, 1)));
    assert!(shapes.contains("[(1, 2), (2, 1)]"), "{shapes}");
    let leaves = text(|| (1.0, [2.0; 2]).unflatten(&[1.0]));
    assert!(leaves.contains("there are 3 leaves, but 1 numbers were given"), "{leaves}");
}

trait ZipWithDot {
    fn zip_with_dot(&self);
}

impl ZipWithDot for Vec<Vec<f64>> {
    fn zip_with_dot(&self) {
        self.dot(&vec![vec![]]);
    }
}

#[test]
fn leaves_come_in_order_with_names() {
    let mut g = (
        1.5,
        vec![(2.0_f32, [3.0, 4.0])],
        Some(Box::new(5.0)),
        Matrix::from_fn(1, 2, |_, j| j as f64),
        (),
    );
    let names = ["0", "1[0].0", "1[0].1[0]", "1[0].1[1]", "2", "3[0]", "3[1]"];
    assert_eq!((g.leaf_names(), g.leaf_count()), (names.map(String::from).to_vec(), 7));
    assert_eq!(g.flatten(), [1.5, 2.0, 3.0, 4.0, 5.0, 0.0, 1.0]);

    g.for_each_leaf_mut(|name, value| *value = if name.starts_with("1[0].1") { 0.0 } else { 2.0 * *value });
    let expected = [3.0, 4.0, 0.0, 0.0, 10.0, 0.0, 2.0];
    assert_eq!((g.flatten(), g.norm()), (expected.to_vec(), 129.0_f64.sqrt()));
    g.scale(0.5);
    g.add_scaled(2.0, &g.unflatten(&[1.0; 7]));
    assert_eq!(g.flatten(), [3.5, 4.0, 2.0, 2.0, 7.0, 2.0, 3.0]);
    assert_eq!(g.plus(&g).dot(&g.unflatten(&[1.0; 7])), 47.0);
}

#[test]
fn paths_join_their_steps() {
    let mut path = LeafPath::new();
    for step in [Step::Field("p"), Step::Field("v"), Step::Index(3)] {
        path.enter(step);
    }
    assert_eq!(path.as_str(), "p.v[3]");
    path.leave();
    assert_eq!(path.as_str(), "p.v");
}

/// The text that `f` panics with.
fn text<R: std::fmt::Debug>(f: fn() -> R) -> String {
    *catch_unwind(f)
        .expect_err("it panics")
        .downcast::<String>()
        .expect("a formatted text")
}

#[test]
fn the_leaves_of_a_value_are_those_of_its_tangent() {
    let mut value = (1.5, vec![[2.0_f32, 3.0]], Some(4.0), 7_usize, Ok::<f64, String>(5.0), Box::new(6.0));
    let tangent = value.zero_tangent();
    assert_eq!(value.leaf_names(), tangent.leaf_names());
    assert_eq!(value.flatten(), [1.5, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let doubled: Vec<f64> = value.flatten().iter().map(|x| 2.0 * x).collect();
    value.unflatten_from(&doubled);
    assert_eq!(value, (3.0, vec![[4.0, 6.0]], Some(8.0), 7, Ok(10.0), Box::new(12.0)));
}

#[test]
fn a_value_moves_along_a_tangent() {
    let mut value = (1.0, vec![2.0_f32, 3.0], None::<f64>, Matrix::from_fn(1, 2, |_, j| j as f64));
    value.move_by(-0.5, &(2.0, vec![4.0, 0.0], Some(0.0), Matrix::from_fn(1, 2, |_, _| 2.0)));
    assert_eq!(value, (0.0, vec![0.0, 3.0], None, Matrix::from_fn(1, 2, |_, j| j as f64 - 1.0)));
}

#[test]
fn numbers_of_either_width() {
    let mut value = [0.1_f64, 1.0];
    let mut flat = [0.0_f32; 2];
    value.flatten_into(&mut flat);
    assert_eq!(flat, [0.1_f32, 1.0]);
    value.unflatten_from(&flat);
    assert_eq!(value, [f64::from(0.1_f32), 1.0]);
}

#[test]
#[should_panic(expected = "flatten_into: there are 2 leaves, but 3 numbers were given")]
fn flatten_into_another_length() {
    [1.0, 2.0].flatten_into(&mut [0.0; 3]);
}

#[test]
#[should_panic(expected = "unflatten_from: there are 2 leaves, but 1 numbers were given")]
fn unflatten_from_another_length() {
    [1.0, 2.0].unflatten_from(&[0.0]);
}

#[test]
#[should_panic(expected = "a number behind a shared reference cannot be changed")]
fn a_shared_reference_is_not_moved() {
    let x = 1.0;
    (2.0, &x).unflatten_from(&[3.0, 4.0]);
}

#[test]
fn a_mutable_reference_is_moved() {
    let mut x = [1.0, 2.0];
    (&mut x[..], "name").move_by(2.0, &(vec![1.0, 0.5], ()));
    assert_eq!(x, [3.0, 3.0]);
}

#[test]
#[should_panic(expected = "a value that is `None` cannot be combined with a tangent that is not zero")]
fn nothing_is_not_moved() {
    None::<f64>.move_by(1.0, &Some(1.0));
}

#[test]
#[should_panic(expected = "cannot combine tangents of different lengths: 1 and 2")]
fn a_value_moves_along_its_own_tangents_only() {
    vec![1.0].move_by(1.0, &vec![1.0, 2.0]);
}
