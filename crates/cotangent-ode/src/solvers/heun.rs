//! Heun.

use super::tableau::{Tableau, hermite};

/// Heun's method of order 2 with two stages; the error estimate is the difference from Euler's method; dense output of order 2.
///
/// Source: K. Heun, *Neue Methoden zur approximativen Integration der Differentialgleichungen einer unabhängigen
/// Veränderlichen*, Zeitschrift für Mathematik und Physik 45 (1900).
pub const HEUN: Tableau<3> = Tableau {
    name: "Heun",
    order: 2,
    error_order: 1,
    main: 3,
    c: [0.0, 1.0, 1.0],
    a: [[0.0; 3], [1.0, 0.0, 0.0], [0.5, 0.5, 0.0]],
    error: [-0.5, 0.5, 0.0],
    second_error: None,
    dense: [&hermite(0.5, 0, 3), &hermite(0.5, 1, 3), &hermite(0.0, 2, 3)],
    dense_order: 2,
};
