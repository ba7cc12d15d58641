//! The harness finds derivatives that are wrong, of every kind that it claims to find.

use cotangent_fuzz::harness::{Case, InPlace, Reverse, check};

fn plain(x: &[f64]) -> Vec<f64> {
    vec![x[0] * x[1].sin(), x[0]]
}

fn jvp(x: &[f64], d: &[f64]) -> (Vec<f64>, Vec<f64>) {
    (plain(x), vec![d[0] * x[1].sin() + x[0] * x[1].cos() * d[1], d[0]])
}

fn vjp(x: &[f64], b: &[f64]) -> Reverse {
    let gradient = vec![b[0] * x[1].sin() + b[1], b[0] * x[0] * x[1].cos(), 0.0];
    Reverse {
        values: plain(x),
        again: gradient.clone(),
        gradient,
    }
}

fn grad_into(x: &[f64]) -> InPlace {
    InPlace {
        value: plain(x)[0],
        gradient: vjp(x, &[1.0, 0.0]).gradient,
        tape_length: 0,
    }
}

const RIGHT: Case = Case {
    name: "by_hand",
    leaves: &["x", "y", "_unused"],
    point: &[0.7, -0.4, 1.0],
    zeros: &[2],
    plain,
    jvp: Some(jvp),
    vjp: Some(vjp),
    grad_into: Some(grad_into),
};

/// The failure that the harness reports.
fn failure(case: Case) -> String {
    check(&case, false).failure.expect("the harness finds it")
}

#[test]
fn right_derivatives_pass() {
    let outcome = check(&RIGHT, false);
    assert_eq!(outcome.failure, None);
    // Three points with three leaves and one direction each.
    assert_eq!((outcome.differences, outcome.skipped), (12, 0));
}

#[test]
fn a_wrong_reverse_mode_is_found_with_its_leaf() {
    fn wrong(x: &[f64], b: &[f64]) -> Reverse {
        let mut reverse = vjp(x, b);
        reverse.gradient[1] *= 1.001;
        reverse.again[1] *= 1.001;
        reverse
    }
    let text = failure(Case { vjp: Some(wrong), ..RIGHT });
    assert!(text.starts_with("dot test") && text.contains("`y`: reverse"), "{text}");
    assert!(!text.contains("`x`"), "{text}");
    let text = failure(Case {
        vjp: Some(wrong),
        jvp: None,
        grad_into: None,
        ..RIGHT
    });
    assert!(text.starts_with("differences, reverse, `y`"), "{text}");
}

#[test]
fn modes_that_are_wrong_in_the_same_way_are_found_by_differences() {
    fn wrong_forward(x: &[f64], d: &[f64]) -> (Vec<f64>, Vec<f64>) {
        (plain(x), vec![-d[0] * x[1].sin() + x[0] * x[1].cos() * d[1], d[0]])
    }
    fn wrong_reverse(x: &[f64], b: &[f64]) -> Reverse {
        let gradient = vec![-b[0] * x[1].sin() + b[1], b[0] * x[0] * x[1].cos(), 0.0];
        Reverse {
            values: plain(x),
            again: gradient.clone(),
            gradient,
        }
    }
    let text = failure(Case {
        jvp: Some(wrong_forward),
        vjp: Some(wrong_reverse),
        grad_into: None,
        ..RIGHT
    });
    assert!(text.starts_with("differences, reverse, `x`"), "{text}");
}

#[test]
fn a_changed_value_a_second_pullback_a_nonzero_unused_leaf_and_a_panic_are_found() {
    fn other_value(x: &[f64], d: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (mut values, tangents) = jvp(x, d);
        values[0] += 1e-15 * values[0].abs().max(0.1);
        (values, tangents)
    }
    fn one_shot(x: &[f64], b: &[f64]) -> Reverse {
        Reverse {
            again: vec![0.0; 3],
            ..vjp(x, b)
        }
    }
    fn unused(x: &[f64], b: &[f64]) -> Reverse {
        let mut reverse = vjp(x, b);
        reverse.gradient[2] = 1e-300;
        Reverse {
            again: reverse.gradient.clone(),
            ..reverse
        }
    }
    fn panics(_: &[f64], _: &[f64]) -> Reverse {
        panic!("the tape is empty")
    }
    assert!(
        failure(Case {
            jvp: Some(other_value),
            ..RIGHT
        })
        .starts_with("value of jvp")
    );
    assert!(
        failure(Case {
            vjp: Some(one_shot),
            ..RIGHT
        })
        .starts_with("the second call")
    );
    assert!(
        failure(Case {
            vjp: Some(unused),
            ..RIGHT
        })
        .starts_with("unused `_unused`")
    );
    assert!(
        failure(Case {
            vjp: Some(panics),
            ..RIGHT
        })
        .starts_with("panic: the tape is empty")
    );
}

#[test]
fn a_tape_that_is_not_empty_and_a_gradient_that_is_added_to_are_found() {
    fn leaks(x: &[f64]) -> InPlace {
        InPlace {
            tape_length: 3,
            ..grad_into(x)
        }
    }
    fn adds(x: &[f64]) -> InPlace {
        let mut result = grad_into(x);
        result.gradient.iter_mut().for_each(|slope| *slope *= 2.0);
        result
    }
    assert!(
        failure(Case {
            grad_into: Some(leaks),
            ..RIGHT
        })
        .starts_with("the tape holds 3 words")
    );
    assert!(
        failure(Case {
            grad_into: Some(adds),
            ..RIGHT
        })
        .starts_with("grad_into against vjp, `x`")
    );
}

/// x as `f32`, squared: a staircase.
fn narrow(x: &[f64]) -> Vec<f64> {
    vec![f64::from(x[0] as f32).powi(2)]
}

fn narrow_case(jvp: cotangent_fuzz::harness::Jvp, vjp: cotangent_fuzz::harness::Vjp) -> Case {
    Case {
        name: "narrow",
        leaves: &["x"],
        point: &[0.7],
        zeros: &[],
        plain: narrow,
        jvp: Some(jvp),
        vjp: Some(vjp),
        grad_into: None,
    }
}

#[test]
fn programs_through_f32_are_compared_over_longer_distances() {
    fn right(x: &[f64], d: &[f64]) -> (Vec<f64>, Vec<f64>) {
        (narrow(x), vec![2.0 * f64::from(x[0] as f32) * d[0]])
    }
    fn right_reverse(x: &[f64], b: &[f64]) -> Reverse {
        let gradient = right(x, b).1;
        Reverse {
            values: narrow(x),
            again: gradient.clone(),
            gradient,
        }
    }
    fn wrong(x: &[f64], d: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (values, tangents) = right(x, d);
        (values, vec![1.05 * tangents[0]])
    }
    fn wrong_reverse(x: &[f64], b: &[f64]) -> Reverse {
        let gradient = wrong(x, b).1;
        Reverse {
            values: narrow(x),
            again: gradient.clone(),
            gradient,
        }
    }
    let outcome = check(&narrow_case(right, right_reverse), true);
    assert_eq!(outcome.failure, None);
    assert_eq!((outcome.differences, outcome.skipped), (6, 0));
    // Both modes are wrong in the same way, by a twentieth.
    let outcome = check(&narrow_case(wrong, wrong_reverse), true);
    let text = outcome.failure.expect("the harness finds it");
    assert!(text.starts_with("differences, reverse, `x`"), "{text}");
}
