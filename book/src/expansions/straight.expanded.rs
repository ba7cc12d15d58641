#[allow(dead_code)]
fn straight(x: f64, y: f64) -> f64 {
    let z = x * y;
    z.sin() + x
}
///Derivatives of [`fn@straight`].
#[allow(non_camel_case_types)]
struct straight {}
///Gradient of `straight`: a field per parameter.
#[allow(non_camel_case_types, missing_docs)]
#[derive(Clone, Debug, PartialEq)]
struct straight__Gradient<T0, T1> {
    x: T0,
    y: T1,
}
#[allow(non_local_definitions)]
const _: () = {
    use ::cotangent::__private::requires_cotangent_0_1_0 as __p;
    impl straight {
        #[allow(warnings, clippy::all, clippy::pedantic)]
        #[doc(hidden)]
        pub fn __fwd(
            x: f64,
            y: f64,
            __tape: &mut __p::Tape,
        ) -> (
            f64,
            impl ::core::ops::FnOnce(
                &f64,
                &f64,
                &mut __p::Tape,
                f64,
                &mut f64,
                &mut f64,
            ) + use<>,
        ) {
            let ret: f64;
            let z = (x * y);
            let sin = __p::Real::sin(z);
            ret = (sin + x);
            (
                ret,
                move |
                    x: &f64,
                    y: &f64,
                    __tape: &mut __p::Tape,
                    mut ret_bar_: f64,
                    __x_acc: &mut f64,
                    __y_acc: &mut f64|
                {
                    let x = *x;
                    let mut x_bar = 0.0f64;
                    let y = *y;
                    let mut y_bar = 0.0f64;
                    let mut z_bar = 0.0f64;
                    let mut sin_bar = 0.0f64;
                    let __b4 = ret_bar_;
                    sin_bar += __b4;
                    x_bar += __b4;
                    let z = (x * y);
                    let __b3 = (sin_bar * __p::Real::cos(z));
                    z_bar += __b3;
                    let __b1 = z_bar * y;
                    let __b2 = z_bar * x;
                    x_bar += __b1;
                    y_bar += __b2;
                    *__x_acc += x_bar;
                    *__y_acc += y_bar;
                },
            )
        }
        #[allow(warnings, clippy::all, clippy::pedantic)]
        #[doc(hidden)]
        pub fn __jvp(x: f64, x_dot: f64, y: f64, y_dot: f64) -> (f64, f64) {
            let ret: f64;
            let ret_dot;
            let z = (x * y);
            let z_dot = ((x_dot * y) + (y_dot * x));
            let sin = __p::Real::sin(z);
            let sin_dot = (z_dot * __p::Real::cos(z));
            let __value = (sin_dot + x_dot);
            ret_dot = __value;
            let __value = (sin + x);
            ret = __value;
            let both = (ret, ret_dot);
            both
        }
        ///Value of `straight` and its pullback, which takes the cotangent of the result and one of each `&mut` parameter. It can be called more than once; from the second call on it runs the forward sweep again.
        #[allow(warnings, clippy::all)]
        pub fn vjp(
            x: f64,
            y: f64,
        ) -> (f64, impl ::core::ops::Fn(f64) -> straight__Gradient<f64, f64>) {
            let mut __tape = __p::Tape::new();
            let (__y, __pullback) = Self::__fwd(x, y, &mut __tape);
            let __state = ::core::cell::RefCell::new((
                ::core::option::Option::Some(__pullback),
                __tape,
            ));
            (
                __y,
                move |__y_bar: f64| {
                    let mut __state = __state.borrow_mut();
                    let (__first, __tape) = &mut *__state;
                    let __pullback = match __first.take() {
                        ::core::option::Option::Some(__pullback) => __pullback,
                        ::core::option::Option::None => Self::__fwd(x, y, __tape).1,
                    };
                    let mut __b0 = __p::zero(&x);
                    let mut __b1 = __p::zero(&y);
                    __pullback(&x, &y, __tape, __y_bar, &mut __b0, &mut __b1);
                    straight__Gradient {
                        x: __b0,
                        y: __b1,
                    }
                },
            )
        }
        ///Gradient of `straight`: a struct with a field per parameter.
        #[allow(warnings, clippy::all)]
        pub fn grad(x: f64, y: f64) -> straight__Gradient<f64, f64> {
            Self::value_and_grad(x, y).1
        }
        ///Value and gradient of `straight`.
        #[allow(warnings, clippy::all)]
        pub fn value_and_grad(x: f64, y: f64) -> (f64, straight__Gradient<f64, f64>) {
            __p::Tape::with(|__tape| {
                let (__y, __pullback) = Self::__fwd(x, y, __tape);
                let mut __b0 = __p::zero(&x);
                let mut __b1 = __p::zero(&y);
                let __seed = <f64 as __p::Real>::ONE;
                __pullback(&x, &y, __tape, __seed, &mut __b0, &mut __b1);
                (
                    __y,
                    straight__Gradient {
                        x: __b0,
                        y: __b1,
                    },
                )
            })
        }
        ///Gradient of `straight` into `g`, which is overwritten; allocates nothing from its second call on. Returns the value.
        #[allow(warnings, clippy::all)]
        pub fn grad_into(
            x: f64,
            y: f64,
            __tape: &mut __p::Tape,
            __g: &mut straight__Gradient<f64, f64>,
        ) -> f64 {
            __p::cleared(
                __tape,
                |__tape| {
                    let (__y, __pullback) = Self::__fwd(x, y, &mut *__tape);
                    __p::Differentiable::zero_tangent_into(&x, &mut __g.x);
                    __p::Differentiable::zero_tangent_into(&y, &mut __g.y);
                    let __seed = <f64 as __p::Real>::ONE;
                    __pullback(&x, &y, &mut *__tape, __seed, &mut __g.x, &mut __g.y);
                    __y
                },
            )
        }
        ///Value of `straight` and its derivative along a direction, in forward mode.
        #[allow(warnings, clippy::all)]
        pub fn jvp((x, y): (f64, f64), (__dot0, __dot1): (f64, f64)) -> (f64, f64) {
            Self::__jvp(x, __dot0, y, __dot1)
        }
        ///Jacobian of `straight`: a row for each number of the result and then of the `&mut` parameters, a column for each number of the parameters, in order. Runs forward or in reverse, by its shape.
        #[allow(warnings, clippy::all)]
        pub fn jacobian(x: f64, y: f64) -> __p::Matrix<f64> {
            let mut __matrix = __p::Matrix::zeros(0, 0);
            Self::jacobian_into(x, y, &mut __matrix);
            __matrix
        }
        ///Jacobian of `straight` into `matrix`, which is overwritten and keeps its allocation. See `jacobian`.
        #[allow(warnings, clippy::all)]
        pub fn jacobian_into(x: f64, y: f64, __matrix: &mut __p::Matrix<f64>) {
            __p::gradient_row(&Self::value_and_grad(x, y).1, __matrix)
        }
        __p::lacking! {
            Order2 : hvp(a1 a2 a3) -> straight__Gradient < f64, f64 >; hessian(a1) ->
            __p::Matrix < f64 >; __jvp_fwd(a1 a2 a3 a4) -> !; __grad_fwd(a1 a2) -> !;
            __grad_jvp(a1 a2 a3) -> !; __value_and_grad_fwd(a1 a2) -> !;
            __value_and_grad_jvp(a1 a2 a3) -> !;
        }
        __p::lacking! {
            Order3 : __jvp_jvp(a1 a2 a3 a4 a5 a6 a7) -> !; __jvp_jvp_fwd(a1 a2 a3 a4 a5
            a6 a7 a8) -> !; __grad_jvp_fwd(a1 a2 a3 a4) -> !; __value_and_grad_jvp_fwd(a1
            a2 a3 a4) -> !; __hvp_fwd(a1 a2 a3 a4) -> !; __hvp_jvp(a1 a2 a3 a4 a5 a6 a7)
            -> !; __hessian_fwd(a1 a2) -> !; __hessian_jvp(a1 a2 a3) -> !;
        }
        #[allow(warnings, clippy::all)]
        #[doc(hidden)]
        #[inline(always)]
        pub fn __as_value() -> __p::FnValue<
            __p::Item<straight__Function, f64>,
            (__p::Val<f64>, __p::Val<f64>),
            straight__Gradient<f64, f64>,
            fn(f64, f64) -> f64,
            __p::Returns<()>,
        > {
            __p::FnValue::new(
                __p::Item::new(),
                |__parts: <(__p::Val<f64>, __p::Val<f64>) as __p::Kinds>::Tangent| straight__Gradient {
                    x: __parts.0,
                    y: __parts.1,
                },
                |
                    __parts: &mut <(
                        __p::Val<f64>,
                        __p::Val<f64>,
                    ) as __p::Kinds>::Tangent,
                    __seen: <__p::Returns<()> as __p::Outputs>::Seen<'_>|
                {},
                straight,
            )
        }
    }
    #[allow(warnings, clippy::all)]
    impl<T0: __p::Tangent, T1: __p::Tangent> __p::Differentiable
    for straight__Gradient<T0, T1> {
        type Tangent = Self;
        fn zero_tangent(&self) -> Self {
            straight__Gradient {
                x: self.x.zero_tangent(),
                y: self.y.zero_tangent(),
            }
        }
        fn visit_leaves<__V: __p::Visitor>(&self, __v: &mut __V) {
            __v.field("x", &self.x);
            __v.field("y", &self.y);
        }
        fn visit_leaves_mut<__V: __p::VisitorMut>(&mut self, __v: &mut __V) {
            __v.field("x", &mut self.x);
            __v.field("y", &mut self.y);
        }
        fn zip_tangent<__Z: __p::Zip>(&mut self, __o: &Self, __z: &mut __Z) {
            __p::Tangent::zip_leaves(self, __o, __z);
        }
    }
    #[allow(warnings, clippy::all)]
    impl<T0: __p::Tangent, T1: __p::Tangent> __p::Tangent
    for straight__Gradient<T0, T1> {
        fn zip_leaves<__Z: __p::Zip>(&mut self, __o: &Self, __z: &mut __Z) {
            self.x.zip_leaves(&__o.x, __z);
            self.y.zip_leaves(&__o.y, __z);
        }
    }
    #[allow(warnings, non_camel_case_types, missing_docs)]
    #[doc(hidden)]
    pub struct straight__Function {}
    #[allow(warnings, clippy::all)]
    impl __p::Function<(__p::Val<f64>, __p::Val<f64>), f64> for straight__Function {
        #[inline(always)]
        fn call(__args: <(__p::Val<f64>, __p::Val<f64>) as __p::Kinds>::Of<'_>) -> f64 {
            straight(__args.0, __args.1)
        }
        #[inline(always)]
        fn forward(
            __args: <(__p::Val<f64>, __p::Val<f64>) as __p::Kinds>::Of<'_>,
            __tape: &mut __p::Tape,
        ) -> (
            f64,
            impl ::core::ops::FnOnce(
                <(__p::Val<f64>, __p::Val<f64>) as __p::Kinds>::Again<'_>,
                &mut __p::Tape,
                f64,
                <(__p::Val<f64>, __p::Val<f64>) as __p::Kinds>::Bar<'_>,
            ) + use<>,
        ) {
            let (__y, __pullback) = straight::__fwd(__args.0, __args.1, __tape);
            (
                __y,
                move |
                    __args: <(__p::Val<f64>, __p::Val<f64>) as __p::Kinds>::Again<'_>,
                    __tape: &mut __p::Tape,
                    __seed: f64,
                    __bars0: <(__p::Val<f64>, __p::Val<f64>) as __p::Kinds>::Bar<'_>|
                { __pullback(__args.0, __args.1, __tape, __seed, __bars0.0, __bars0.1) },
            )
        }
        #[inline(always)]
        fn tangent(
            __args: <(__p::Val<f64>, __p::Val<f64>) as __p::Kinds>::Of<'_>,
            __dots1: <(__p::Val<f64>, __p::Val<f64>) as __p::Kinds>::Dot<'_>,
        ) -> (f64, f64) {
            straight::__jvp(__args.0, __dots1.0, __args.1, __dots1.1)
        }
    }
};
