//! The matrix type.

use cotangent_core::Matrix;
use std::panic::catch_unwind;

fn sample() -> Matrix<f64> {
    Matrix::from_fn(2, 3, |i, j| 10.0 * i as f64 + j as f64)
}

#[test]
fn values_are_stored_row_by_row() {
    let mut m = sample();
    assert_eq!((m.rows(), m.cols()), (2, 3));
    assert_eq!(m.as_slice(), [0.0, 1.0, 2.0, 10.0, 11.0, 12.0]);
    m[(1, 0)] += 5.0;
    m.row_mut(0)[2] = 7.0;
    assert_eq!((m.row(0), m.row(1)), (&[0.0, 1.0, 7.0][..], &[15.0, 11.0, 12.0][..]));
    assert_eq!((m.get(1, 2), m.get(2, 0), m.get(0, 3)), (Some(&12.0), None, None));
    assert_eq!(m.iter().sum::<f64>(), 46.0);
    assert_eq!((&m).into_iter().count(), 6);
    m.as_mut_slice().fill(1.0);
    assert_eq!(m, Matrix::from_vec(2, 3, vec![1.0; 6]));
    assert_eq!(m.into_vec(), [1.0; 6]);
}

#[test]
fn transposing_twice_gives_the_same_matrix() {
    let t = sample().transpose();
    assert_eq!((t.rows(), t.cols(), t[(2, 1)]), (3, 2, 12.0));
    assert_eq!(t.transpose(), sample());
    assert_ne!(Matrix::<f64>::zeros(0, 2), Matrix::zeros(2, 0));
}

#[test]
fn printing_aligns_columns() {
    assert_eq!(format!("{:.1}", sample()), "[ 0.0  1.0  2.0]\n[10.0 11.0 12.0]");
    assert_eq!(format!("{:?}", Matrix::from_vec(1, 2, vec![1, 2])), "Matrix 1x2 [[1, 2]]");
    assert_eq!(Matrix::<f64>::zeros(0, 0).to_string(), "");
    assert_eq!(Matrix::<f64>::zeros(2, 0).to_string(), "[]\n[]");
}

#[test]
fn errors_say_index_and_shape() {
    let expected = "Matrix: index (1, 3) is out of bounds; the matrix is 2 × 3, counted from 0";
    assert_eq!(text(|| sample()[(1, 3)]), expected);
    assert_eq!(text(|| sample()[(1, 3)] = 0.0), expected);
    assert_eq!(
        text(|| sample().row(2).len()),
        "Matrix: row 2 is out of bounds; the matrix has 2 rows, counted from 0"
    );
    assert!(text(|| Matrix::from_vec(2, 2, vec![1.0])).contains("2 × 2 needs 4 values, found 1"));
}

/// The text that `f` panics with.
fn text<R: std::fmt::Debug>(f: fn() -> R) -> String {
    *catch_unwind(f)
        .expect_err("it panics")
        .downcast::<String>()
        .expect("a formatted text")
}
