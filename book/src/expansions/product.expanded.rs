#[allow(dead_code)]
fn product(x: &[f64]) -> f64 {
    let mut p = 1.0;
    for i in 0..x.len() {
        p *= x[i];
    }
    p
}
///Derivatives of [`fn@product`].
#[allow(non_camel_case_types)]
struct product {}
///Gradient of `product`: a field per parameter.
#[allow(non_camel_case_types, missing_docs)]
#[derive(Clone, Debug, PartialEq)]
struct product__Gradient<T0> {
    x: T0,
}
#[allow(non_local_definitions)]
const _: () = {
    use ::cotangent::__private::requires_cotangent_0_1_0 as __p;
    impl product {
        #[allow(warnings, clippy::all, clippy::pedantic)]
        #[doc(hidden)]
        pub fn __fwd(
            x: &[f64],
            __tape: &mut __p::Tape,
        ) -> (
            f64,
            impl ::core::ops::FnOnce(&[f64], &mut __p::Tape, f64, &mut [f64]) + use<>,
        ) {
            let __w5 = __p::Witness::new();
            let mut p = 1.0;
            let __range6 = ((0)..(x.len()));
            for (__slots2, i) in __p::beside(
                __tape.frame::<_, 1usize>(&__w5, __p::trips(&__range6)),
                __range6,
            ) {
                let __new1 = (p * x[i]);
                __p::put(&mut __slots2[0usize], __p::replace(&mut p, __new1));
            }
            (
                p,
                move |
                    x: &[f64],
                    __tape: &mut __p::Tape,
                    mut p_bar: f64,
                    x_bar: &mut [f64]|
                {
                    let __range6 = ((0)..(x.len()));
                    for (__slots2, i) in __p::beside(
                        __p::backwards(
                            __tape
                                .take_frame::<_, 1usize>(&__w5, __p::trips(&__range6))
                                .iter(),
                        ),
                        __p::backwards(__range6),
                    ) {
                        p = __slots2[0usize];
                        let __b2 = p_bar;
                        p_bar = 0.0;
                        let __b3 = __b2 * x[i];
                        let __b4 = __b2 * p;
                        p_bar += __b3;
                        x_bar[i] += __b4;
                    }
                },
            )
        }
        #[allow(warnings, clippy::all, clippy::pedantic)]
        #[doc(hidden)]
        pub fn __jvp(x: &[f64], x_dot: &[f64]) -> (f64, f64) {
            let mut p = 1.0;
            let mut p_dot = 0.0;
            for i in ((0)..(x.len())) {
                let __value = ((p_dot * x[i]) + (x_dot[i] * p));
                p_dot = __value;
                let __value = (p * x[i]);
                p = __value;
            }
            let both = (p, p_dot);
            both
        }
        ///Value of `product` and its pullback, which takes the cotangent of the result and one of each `&mut` parameter. It can be called more than once; from the second call on it runs the forward sweep again.
        #[allow(warnings, clippy::all)]
        pub fn vjp(
            x: &[f64],
        ) -> (f64, impl ::core::ops::Fn(f64) -> product__Gradient<__p::Vec<f64>>) {
            let mut __tape = __p::Tape::new();
            let (__y, __pullback) = Self::__fwd(x, &mut __tape);
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
                        ::core::option::Option::None => Self::__fwd(x, __tape).1,
                    };
                    let mut __b0 = __p::zero(&*x);
                    __pullback(x, __tape, __y_bar, &mut __b0);
                    product__Gradient { x: __b0 }
                },
            )
        }
        ///Gradient of `product`: a struct with a field per parameter.
        #[allow(warnings, clippy::all)]
        pub fn grad(x: &[f64]) -> product__Gradient<__p::Vec<f64>> {
            Self::value_and_grad(x).1
        }
        ///Value and gradient of `product`.
        #[allow(warnings, clippy::all)]
        pub fn value_and_grad(x: &[f64]) -> (f64, product__Gradient<__p::Vec<f64>>) {
            __p::Tape::with(|__tape| {
                let (__y, __pullback) = Self::__fwd(x, __tape);
                let mut __b0 = __p::zero(&*x);
                let __seed = <f64 as __p::Real>::ONE;
                __pullback(x, __tape, __seed, &mut __b0);
                (__y, product__Gradient { x: __b0 })
            })
        }
        ///Gradient of `product` into `g`, which is overwritten; allocates nothing from its second call on. Returns the value.
        #[allow(warnings, clippy::all)]
        pub fn grad_into(
            x: &[f64],
            __tape: &mut __p::Tape,
            __g: &mut product__Gradient<__p::Vec<f64>>,
        ) -> f64 {
            __p::cleared(
                __tape,
                |__tape| {
                    let (__y, __pullback) = Self::__fwd(x, &mut *__tape);
                    __p::Differentiable::zero_tangent_into(&*x, &mut __g.x);
                    let __seed = <f64 as __p::Real>::ONE;
                    __pullback(x, &mut *__tape, __seed, &mut __g.x);
                    __y
                },
            )
        }
        ///Value of `product` and its derivative along a direction, in forward mode.
        #[allow(warnings, clippy::all)]
        pub fn jvp(x: &[f64], __dot0: &[f64]) -> (f64, f64) {
            Self::__jvp(x, __dot0)
        }
        ///Jacobian of `product`: a row for each number of the result and then of the `&mut` parameters, a column for each number of the parameters, in order. Runs forward or in reverse, by its shape.
        #[allow(warnings, clippy::all)]
        pub fn jacobian(x: &[f64]) -> __p::Matrix<f64> {
            let mut __matrix = __p::Matrix::zeros(0, 0);
            Self::jacobian_into(x, &mut __matrix);
            __matrix
        }
        ///Jacobian of `product` into `matrix`, which is overwritten and keeps its allocation. See `jacobian`.
        #[allow(warnings, clippy::all)]
        pub fn jacobian_into(x: &[f64], __matrix: &mut __p::Matrix<f64>) {
            __p::gradient_row(&Self::value_and_grad(x).1, __matrix)
        }
        __p::lacking! {
            Order2 : hvp(a1) -> product__Gradient < __p::Vec < f64 > >; hessian() ->
            __p::Matrix < f64 >; __jvp_fwd(a1 a2) -> !; __grad_fwd(a1) -> !;
            __grad_jvp(a1) -> !; __value_and_grad_fwd(a1) -> !; __value_and_grad_jvp(a1)
            -> !;
        }
        __p::lacking! {
            Order3 : __jvp_jvp(a1 a2 a3) -> !; __jvp_jvp_fwd(a1 a2 a3 a4) -> !;
            __grad_jvp_fwd(a1 a2) -> !; __value_and_grad_jvp_fwd(a1 a2) -> !;
            __hvp_fwd(a1 a2) -> !; __hvp_jvp(a1 a2 a3) -> !; __hessian_fwd(a1) -> !;
            __hessian_jvp(a1) -> !;
        }
        #[allow(warnings, clippy::all)]
        #[doc(hidden)]
        #[inline(always)]
        pub fn __as_value() -> __p::FnValue<
            __p::Item<product__Function, f64>,
            (__p::Slice<f64>,),
            product__Gradient<__p::Vec<f64>>,
            fn(&[f64]) -> f64,
            __p::Returns<()>,
        > {
            __p::FnValue::new(
                __p::Item::new(),
                |__parts: <(__p::Slice<f64>,) as __p::Kinds>::Tangent| product__Gradient {
                    x: __parts.0,
                },
                |
                    __parts: &mut <(__p::Slice<f64>,) as __p::Kinds>::Tangent,
                    __seen: <__p::Returns<()> as __p::Outputs>::Seen<'_>|
                {},
                product,
            )
        }
    }
    #[allow(warnings, clippy::all)]
    impl<T0: __p::Tangent> __p::Differentiable for product__Gradient<T0> {
        type Tangent = Self;
        fn zero_tangent(&self) -> Self {
            product__Gradient {
                x: self.x.zero_tangent(),
            }
        }
        fn visit_leaves<__V: __p::Visitor>(&self, __v: &mut __V) {
            __v.field("x", &self.x);
        }
        fn visit_leaves_mut<__V: __p::VisitorMut>(&mut self, __v: &mut __V) {
            __v.field("x", &mut self.x);
        }
        fn zip_tangent<__Z: __p::Zip>(&mut self, __o: &Self, __z: &mut __Z) {
            __p::Tangent::zip_leaves(self, __o, __z);
        }
    }
    #[allow(warnings, clippy::all)]
    impl<T0: __p::Tangent> __p::Tangent for product__Gradient<T0> {
        fn zip_leaves<__Z: __p::Zip>(&mut self, __o: &Self, __z: &mut __Z) {
            self.x.zip_leaves(&__o.x, __z);
        }
    }
    #[allow(warnings, non_camel_case_types, missing_docs)]
    #[doc(hidden)]
    pub struct product__Function {}
    #[allow(warnings, clippy::all)]
    impl __p::Function<(__p::Slice<f64>,), f64> for product__Function {
        #[inline(always)]
        fn call(__args: <(__p::Slice<f64>,) as __p::Kinds>::Of<'_>) -> f64 {
            product(__args.0)
        }
        #[inline(always)]
        fn forward(
            __args: <(__p::Slice<f64>,) as __p::Kinds>::Of<'_>,
            __tape: &mut __p::Tape,
        ) -> (
            f64,
            impl ::core::ops::FnOnce(
                <(__p::Slice<f64>,) as __p::Kinds>::Again<'_>,
                &mut __p::Tape,
                f64,
                <(__p::Slice<f64>,) as __p::Kinds>::Bar<'_>,
            ) + use<>,
        ) {
            let (__y, __pullback) = product::__fwd(__args.0, __tape);
            (
                __y,
                move |
                    __args: <(__p::Slice<f64>,) as __p::Kinds>::Again<'_>,
                    __tape: &mut __p::Tape,
                    __seed: f64,
                    __bars0: <(__p::Slice<f64>,) as __p::Kinds>::Bar<'_>|
                { __pullback(__args.0, __tape, __seed, __bars0.0) },
            )
        }
        #[inline(always)]
        fn tangent(
            __args: <(__p::Slice<f64>,) as __p::Kinds>::Of<'_>,
            __dots1: <(__p::Slice<f64>,) as __p::Kinds>::Dot<'_>,
        ) -> (f64, f64) {
            product::__jvp(__args.0, __dots1.0)
        }
    }
};
