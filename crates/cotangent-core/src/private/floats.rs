//! Slices of a type that is one of the two floats, as that float: for kernels that exist for each of them.

/// A slice of either float type.
#[derive(Clone, Copy, Debug)]
pub enum Floats<'a> {
    /// Of `f64`.
    F64(&'a [f64]),
    /// Of `f32`.
    F32(&'a [f32]),
}

/// A slice of either float type, to be changed.
#[derive(Debug)]
pub enum FloatsMut<'a> {
    /// Of `f64`.
    F64(&'a mut [f64]),
    /// Of `f32`.
    F32(&'a mut [f32]),
}
