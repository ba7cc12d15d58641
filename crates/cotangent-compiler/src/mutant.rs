//! Deliberate faults, one at a time, which prove that the tests would find such a fault.
//!
//! They exist only in a build with the feature `mutants`, which nothing but that test turns on
//! (`cotangent-fuzz/tests/mutants`); the environment variable `COTANGENT_MUTANT` names the fault of a macro's run.
//! In every other build [`on`] is the constant `false`.

macro_rules! mutants {
    ($($variant:ident $what:literal)+) => {
        /// A fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Mutant { $(#[doc = $what] $variant),+ }

        impl Mutant {
            /// Every fault.
            pub const ALL: &[Mutant] = &[$(Mutant::$variant),+];

            /// What is wrong, in words.
            pub const fn what(self) -> &'static str {
                match self { $(Mutant::$variant => $what),+ }
            }
        }
    };
}

mutants! {
    RuleSin "rule of sin: cos with the wrong sign"
    RuleTanh "rule of tanh: the 1 is missing"
    RuleExp2 "rule of exp2: the factor ln 2 is missing"
    RuleSqrt "rule of sqrt: the factor 1/2 is missing"
    RulePowi "rule of powi: the exponent is one too high"
    RulePowf "rule of powf by the exponent: the logarithm is missing"
    RuleAtan2 "rule of atan2 by the second argument: wrong sign"
    RuleMax "rule of max: the first argument always gets the cotangent"
    RuleHypot "rule of hypot: the arguments are exchanged"
    RuleErf "rule of erf: the square is missing"
    SubKeepsSign "subtraction: the second operand's cotangent keeps its sign"
    NegKeepsSign "negation: the cotangent keeps its sign"
    MulTakesOwnFactor "multiplication: the first operand gets itself as the factor"
    DivForgetsDivisor "division: the divisor gets no cotangent"
    UpdateForgetsSign "`-=`: the value's cotangent keeps its sign"
    UpdateForgetsValue "`+=`: the value gets no cotangent"
    ElementOverwritten "a contribution to a part of a variable replaces what is there"
    LoopSumLost "a sum kept apart from its place in a loop is not added"
    TakeWithoutZeroing "assignment: the old cotangent stays after it is taken"
    FillWithoutZeroing "fill: the old cotangents stay after they are summed"
    SwapWithoutCotangents "swap: the cotangents stay where they are"
    LentTwiceForgotten "an array passed twice: the second argument's cotangent is dropped"
    ReverseOrderForward "a block's adjoints run in the order of its statements"
    LoopNotReversed "a `for` loop's adjoint runs forward"
    BreakForgotten "a `for` loop with `break`: its adjoint runs over the whole range"
    BranchOfTheEnd "a branch's condition is evaluated again where it has changed"
    LocalsPoppedInOrder "locals of a block are taken from the tape in the order they were put there"
    SaveSkipped "no value is saved before it is overwritten"
    RestoreSkipped "a saved value is not put back after an assignment"
    FrameSlotShared "two values that an iteration records in a frame share a slot"
    FrameNotReversed "the slots of a frame come in the order of the forward sweep"
    SumNotScaled "a sum that is reversed as it is formed is not multiplied by the total's cotangent"
    RestoreAfterAdjoint "an update is undone after its adjoint"
    NeedsOfOwnStatement "what the changing statement itself reads does not count as read"
    NeedsOfLaterRounds "what an earlier statement reads in another round of a loop does not count as read"
    ShapeNeedForgotten "lengths and variants do not count as read"
    IndexNeedForgotten "indices do not count as read"
    RecomputedThoughChanged "a value is computed again although what it reads has changed"
    IndexNotFrozen "an index is not kept when a place is named before it is used"
    AssignedStaysInactive "assignment of an active value leaves the variable inactive"
    ReferenceStaysInactive "a variable lent as `&mut` to an active call stays inactive"
    SwappedStaysInactive "a variable swapped with an active one stays inactive"
    ForwardSubAdds "forward mode: subtraction adds the tangents"
    ForwardKeepsOldTangent "forward mode: assigning a constant leaves the old tangent"
    ForwardAssignsPrimalFirst "forward mode: the tangent of an assigned value is computed from the new value"
}

/// Whether this fault is wanted.
#[cfg(feature = "mutants")]
pub fn on(mutant: Mutant) -> bool {
    std::env::var("COTANGENT_MUTANT").is_ok_and(|name| name == format!("{mutant:?}"))
}

/// Whether this fault is wanted: never, in this build.
#[cfg(not(feature = "mutants"))]
#[inline(always)]
pub const fn on(_: Mutant) -> bool {
    false
}

/// The text of a partial derivative: that of the rule, or a wrong one.
pub fn partial(name: &str, k: usize, right: &'static str) -> &'static str {
    const WRONG: &[(Mutant, &str, usize, &str)] = &[
        (Mutant::RuleSin, "sin", 0, "-cos(x)"),
        (Mutant::RuleTanh, "tanh", 0, "-(y * y)"),
        (Mutant::RuleExp2, "exp2", 0, "y"),
        (Mutant::RuleSqrt, "sqrt", 0, "recip(y)"),
        (Mutant::RulePowi, "powi", 0, "powi_slope(x, n + 1, 1)"),
        (Mutant::RulePowf, "powf", 1, "powf(x, p)"),
        (Mutant::RuleAtan2, "atan2", 1, "a / (a * a + b * b)"),
        (Mutant::RuleMax, "max", 0, "1.0"),
        (Mutant::RuleHypot, "hypot", 0, "b / y"),
        (Mutant::RuleErf, "erf", 0, "exp(-x) * 1.1283791670955126"),
    ];
    let wrong = WRONG
        .iter()
        .find(|(mutant, rule, position, _)| (*rule, *position) == (name, k) && on(*mutant));
    wrong.map_or(right, |(.., text)| text)
}
