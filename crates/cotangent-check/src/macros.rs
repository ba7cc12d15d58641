//! `check_gradient!`.

/// Checks the derivatives of a function under `#[differentiable]` at a point, and panics with a report where they are
/// wrong: value, forward and reverse mode against central differences on a grid of steps, the dot test, and second
/// order where it is asked for.
///
/// The arguments are those of a call, with the exact types of the parameters: a slice is written `&v[..]`.
///
/// | form | |
/// |---|---|
/// | `check_gradient!(f, 2.0, &v[..], 3)` | or with the arguments as one tuple: `check_gradient!(f, (2.0, &v[..], 3))` |
/// | `check_gradient!(order = 2; h, &x[..])` | also `hvp`, against differences of the gradient, and its symmetry |
/// | `check_gradient!(unit; advance, &mut state, 0.1)` | for a function that returns nothing |
/// | `check_gradient!(single; f, 2.0f32)` | with the tolerances of `f32`, [`Options::SINGLE`](crate::Options::SINGLE) |
///
/// A `&mut` argument is an input and an output, and is written with `&mut` in place. The value of the macro is a
/// [`Report`](crate::Report): it names the leaves where differences cannot be trusted, since they lie at a kink.
///
/// ```text
/// the derivative is wrong in 1 places:
///   reverse mode against differences, `p.v[3]`: got 2.000000000000e0, expected 1.000000000000e0 ± 2.0e-6 (step 1.2e-4)
/// ```
#[macro_export]
macro_rules! check_gradient {
    (order = 2; $f:path, $($rest:tt)+) => { $crate::__check!(@arguments [$f] [hvp] [$crate::Options::DOUBLE] $($rest)+) };
    (unit; $f:path, $($rest:tt)+) => { $crate::__check!(@arguments [$f] [unit] [$crate::Options::DOUBLE] $($rest)+) };
    (single; $f:path, $($rest:tt)+) => { $crate::__check!(@arguments [$f] [plain] [$crate::Options::SINGLE] $($rest)+) };
    ($f:path, $($rest:tt)+) => { $crate::__check!(@arguments [$f] [plain] [$crate::Options::DOUBLE] $($rest)+) };
}

