//! BS3.

use super::tableau::{Tableau, hermite};

/// Bogacki and Shampine's method of order 3(2) with four stages, first same as last; dense output of order 3.
///
/// Source: P. Bogacki, L. F. Shampine, *A 3(2) pair of Runge-Kutta formulas*, Applied Mathematics Letters 2 (1989).
pub const BS3: Tableau<4> = Tableau {
    name: "BS3",
    order: 3,
    error_order: 2,
    main: 4,
    c: [0.0, 0.5, 0.75, 1.0],
    a: [
        [0.0; 4],
        [0.5, 0.0, 0.0, 0.0],
        [0.0, 0.75, 0.0, 0.0],
        [2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0, 0.0],
    ],
    error: [-5.0 / 72.0, 1.0 / 12.0, 1.0 / 9.0, -0.125],
    second_error: None,
    dense: [
        &hermite(2.0 / 9.0, 0, 4),
        &hermite(1.0 / 3.0, 1, 4),
        &hermite(4.0 / 9.0, 2, 4),
        &hermite(0.0, 3, 4),
    ],
    dense_order: 3,
};
