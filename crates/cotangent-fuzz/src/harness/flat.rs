//! Flat numbers in and out of arguments.

/// Reads arguments from flat numbers, in order.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [f64],
}

impl<'a> Reader<'a> {
    /// Starts at the first number.
    pub const fn new(numbers: &'a [f64]) -> Self {
        Self { rest: numbers }
    }

    /// The next number.
    pub fn f(&mut self) -> f64 {
        self.array::<1>()[0]
    }

    /// The next `n` numbers.
    pub fn vec(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.f()).collect()
    }

    /// The next `N` numbers.
    pub fn array<const N: usize>(&mut self) -> [f64; N] {
        let (first, rest) = self
            .rest
            .split_first_chunk::<N>()
            .expect("as many numbers as the signature has leaves");
        self.rest = rest;
        *first
    }
}

/// Values made of floats.
pub trait Flat {
    /// Appends the floats in order.
    fn append(&self, out: &mut Vec<f64>);
}

/// Appends the floats of `value`.
pub fn flat<T: Flat + ?Sized>(value: &T, out: &mut Vec<f64>) {
    value.append(out);
}

impl Flat for f64 {
    fn append(&self, out: &mut Vec<f64>) {
        out.push(*self);
    }
}

impl Flat for f32 {
    fn append(&self, out: &mut Vec<f64>) {
        out.push(f64::from(*self));
    }
}

impl<T: Flat> Flat for [T] {
    fn append(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|element| element.append(out));
    }
}

impl<T: Flat, const N: usize> Flat for [T; N] {
    fn append(&self, out: &mut Vec<f64>) {
        self.as_slice().append(out);
    }
}

impl<T: Flat> Flat for Vec<T> {
    fn append(&self, out: &mut Vec<f64>) {
        self.as_slice().append(out);
    }
}

impl<T: Flat> Flat for Option<T> {
    fn append(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|element| element.append(out));
    }
}

impl<A: Flat, B: Flat> Flat for (A, B) {
    fn append(&self, out: &mut Vec<f64>) {
        self.0.append(out);
        self.1.append(out);
    }
}