/// The steps of [`check_gradient!`]: names for the arguments, then the comparison.
#[doc(hidden)]
#[macro_export]
macro_rules! __check {
    (@arguments $f:tt $kind:tt $options:tt ($first:expr, $($rest:tt)*)) => {
        $crate::__check!(@names $f $kind $options [] [a a_1 b b_1 c c_1 d d_1 e e_1 g g_1 h h_1 i i_1] $first, $($rest)*)
    };
    (@arguments $f:tt $kind:tt $options:tt $($rest:tt)+) => {
        $crate::__check!(@names $f $kind $options [] [a a_1 b b_1 c c_1 d d_1 e e_1 g g_1 h h_1 i i_1] $($rest)+)
    };
    (@names $f:tt $kind:tt $options:tt [$($done:tt)*] [$n:ident $t:ident $($names:ident)*] &mut $arg:expr $(, $($rest:tt)*)?) => {
        $crate::__check!(@names $f $kind $options [$($done)* ($n $t [$t] &mut $arg)] [$($names)*] $($($rest)*)?)
    };
    (@names $f:tt $kind:tt $options:tt [$($done:tt)*] [$n:ident $t:ident $($names:ident)*] $arg:expr $(, $($rest:tt)*)?) => {
        $crate::__check!(@names $f $kind $options [$($done)* ($n $t [] $arg)] [$($names)*] $($($rest)*)?)
    };
    (@names [$f:path] [$kind:ident] [$options:expr] [$(($n:ident $t:ident [$($out:ident)?] $arg:expr))+] [$($names:ident)*]) => {
        match $crate::hold(&$f, ($($arg,)+)) {
            ($($n,)+) => {
                let plain = |theta: &[f64]| {
                    let mut theta = $crate::Numbers(theta);
                    $(let mut $n = $n.at(&mut theta);)+
                    let y = $f($($n.lend()),+);
                    let mut out = $crate::core::Leaves::flatten(&y);
                    $($n.append_output(&mut out);)+
                    out
                };
                let jvp = |theta: &[f64], theta_dot: &[f64]| {
                    let (mut theta, mut theta_dot) = ($crate::Numbers(theta), $crate::Numbers(theta_dot));
                    $(let mut $n = $n.at(&mut theta); let mut $t = $n.tangent(&mut theta_dot);)+
                    let (y, y_dot) =
                        <$f>::jvp($crate::__check!(@tuple $($n.lend()),+), $crate::__check!(@tuple $($t.lend_tangent()),+));
                    let mut out = $crate::core::Leaves::flatten(&y);
                    let mut out_dot = $crate::core::Leaves::flatten(&y_dot);
                    $($n.append_output(&mut out); $t.append_output_tangent(&mut out_dot);)+
                    (out, out_dot)
                };
                let reverse = |theta: &[f64], bar: &[f64]| {
                    let (mut theta, mut bar) = ($crate::Numbers(theta), $crate::Numbers(bar));
                    $(let mut $t = $n.copy(); let mut $n = $n.at(&mut theta);)+
                    #[allow(unused_mut)]
                    let (mut y, mut pullback) = <$f>::vjp($($n.lend()),+);
                    let y_bar = bar.tangent(&$crate::core::Differentiable::zero_tangent(&y));
                    let mut out = $crate::core::Leaves::flatten(&y);
                    $($t.fill_output_tangent(&mut bar);)+
                    let x_bar = $crate::__check!(@pull $kind pullback y_bar $($(, &$out.tangent)?)+);
                    drop(pullback);
                    $($n.append_output(&mut out);)+
                    (out, x_bar)
                };
                let vjp = |theta: &[f64], bar: &[f64]| {
                    let (out, x_bar) = reverse(theta, bar);
                    (out, $crate::core::Leaves::flatten(&x_bar))
                };
                let mut point = Vec::new();
                $(point.extend($crate::core::Leaves::flatten(&$n.owned));)+
                let leaves = $crate::core::Leaves::leaf_names(&reverse(&point, &vec![0.0; plain(&point).len()]).1);
                let product = $crate::__check!(@product $kind [$f] $(($n $t))+);
                let modes = $crate::Modes { leaves: &leaves, plain: &plain, jvp: Some(&jvp), vjp: Some(&vjp), hvp: $crate::__check!(@hvp $kind product) };
                match $crate::check(modes, &point, $options) {
                    Ok(report) => report,
                    Err(failure) => panic!("{}: {failure}", stringify!($f)),
                }
            }
        }
    };
    (@tuple $one:expr) => { $one };
    (@tuple $($many:expr),+) => { ($($many),+) };
    (@pull unit $pullback:ident $y_bar:ident, $($out:expr),+) => { { let () = $y_bar; $pullback($($out),+) } };
    (@pull $kind:ident $pullback:ident $y_bar:ident $(, $out:expr)*) => { $pullback($y_bar $(, $out)*) };
    (@product hvp [$f:path] $(($n:ident $t:ident))+) => {
        |theta: &[f64], theta_dot: &[f64]| {
            let (mut theta, mut theta_dot) = ($crate::Numbers(theta), $crate::Numbers(theta_dot));
            $(let mut $n = $n.at(&mut theta); let mut $t = $n.tangent(&mut theta_dot);)+
            $crate::core::Leaves::flatten(&<$f>::hvp($($n.lend(),)+ $($t.lend_tangent()),+))
        }
    };
    (@product $kind:ident $f:tt $($names:tt)+) => { () };
    (@hvp hvp $product:ident) => { Some(&$product) };
    (@hvp $kind:ident $product:ident) => {{ let () = $product; None }};
}
