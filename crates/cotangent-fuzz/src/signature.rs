//! The parameters and the result of an entry function, and what each adds to the scope.

use crate::rng::Rng;
use crate::scope::Scope;

/// One kind of parameter: a row of the table [`KINDS`].
///
/// In every text `@` stands for the parameter's name and `^` for the suffix that keeps tangents apart from
/// primals (`` for the primal, `_dot`, `_bar`); `r` is the reader of flat numbers.
#[derive(Debug)]
pub struct Kind {
    /// The row of the coverage table.
    pub tag: &'static str,
    /// The declaration.
    pub declared: &'static str,
    /// The statement that makes an owned value from flat numbers.
    pub made: &'static str,
    /// The same for a tangent, where its type is another one.
    pub tangent_made: &'static str,
    /// The argument of a call.
    pub passed: &'static str,
    /// The tangent as an argument of `jvp`.
    pub tangent_passed: &'static str,
    /// The parts that hold numbers, after the name, separated by spaces.
    pub parts: &'static str,
    /// The names of the leaves, in the order of the flat numbers.
    pub leaves: &'static [&'static str],
    /// The scalars in scope, separated by semicolons; a leading `!` marks the assignable ones.
    pub scalars: &'static str,
    /// The arrays in scope, likewise.
    pub arrays: &'static str,
    /// Items that the type needs.
    pub items: &'static str,
}

impl Kind {
    /// Whether the plain call leaves a result in this argument.
    pub fn is_output(&self) -> bool {
        self.passed.starts_with("&mut")
    }
}

const BLANK: Kind = Kind {
    tag: "",
    declared: "",
    made: "let mut @^ = r.f();",
    tangent_made: "",
    passed: "@^",
    tangent_passed: "@^",
    parts: ".",
    leaves: &["@"],
    scalars: "",
    arrays: "",
    items: "",
};

const THREE: &[&str] = &["@[0]", "@[1]", "@[2]"];

const MODEL: &str = "#[derive(Clone, Differentiable)] pub struct Rates { pub decay: f64, pub gain: f64 }
#[derive(Clone, Differentiable)] pub struct Model { pub a: f64, pub v: Vec<f64>, pub rates: Rates, #[constant] pub n: usize }";
const MODEL_MADE: &str = "let mut @^ = Model { a: r.f(), v: r.vec(3), rates: Rates { decay: r.f(), gain: r.f() }, n: 2 };";
const MODEL_TANGENT: &str =
    "let mut @^ = ModelTangent { a: r.f(), v: r.vec(3), rates: RatesTangent { decay: r.f(), gain: r.f() }, n: () };";

const MODEL_KIND: Kind = Kind {
    made: MODEL_MADE,
    tangent_made: MODEL_TANGENT,
    parts: ".a .v .rates.decay .rates.gain",
    leaves: &["@.a", "@.v[0]", "@.v[1]", "@.v[2]", "@.rates.decay", "@.rates.gain"],
    items: MODEL,
    ..BLANK
};

