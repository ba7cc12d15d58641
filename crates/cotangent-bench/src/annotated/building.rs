//! PassiveLogic's building simulation: a radiant floor heated by water from a tank, by nested structs that change
//! themselves. The same program is Swift's own benchmark of differentiable programming.

use cotangent::prelude::*;

/// The slab temperature that the loss asks for.
pub const TARGET: f64 = 27.344767;

/// The tube laid in the floor.
#[derive(Clone, Debug, Differentiable)]
pub struct Tube {
    /// Distance between two turns.
    pub spacing: f64,
    /// Outer diameter.
    pub diameter: f64,
    /// Wall thickness.
    pub thickness: f64,
    /// Thermal resistivity of the wall.
    pub resistivity: f64,
}

/// The floor.
#[derive(Clone, Debug, Differentiable)]
pub struct Slab {
    /// Its temperature.
    pub temperature: f64,
    /// Its area.
    pub area: f64,
    /// Specific heat.
    pub heat: f64,
    /// Density.
    pub density: f64,
    /// Thickness.
    pub thickness: f64,
}

/// The water that goes round in one step.
#[derive(Clone, Debug, Differentiable)]
pub struct Quanta {
    /// The power that it takes up.
    pub power: f64,
    /// Its temperature.
    pub temperature: f64,
    /// Flow by volume.
    pub flow: f64,
    /// Density.
    pub density: f64,
    /// Specific heat.
    pub heat: f64,
}

/// The tank.
#[derive(Clone, Debug, Differentiable)]
pub struct Tank {
    /// Its temperature.
    pub temperature: f64,
    /// Its volume.
    pub volume: f64,
    /// Specific heat.
    pub heat: f64,
    /// Density.
    pub density: f64,
    /// Mass; the simulation does not read it.
    pub mass: f64,
}

/// The whole building.
#[derive(Clone, Debug, Differentiable)]
pub struct Building {
    /// The tube in the floor.
    pub tube: Tube,
    /// The floor.
    pub slab: Slab,
    /// The water on its way.
    pub quanta: Quanta,
    /// The tank.
    pub tank: Tank,
}

#[differentiable]
impl Tube {
    /// The thermal resistance between the water and a floor of that area.
    pub fn resistance(&self, area: f64) -> f64 {
        let length = area / self.spacing;
        10.0 * self.resistivity * self.thickness / (length * std::f64::consts::PI * self.diameter)
    }
}

#[differentiable]
impl Slab {
    /// Takes up `power` for `dt`.
    pub fn update(&mut self, power: f64, dt: f64) {
        self.temperature += power * dt / self.heat / (self.area * self.thickness * self.density);
    }
}

#[differentiable]
impl Quanta {
    /// Takes up its power for `dt`.
    pub fn update(&mut self, dt: f64) {
        self.temperature += self.power * dt / self.heat / (self.flow * dt * self.density);
    }
}

#[differentiable]
impl Tank {
    /// The power that it would give to the water that passes.
    pub fn power_to(&self, quanta: &Quanta) -> f64 {
        (self.temperature - quanta.temperature) * (quanta.flow * quanta.density) * quanta.heat
    }

    /// Takes up `power` for `dt`.
    pub fn update(&mut self, power: f64, dt: f64) {
        self.temperature += power * dt / self.heat / (self.volume * self.density);
    }
}

#[differentiable]
impl Building {
    /// One step of `dt`: from the tank into the water, from the water into the floor.
    pub fn step(&mut self, dt: f64) {
        let power = self.tank.power_to(&self.quanta);
        self.quanta.power = power;
        self.tank.update(power, dt);
        self.quanta.update(dt);
        let resistance = self.tube.resistance(self.slab.area);
        let load = (self.slab.temperature - self.quanta.temperature) / resistance;
        self.quanta.power = load;
        self.quanta.update(dt);
        self.slab.update(-load, dt);
    }

    /// Lets the floor start at a temperature and runs so many steps.
    pub fn simulate(&mut self, start: f64, steps: usize, dt: f64) {
        self.slab.temperature = start;
        for _ in 0..steps {
            self.step(dt);
        }
    }
}

/// The floor's temperature after so many steps.
#[differentiable(wrt(building, start))]
pub fn predict(building: &Building, start: f64, steps: usize, dt: f64) -> f64 {
    let mut now = building.clone();
    now.simulate(start, steps, dt);
    now.slab.temperature
}

/// How far the prediction is from the target.
#[differentiable(wrt(building, start))]
pub fn loss(building: &Building, start: f64, steps: usize, dt: f64) -> f64 {
    (predict(building, start, steps, dt) - TARGET).abs()
}

impl Building {
    /// The building of the first 19 of the 20 parameters, in the order of the benchmark.
    pub fn from_parameters(p: &[f64; 20]) -> Self {
        Building {
            tube: Tube {
                spacing: p[0],
                diameter: p[1],
                thickness: p[2],
                resistivity: p[3],
            },
            slab: Slab {
                temperature: p[4],
                area: p[5],
                heat: p[6],
                density: p[7],
                thickness: p[8],
            },
            quanta: Quanta {
                power: p[9],
                temperature: p[10],
                flow: p[11],
                density: p[12],
                heat: p[13],
            },
            tank: Tank {
                temperature: p[14],
                volume: p[15],
                heat: p[16],
                density: p[17],
                mass: p[18],
            },
        }
    }
}
