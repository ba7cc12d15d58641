//! Kvaerno3.

use super::tableau::{Tableau, rows, weights};

/// Kværnø's method of order 3(2) with four stages, the first explicit; L-stable, stiffly accurate; dense output of order 3.
///
/// Source: A. Kværnø, *Singly diagonally implicit Runge-Kutta methods with an explicit first stage*, BIT 44 (2004).
#[rustfmt::skip]
pub const KVAERNO3: Tableau<4> = Tableau {
    name: "Kvaerno3",
    order: 3,
    error_order: 2,
    main: 4,
    c: [
        0.0, 0.871733043016918, 1.0, 1.0,
    ],
    a: rows(&[
        &[],
        &[
            (0, 0.435866521508459), (1, 0.435866521508459),
        ],
        &[
            (0, 0.49056338842178054), (1, 0.07357009006976042), (2, 0.435866521508459),
        ],
        &[
            (0, 0.30880996997674653), (1, 1.4905633884217806), (2, -1.2352398799069861), (3, 0.435866521508459),
        ],
    ]),
    error: weights(&[
        (0, -0.18175341844503404), (1, 1.4169932983520201), (2, -1.671106401415445), (3, 0.435866521508459),
    ]),
    second_error: None,
    dense: [
        &[
            1.0, -1.0735700900697605, 0.38238006004650693,
        ],
        &[
            0.0, 4.471690165265342, -2.981126776843561,
        ],
        &[
            0.0, -3.705719639720958, 2.4704797598139723,
        ],
        &[
            0.0, 0.307599564525377, 0.128266956983082,
        ],
    ],
    dense_order: 3,
};