/// Every kind of parameter.
pub const KINDS: &[Kind] = &[
    Kind {
        tag: "f64 parameter",
        declared: "@: f64",
        scalars: "@",
        ..BLANK
    },
    Kind {
        tag: "mut f64 parameter",
        declared: "mut @: f64",
        scalars: "!@",
        ..BLANK
    },
    Kind {
        tag: "f32 parameter",
        declared: "@: f32",
        made: "let mut @^ = r.f() as f32;",
        scalars: "(@ as f64)",
        ..BLANK
    },
    Kind {
        tag: "slice parameter",
        declared: "@: &[f64]",
        made: "let mut @^ = r.vec(3);",
        passed: "&@^[..]",
        tangent_passed: "&@^[..]",
        leaves: THREE,
        arrays: "@",
        ..BLANK
    },
    Kind {
        tag: "mut slice parameter",
        declared: "@: &mut [f64]",
        made: "let mut @^ = r.vec(3);",
        passed: "&mut @^[..]",
        tangent_passed: "&mut @^[..]",
        leaves: THREE,
        arrays: "!@",
        ..BLANK
    },
    Kind {
        tag: "array parameter",
        declared: "@: &[f64; 3]",
        made: "let mut @^: [f64; 3] = r.array();",
        passed: "&@^",
        tangent_passed: "&@^",
        leaves: THREE,
        arrays: "@",
        ..BLANK
    },
    Kind {
        tag: "array by value",
        declared: "mut @: [f64; 3]",
        made: "let mut @^: [f64; 3] = r.array();",
        leaves: THREE,
        arrays: "!@",
        ..BLANK
    },
    Kind {
        tag: "Vec by value",
        declared: "@: Vec<f64>",
        made: "let mut @^ = r.vec(3);",
        passed: "@^.clone()",
        tangent_passed: "@^.clone()",
        leaves: THREE,
        arrays: "@",
        ..BLANK
    },
    Kind {
        tag: "mut Vec by value",
        declared: "mut @: Vec<f64>",
        made: "let mut @^ = r.vec(3);",
        passed: "@^.clone()",
        tangent_passed: "@^.clone()",
        leaves: THREE,
        arrays: "!@",
        ..BLANK
    },
    Kind {
        tag: "mut Vec parameter",
        declared: "@: &mut Vec<f64>",
        made: "let mut @^ = r.vec(3);",
        passed: "&mut @^",
        tangent_passed: "&mut @^",
        leaves: THREE,
        arrays: "!@",
        ..BLANK
    },
    Kind {
        tag: "mut f64 reference",
        declared: "@: &mut f64",
        passed: "&mut @^",
        tangent_passed: "&mut @^",
        scalars: "!*@",
        ..BLANK
    },
    Kind {
        tag: "nested Vec parameter",
        declared: "@: &[Vec<f64>]",
        made: "let mut @^ = vec![r.vec(3), r.vec(3)];",
        passed: "&@^[..]",
        tangent_passed: "&@^[..]",
        leaves: &["@[0][0]", "@[0][1]", "@[0][2]", "@[1][0]", "@[1][1]", "@[1][2]"],
        arrays: "@[0];@[1]",
        ..BLANK
    },
    Kind {
        tag: "mut nested Vec parameter",
        declared: "@: &mut Vec<Vec<f64>>",
        made: "let mut @^ = vec![r.vec(3), r.vec(3)];",
        passed: "&mut @^",
        tangent_passed: "&mut @^",
        leaves: &["@[0][0]", "@[0][1]", "@[0][2]", "@[1][0]", "@[1][1]", "@[1][2]"],
        arrays: "!@[0];!@[1]",
        ..BLANK
    },
    Kind {
        tag: "tuple parameter",
        declared: "@: (f64, f64)",
        made: "let mut @^ = (r.f(), r.f());",
        leaves: &["@.0", "@.1"],
        scalars: "@.0;@.1",
        ..BLANK
    },
    Kind {
        tag: "pattern parameter",
        declared: "(@_l, mut @_r): (f64, f64)",
        made: "let mut @^ = (r.f(), r.f());",
        leaves: &["@.0", "@.1"],
        scalars: "@_l;!@_r",
        ..BLANK
    },
    Kind {
        tag: "usize parameter",
        declared: "@: usize",
        made: "",
        passed: "4",
        tangent_passed: "()",
        parts: "",
        leaves: &[],
        scalars: "(@ as f64)",
        ..BLANK
    },
    Kind {
        tag: "unused parameter",
        declared: "_@: f64",
        ..BLANK
    },
    Kind {
        tag: "struct parameter",
        declared: "@: &Model",
        passed: "&@^",
        tangent_passed: "&@^",
        scalars: "@.a;@.rates.decay;@.rates.gain",
        arrays: "@.v",
        ..MODEL_KIND
    },
    Kind {
        tag: "mut struct parameter",
        declared: "@: &mut Model",
        passed: "&mut @^",
        tangent_passed: "&mut @^",
        scalars: "!@.a;!@.rates.decay;!@.rates.gain",
        arrays: "!@.v",
        ..MODEL_KIND
    },
    Kind {
        tag: "struct by value",
        declared: "mut @: Model",
        passed: "@^.clone()",
        tangent_passed: "@^.clone()",
        scalars: "!@.a;@.rates.decay;!@.rates.gain",
        arrays: "!@.v",
        ..MODEL_KIND
    },
];

/// What an entry function returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// `f64`.
    Scalar,
    /// `(f64, f64)`.
    Pair,
    /// `[f64; 2]`.
    Array,
    /// `Vec<f64>` of two elements.
    Vector,
    /// `Option<f64>`, never `None`.
    Optional,
    /// Nothing: the result stands in the `&mut` parameters.
    Unit,
}

