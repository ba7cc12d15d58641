//! What a statement of a random program can name at its place.

/// A scalar place: the text that reads it, and whether it can be assigned.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The place as written, such as `x`, `*o` or `p.a`.
    pub text: String,
    /// Whether an assignment to it compiles.
    pub mutable: bool,
}

/// An indexable place with at least three `f64` elements.
#[derive(Clone, Debug)]
pub struct Array {
    /// The place as written.
    pub text: String,
    /// Whether its elements can be assigned.
    pub mutable: bool,
}

/// Everything in scope, innermost last.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The scalars.
    pub scalars: Vec<Scalar>,
    /// The arrays.
    pub arrays: Vec<Array>,
}

impl Scope {
    /// A scope with these read-only scalars and nothing else.
    pub fn of_scalars<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let scalars = names.into_iter().map(|name| Scalar {
            text: name.to_owned(),
            mutable: false,
        });
        Self {
            scalars: scalars.collect(),
            arrays: Vec::new(),
        }
    }

    /// Adds a scalar; a place of the same name is shadowed.
    pub fn add_scalar(&mut self, text: &str, mutable: bool) {
        self.forget(text);
        self.scalars.push(Scalar {
            text: text.to_owned(),
            mutable,
        });
    }

    /// Adds an array; a place of the same name is shadowed.
    pub fn add_array(&mut self, text: &str, mutable: bool) {
        self.forget(text);
        self.arrays.push(Array {
            text: text.to_owned(),
            mutable,
        });
    }

    /// Removes a place, because it is shadowed or borrowed.
    pub fn forget(&mut self, text: &str) {
        let stale = |place: &str| place == text || place == format!("*{text}");
        self.scalars.retain(|scalar| !stale(&scalar.text));
        self.arrays.retain(|array| array.text != text);
    }

    /// Makes an array and its neighbours in one `Vec` read-only, because it is borrowed.
    pub fn freeze(&mut self, text: &str) {
        for array in self.arrays.iter_mut().filter(|array| root(&array.text) == root(text)) {
            array.mutable = false;
        }
    }

    /// Removes an array and its neighbours in one `Vec`, because it is borrowed mutably.
    pub fn hide(&mut self, text: &str) {
        self.arrays.retain(|array| root(&array.text) != root(text));
    }
}

/// The place that an array's borrow locks: `m` for `m[0]`.
pub fn root(text: &str) -> &str {
    text.split('[').next().unwrap_or(text)
}
