use cotangent::prelude::*;

struct Material {
    density: f64,
}

#[derive(Differentiable)]
struct Beam {
    length: f64,
    material: Material,
}

fn main() {
    let beam = Beam { length: 1.0, material: Material { density: 2.0 } };
    let _ = (beam.length, beam.material.density);
}