impl Returned {
    /// The row of the coverage table.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Scalar => "returns f64",
            Self::Pair => "returns tuple",
            Self::Array => "returns array",
            Self::Vector => "returns Vec",
            Self::Optional => "returns Option",
            Self::Unit => "returns nothing",
        }
    }

    /// The arrow and type of the signature.
    pub const fn arrow(self) -> &'static str {
        match self {
            Self::Scalar => " -> f64",
            Self::Pair => " -> (f64, f64)",
            Self::Array => " -> [f64; 2]",
            Self::Vector => " -> Vec<f64>",
            Self::Optional => " -> Option<f64>",
            Self::Unit => "",
        }
    }

    /// How many numbers the result holds.
    pub const fn numbers(self) -> usize {
        match self {
            Self::Scalar | Self::Optional => 1,
            Self::Pair | Self::Array | Self::Vector => 2,
            Self::Unit => 0,
        }
    }

    /// The value made of these expressions; the second is used where there are two numbers.
    pub fn value(self, first: &str, second: &str) -> String {
        match self {
            Self::Scalar => first.to_owned(),
            Self::Pair => format!("({first}, {second})"),
            Self::Array => format!("[{first}, {second}]"),
            Self::Vector => format!("vec![{first}, {second}]"),
            Self::Optional => format!("Some({first})"),
            Self::Unit => String::new(),
        }
    }
}

/// A parameter of an entry function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: &'static Kind,
    /// The name of its field in the gradient.
    pub field: String,
}

/// A whole signature.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The result.
    pub returned: Returned,
}

/// Names that generated code might use as well.
const NAMES: &[&str] = &[
    "x", "y", "z", "t", "g", "h", "u", "x_bar", "x_dot", "tape", "y_bar", "pullback", "tangent", "primal", "ret", "value", "out", "result",
    "self_bar", "d_x",
];

impl Signature {
    /// Two to four parameters, one of them active, and a result.
    pub fn random(rng: &mut Rng, allowed: impl Fn(&str) -> bool) -> Self {
        let kinds: Vec<&'static Kind> = KINDS.iter().filter(|kind| allowed(kind.tag)).collect();
        let mut names: Vec<&str> = NAMES.to_vec();
        let mut parameters = Vec::new();
        for position in 0..2 + rng.below(3) {
            // The first parameter is active, so that there is something to differentiate.
            let kind = if position == 0 || kinds.is_empty() {
                &KINDS[rng.below(2)]
            } else {
                *rng.pick(&kinds)
            };
            let kind = if allowed(kind.tag) { kind } else { &KINDS[0] };
            let name = names.swap_remove(rng.below(names.len())).to_owned();
            let field = match kind.tag {
                "pattern parameter" => format!("arg{position}"),
                "unused parameter" => format!("_{name}"),
                _ => name.clone(),
            };
            parameters.push(Parameter { name, kind, field });
        }
        let outputs = parameters.iter().any(|parameter| parameter.kind.is_output());
        let mut results = vec![Returned::Pair, Returned::Array, Returned::Vector, Returned::Optional];
        if outputs {
            results.extend([Returned::Unit; 4]);
        }
        results.retain(|result| allowed(result.tag()));
        let scalar = results.is_empty() || rng.chance(60);
        let returned = if scalar { Returned::Scalar } else { *rng.pick(&results) };
        Self { parameters, returned }
    }

    /// The places that the parameters bring into scope.
    pub fn scope(&self) -> Scope {
        let mut scope = Scope::default();
        for Parameter { name, kind, .. } in &self.parameters {
            for place in kind.scalars.replace('@', name).split(';').filter(|place| !place.is_empty()) {
                scope.add_scalar(place.trim_start_matches('!'), place.starts_with('!'));
            }
            for place in kind.arrays.replace('@', name).split(';').filter(|place| !place.is_empty()) {
                scope.add_array(place.trim_start_matches('!'), place.starts_with('!'));
            }
        }
        scope
    }

    /// The rows of the coverage table.
    pub fn rows(&self) -> impl Iterator<Item = &'static str> {
        self.parameters
            .iter()
            .map(|parameter| parameter.kind.tag)
            .chain([self.returned.tag()])
    }

    /// The parameter list and the result.
    pub fn declared(&self) -> String {
        let declared: Vec<String> = self
            .parameters
            .iter()
            .map(|parameter| parameter.kind.declared.replace('@', &parameter.name))
            .collect();
        format!("({}){}", declared.join(", "), self.returned.arrow())
    }
}
