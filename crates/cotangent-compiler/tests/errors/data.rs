//! Data that cannot be followed.

use expect_test::expect;

use crate::check;

#[test]
fn shared_and_interior_mutability() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let s = Rc::new(RefCell::new(x));\n    *s.borrow_mut() *= x;\n    0.0\n}",
        expect!["3:13 an active value in `Rc` cannot be followed: keep it in a variable, a `Vec` or a `Box`, or wrap it in `constant(..)`"],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let s = std::cell::Cell::new(x);\n    s.set(x * x);\n    s.get()\n}",
        expect![
            "3:13 an active value in `Cell` cannot be followed: keep it in a variable, a `Vec` or a `Box`, or wrap it in `constant(..)`"
        ],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let s = std::sync::Arc::new(Mutex::new(x));\n    0.0\n}",
        expect![
            "3:13 an active value in `Arc` cannot be followed: keep it in a variable, a `Vec` or a `Box`, or wrap it in `constant(..)`"
        ],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let s = RwLock::new(x);\n    0.0\n}",
        expect![
            "3:13 an active value in `RwLock` cannot be followed: keep it in a variable, a `Vec` or a `Box`, or wrap it in `constant(..)`"
        ],
    );
}

#[test]
fn box_of_dyn() {
    check(
        "#[differentiable]\nfn f(a: f64, x: f64) -> f64 {\n    let layer: Box<dyn Layer> = Box::new(Scale { a });\n    layer.apply(x)\n}",
        expect![
            "3:33 a value that is put behind `dyn` here has no tangent of its own type any more: pass the box in as a parameter, keep the type, or wrap it in `constant(..)`"
        ],
    );
}

#[test]
fn reference_that_moves_on() {
    check(
        "#[differentiable]\nfn f(v: &[f64]) -> f64 {\n    let mut r = &v[0];\n    r = &v[1];\n    *r\n}",
        expect![[r#"
            3:9 a reference that is pointed elsewhere later cannot be followed: use an index, or a new `let` for each place
            4:5 `r` is not a variable of this function: a static or a captured place cannot be written or differentiated; pass it as a parameter"#]],
    );
}

#[test]
fn place_that_is_none() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    g(x) = 1.0;\n    x\n}",
        expect!["3:5 expected a place: a variable, a field or an element"],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    1.0 += x;\n    x\n}",
        expect!["3:5 expected a place: a variable, a field or an element"],
    );
}

#[test]
fn unknown_name_indexed() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    table[0] * x\n}",
        expect![
            "3:5 `table` is not a variable of this function: a static or a captured place cannot be written or differentiated; pass it as a parameter"
        ],
    );
}
