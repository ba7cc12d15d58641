//! The methods: each a file of data plus shared code.

mod combine;
mod esdirk;
mod explicit;
mod rosenbrock;
mod symplectic;
mod tableau;

mod bs3;
mod dop853;
mod dopri5;
mod heun;
mod kencarp4;
mod kvaerno3;
mod kvaerno5;
mod rk4;
mod rodas5p;
mod tsit5;
mod vern7;
mod vern9;

pub use bs3::BS3;
pub use dop853::DOP853;
pub use dopri5::DOPRI5;
pub use esdirk::Esdirk;
pub use explicit::Explicit;
pub use heun::HEUN;
pub use kencarp4::KENCARP4;
pub use kvaerno3::KVAERNO3;
pub use kvaerno5::KVAERNO5;
pub use rk4::RK4;
pub use rodas5p::RODAS5P;
pub use rosenbrock::{Rosenbrock, RosenbrockTableau};
pub use symplectic::{Composition, LEAPFROG, Symplectic, YOSHIDA4, YOSHIDA6};
pub use tableau::Tableau;
pub use tsit5::TSIT5;
pub use vern7::VERN7;
pub use vern9::VERN9;

use crate::stepper::Method;
use cotangent::Real;

macro_rules! explicit {
    ($($(#[$doc:meta])* $name:ident = $tableau:ident: $stages:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name;

        impl<F: Real> Method<F> for $name {
            type Stepper = Explicit<F, $stages>;
            fn stepper(&self, dim: usize, base: usize, dense: bool) -> Self::Stepper {
                Explicit::new(&$tableau, dim, base, dense)
            }
            fn name(&self) -> &'static str {
                $tableau.name
            }
            fn order(&self) -> usize {
                $tableau.order
            }
            fn adaptive(&self) -> bool {
                $tableau.error_order > 0
            }
            fn has_second_order(&self) -> bool {
                true
            }
        }
    )*};
}

explicit! {
    /// Tsitouras 5(4): the first choice for problems that are not stiff. See [`TSIT5`].
    Tsit5 = TSIT5: 7;
    /// Dormand and Prince 5(4), the standard of many libraries. See [`DOPRI5`].
    Dopri5 = DOPRI5: 7;
    /// Bogacki and Shampine 3(2): for loose tolerances, above 1e-3. See [`BS3`].
    Bs3 = BS3: 4;
    /// Dormand and Prince 8(5,3): for tolerances from 1e-8 to 1e-12. See [`DOP853`].
    Dop853 = DOP853: 16;
    /// Verner 7(6): for tolerances from 1e-7 to 1e-11. See [`VERN7`].
    Vern7 = VERN7: 16;
    /// Verner 9(8): for tolerances below 1e-10. See [`VERN9`].
    Vern9 = VERN9: 26;
    /// The classical method of order 4, with steps of fixed size. See [`RK4`].
    Rk4 = RK4: 5;
    /// Heun's method of order 2. See [`HEUN`].
    Heun = HEUN: 3;
}

macro_rules! esdirk {
    ($($(#[$doc:meta])* $name:ident = $tableau:ident: $stages:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name;

        impl<F: Real> Method<F> for $name {
            type Stepper = Esdirk<F, $stages>;
            fn stepper(&self, dim: usize, base: usize, _: bool) -> Self::Stepper {
                Esdirk::new(&$tableau, dim, base)
            }
            fn name(&self) -> &'static str {
                $tableau.name
            }
            fn order(&self) -> usize {
                $tableau.order
            }
            fn adaptive(&self) -> bool {
                true
            }
        }
    )*};
}

esdirk! {
    /// Kværnø 3(2): for stiff problems at loose tolerances. See [`KVAERNO3`].
    Kvaerno3 = KVAERNO3: 4;
    /// Kværnø 5(4): for stiff problems at tight tolerances. See [`KVAERNO5`].
    Kvaerno5 = KVAERNO5: 7;
    /// Kennedy and Carpenter 4(3). See [`KENCARP4`].
    KenCarp4 = KENCARP4: 6;
}

/// Steinebach's Rosenbrock method of order 5(4): the first choice for stiff problems of up to some hundred unknowns, and for
/// singular mass matrices. Its gradient needs a right-hand side of order 2. See [`RODAS5P`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rodas5P;

impl<F: Real> Method<F> for Rodas5P {
    type Stepper = Rosenbrock<F, 8>;
    fn stepper(&self, dim: usize, _: usize, _: bool) -> Self::Stepper {
        Rosenbrock::new(&RODAS5P, dim)
    }
    fn name(&self) -> &'static str {
        RODAS5P.name
    }
    fn order(&self) -> usize {
        RODAS5P.order
    }
    fn adaptive(&self) -> bool {
        true
    }
    fn has_tangents(&self) -> bool {
        false
    }
}

macro_rules! symplectic {
    ($($(#[$doc:meta])* $name:ident = $composition:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name;

        impl<F: Real> Method<F> for $name {
            type Stepper = Symplectic<F>;
            fn stepper(&self, dim: usize, base: usize, dense: bool) -> Self::Stepper {
                Symplectic::new(&$composition, dim, base, dense)
            }
            fn name(&self) -> &'static str {
                $composition.name
            }
            fn order(&self) -> usize {
                $composition.order
            }
            fn adaptive(&self) -> bool {
                false
            }
            fn has_second_order(&self) -> bool {
                true
            }
            fn halves(&self) -> bool {
                true
            }
        }
    )*};
}

symplectic! {
    /// Leapfrog for separable Hamiltonian systems `[q, p]`, with steps of fixed size. See [`LEAPFROG`].
    Leapfrog = LEAPFROG;
    /// Yoshida's method of order 4 for separable Hamiltonian systems. See [`YOSHIDA4`].
    Yoshida4 = YOSHIDA4;
    /// Yoshida's method of order 6 for separable Hamiltonian systems. See [`YOSHIDA6`].
    Yoshida6 = YOSHIDA6;
}
