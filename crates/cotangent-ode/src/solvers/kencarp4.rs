//! KenCarp4.

use super::tableau::{Tableau, rows, weights};

/// Kennedy and Carpenter's ARK4(3)6L, implicit part: order 4(3) with six stages, the first explicit; L-stable, stiffly accurate;
/// dense output of order 3.
///
/// Source: C. A. Kennedy, M. H. Carpenter, *Additive Runge-Kutta schemes for convection-diffusion-reaction equations*, Applied
/// Numerical Mathematics 44 (2003).
#[rustfmt::skip]
pub const KENCARP4: Tableau<6> = Tableau {
    name: "KenCarp4",
    order: 4,
    error_order: 3,
    main: 6,
    c: [
        0.0, 0.5, 0.332, 0.62, 0.85, 1.0,
    ],
    a: rows(&[
        &[],
        &[
            (0, 0.25), (1, 0.25),
        ],
        &[
            (0, 0.137776), (1, -0.055776), (2, 0.25),
        ],
        &[
            (0, 0.14463686602698217), (1, -0.22393190761334475), (2, 0.4492950415863626), (3, 0.25),
        ],
        &[
            (0, 0.09825878328356477), (1, -0.5915442428196704), (2, 0.8101210538282996), (3, 0.283164405707806), (4, 0.25),
        ],
        &[
            (0, 0.15791629516167136), (2, 0.18675894052400077), (3, 0.6805652953093346), (4, -0.27524053099500667),
            (5, 0.25),
        ],
    ]),
    error: weights(&[
        (0, 0.0032044943984591762), (2, -0.0024462511366794577), (3, -0.02148007591958727), (4, 0.043946868068572426),
        (5, -0.02322503541076487),
    ]),
    second_error: None,
    dense: [
        &[
            1.0, -1.526251114514986, 0.6841674096766573,
        ],
        &[],
        &[
            0.0, 0.5602768215720023, -0.37351788104800154,
        ],
        &[
            0.0, 2.0416958859280037, -1.3611305906186693,
        ],
        &[
            0.0, -0.8257215929850201, 0.5504810619900133,
        ],
        &[
            0.0, -0.25, 0.5,
        ],
    ],
    dense_order: 3,
};
