//! The adjoint of the building simulation: three temperatures a step are kept.

use std::f64::consts::PI;

pub use crate::plain::building::TARGET;

/// The temperatures that a step reads.
#[derive(Clone, Copy)]
struct Record {
    /// Of the tank at the start of the step.
    tank: f64,
    /// Of the water at the start of the step.
    water: f64,
    /// Of the floor less that of the water, between the two exchanges.
    difference: f64,
}

/// The prediction, the loss, its gradient in the 20 parameters, and the record.
#[derive(Default)]
pub struct BuildingAdjoint {
    /// The floor's temperature at the end.
    pub prediction: f64,
    /// Its distance from the target.
    pub loss: f64,
    /// The gradient of the loss, in the order of the benchmark.
    pub gradient: [f64; 20],
    record: Vec<Record>,
}

/// What does not change from step to step.
struct Constants {
    /// Mass of water in a step times its heat over dt, `flow density heat`.
    stream: f64,
    /// Rise of the tank per power.
    tank_rise: f64,
    /// Rise of the water per power.
    water_rise: f64,
    /// Rise of the floor per power.
    slab_rise: f64,
    /// Power from water to floor per kelvin.
    conductance: f64,
}

impl Constants {
    fn new(p: &[f64; 20], dt: f64) -> Self {
        Constants {
            stream: p[11] * p[12] * p[13],
            tank_rise: dt / (p[16] * p[15] * p[17]),
            water_rise: 1.0 / (p[13] * p[11] * p[12]),
            slab_rise: dt / (p[6] * p[5] * p[8] * p[7]),
            conductance: p[5] / p[0] * PI * p[1] / (10.0 * p[3] * p[2]),
        }
    }
}

impl BuildingAdjoint {
    /// The memory of the record.
    pub fn record_bytes(&self) -> usize {
        size_of_val(&self.record[..])
    }

    /// Computes the loss and the gradient of so many steps.
    pub fn run(&mut self, p: &[f64; 20], steps: usize, dt: f64) {
        let constants = Constants::new(p, dt);
        let slab = self.forward(p, steps, &constants);
        self.prediction = slab;
        self.loss = (slab - TARGET).abs();
        let slab_bar = if slab == TARGET { 0.0 } else { (slab - TARGET).signum() };
        self.reverse(p, slab_bar, &constants);
    }

    fn forward(&mut self, p: &[f64; 20], steps: usize, c: &Constants) -> f64 {
        let (mut tank, mut water, mut slab) = (p[14], p[10], p[19]);
        self.record.clear();
        for _ in 0..steps {
            let power = (tank - water) * c.stream;
            let warmed = water + power * c.water_rise;
            let difference = slab - warmed;
            self.record.push(Record { tank, water, difference });
            let load = difference * c.conductance;
            tank += power * c.tank_rise;
            water = warmed + load * c.water_rise;
            slab -= load * c.slab_rise;
        }
        slab
    }

    fn reverse(&mut self, p: &[f64; 20], mut slab_bar: f64, c: &Constants) {
        let (mut tank_bar, mut water_bar) = (0.0, 0.0);
        // Cotangents of the logarithm-like products in `Constants`.
        let (mut stream_bar, mut tank_rise_bar, mut water_rise_bar) = (0.0, 0.0, 0.0);
        let (mut slab_rise_bar, mut conductance_bar) = (0.0, 0.0);
        for r in self.record.iter().rev() {
            let power = (r.tank - r.water) * c.stream;
            let load = r.difference * c.conductance;
            slab_rise_bar -= slab_bar * load;
            water_rise_bar += water_bar * load;
            let load_bar = water_bar * c.water_rise - slab_bar * c.slab_rise;
            conductance_bar += load_bar * r.difference;
            let difference_bar = load_bar * c.conductance;
            slab_bar += difference_bar;
            let warmed_bar = water_bar - difference_bar;
            tank_rise_bar += tank_bar * power;
            water_rise_bar += warmed_bar * power;
            let power_bar = tank_bar * c.tank_rise + warmed_bar * c.water_rise;
            stream_bar += power_bar * (r.tank - r.water);
            tank_bar += power_bar * c.stream;
            water_bar = warmed_bar - power_bar * c.stream;
        }
        let g = &mut self.gradient;
        g.fill(0.0);
        (g[10], g[14], g[19]) = (water_bar, tank_bar, slab_bar);
        // Each constant is a product of powers of parameters: d c / d p = ± c / p.
        let mut product = |scale: f64, up: &[usize], down: &[usize]| {
            up.iter().for_each(|&i| g[i] += scale / p[i]);
            down.iter().for_each(|&i| g[i] -= scale / p[i]);
        };
        product(stream_bar * c.stream, &[11, 12, 13], &[]);
        product(tank_rise_bar * c.tank_rise, &[], &[15, 16, 17]);
        product(water_rise_bar * c.water_rise, &[], &[11, 12, 13]);
        product(slab_rise_bar * c.slab_rise, &[], &[5, 6, 7, 8]);
        product(conductance_bar * c.conductance, &[1, 5], &[0, 2, 3]);
    }
}
