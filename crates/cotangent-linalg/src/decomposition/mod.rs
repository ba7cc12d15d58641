//! Decompositions: values whose tangent is the tangent of the matrix that they decompose.

/// The tangent of the decomposition is that of the matrix, of the shape that the expression gives.
///
/// Its leaves would be the numbers of the matrix, which it does not hold.
macro_rules! tangent_of_matrix {
    ($name:ident, |$this:ident| $shape:expr) => {
        impl<T: cotangent_core::Real> cotangent_core::Differentiable for $name<T> {
            type Tangent = cotangent_core::Matrix<T>;

            fn zero_tangent(&self) -> cotangent_core::Matrix<T> {
                let $this = self;
                let (rows, cols) = $shape;
                cotangent_core::Matrix::zeros(rows, cols)
            }

            fn visit_leaves<V: cotangent_core::Visitor>(&self, _: &mut V) {
                $crate::decomposition::no_leaves(stringify!($name))
            }

            fn visit_leaves_mut<V: cotangent_core::VisitorMut>(&mut self, _: &mut V) {
                $crate::decomposition::no_leaves(stringify!($name))
            }

            fn zip_tangent<Z: cotangent_core::Zip>(&mut self, _: &Self::Tangent, _: &mut Z) {
                $crate::decomposition::no_leaves(stringify!($name))
            }
        }
    };
}
#[cold]
pub(crate) fn no_leaves(name: &str) -> ! {
    panic!("{name}: a decomposition cannot be read or moved number by number; take the leaves of the matrix, and decompose that")
}

pub mod cholesky;
pub mod eigh;
pub mod lu;
pub mod qr;
pub mod svd;
