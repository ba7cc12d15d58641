// What generated code of another release starts with.
use cotangent::__private::requires_cotangent_0_0_9 as __p;

fn main() {
    let _ = __p::Tape::new();
}
