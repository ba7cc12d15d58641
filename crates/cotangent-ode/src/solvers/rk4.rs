//! RK4.

use super::tableau::{Tableau, hermite};

/// The classical method of order 4 with four stages, without an error estimate; dense output of order 3.
///
/// Source: W. Kutta, *Beitrag zur näherungsweisen Integration totaler Differentialgleichungen*, Zeitschrift für Mathematik und
/// Physik 46 (1901).
pub const RK4: Tableau<5> = Tableau {
    name: "RK4",
    order: 4,
    error_order: 0,
    main: 5,
    c: [0.0, 0.5, 0.5, 1.0, 1.0],
    a: [
        [0.0; 5],
        [0.5, 0.0, 0.0, 0.0, 0.0],
        [0.0, 0.5, 0.0, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0, 0.0],
        [1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0, 0.0],
    ],
    error: [0.0; 5],
    second_error: None,
    dense: [
        &hermite(1.0 / 6.0, 0, 5),
        &hermite(1.0 / 3.0, 1, 5),
        &hermite(1.0 / 3.0, 2, 5),
        &hermite(1.0 / 6.0, 3, 5),
        &hermite(0.0, 4, 5),
    ],
    dense_order: 3,
};
