use std::cell::RefCell;
use std::rc::Rc;

use cotangent::prelude::*;

#[differentiable]
fn energy(state: &Rc<RefCell<Vec<f64>>>, x: f64) -> f64 {
    state.borrow()[0] * x
}

fn main() {
    energy::grad(&Rc::new(RefCell::new(vec![1.0])), 2.0);
}
