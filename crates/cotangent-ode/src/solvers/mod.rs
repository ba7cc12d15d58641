//! The methods: each a file of data plus shared code.

mod combine;
mod explicit;
mod tableau;

mod bs3;
mod dop853;
mod dopri5;
mod heun;
mod rk4;
mod tsit5;
mod vern7;
mod vern9;

pub use bs3::BS3;
pub use dop853::DOP853;
pub use dopri5::DOPRI5;
pub use explicit::Explicit;
pub use heun::HEUN;
pub use rk4::RK4;
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
