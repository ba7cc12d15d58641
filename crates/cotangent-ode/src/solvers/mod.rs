//! The methods: each a file of data plus shared code.

mod combine;
mod explicit;
mod tableau;

mod tsit5;

pub use explicit::Explicit;
pub use tableau::Tableau;
pub use tsit5::TSIT5;

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
}
