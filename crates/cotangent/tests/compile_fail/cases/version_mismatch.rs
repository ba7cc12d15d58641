// Written by the test `another_release` of cotangent-docs: `P`, `Area`, its impl and `twice`, each with one error.
struct P {
    a: f64,
}
#[doc(hidden)]
#[allow(non_snake_case)]
use ::cotangent::__private::requires_cotangent_0_0_9 as __P_runtime;
///The tangent of [`P`]: the derivative with respect to each of its fields.
#[derive(__P_runtime::Clone, __P_runtime::fmt::Debug, __P_runtime::PartialEq)]
#[allow(clippy::all, non_camel_case_types)]
struct PTangent {
    ///The derivative with respect to `a`.
    a: <f64 as __P_runtime::Differentiable>::Tangent,
}
#[automatically_derived]
impl __P_runtime::Differentiable for P {
    type Tangent = PTangent;
    #[inline]
    fn zero_tangent(&self) -> PTangent {
        match self {
            P { a: x0 } => {
                PTangent {
                    a: __P_runtime::Differentiable::zero_tangent(x0),
                }
            }
        }
    }
    #[inline]
    fn zero_tangent_into(&self, tangent: &mut PTangent) {
        match (self, tangent) {
            (P { a: x0 }, PTangent { a: y0 }) => {
                __P_runtime::Differentiable::zero_tangent_into(x0, y0);
            }
        }
    }
    #[inline]
    fn visit_leaves<__V: __P_runtime::Visitor>(&self, visitor: &mut __V) {
        match self {
            P { a: x0 } => {
                visitor.field("a", x0);
            }
        }
    }
    #[inline]
    fn visit_leaves_mut<__V: __P_runtime::VisitorMut>(&mut self, visitor: &mut __V) {
        match self {
            P { a: x0 } => {
                visitor.field("a", x0);
            }
        }
    }
    #[inline]
    fn zip_tangent<__Z: __P_runtime::Zip>(&mut self, tangent: &PTangent, zip: &mut __Z) {
        match (self, tangent) {
            (P { a: x0 }, PTangent { a: y0 }) => {
                __P_runtime::Differentiable::zip_tangent(x0, y0, zip);
            }
        }
    }
}
#[automatically_derived]
impl __P_runtime::Differentiable for PTangent {
    type Tangent = PTangent;
    #[inline]
    fn zero_tangent(&self) -> PTangent {
        match self {
            PTangent { a: x0 } => {
                PTangent {
                    a: __P_runtime::Differentiable::zero_tangent(x0),
                }
            }
        }
    }
    #[inline]
    fn zero_tangent_into(&self, tangent: &mut PTangent) {
        match (self, tangent) {
            (PTangent { a: x0 }, PTangent { a: y0 }) => {
                __P_runtime::Differentiable::zero_tangent_into(x0, y0);
            }
        }
    }
    #[inline]
    fn visit_leaves<__V: __P_runtime::Visitor>(&self, visitor: &mut __V) {
        match self {
            PTangent { a: x0 } => {
                visitor.field("a", x0);
            }
        }
    }
    #[inline]
    fn visit_leaves_mut<__V: __P_runtime::VisitorMut>(&mut self, visitor: &mut __V) {
        match self {
            PTangent { a: x0 } => {
                visitor.field("a", x0);
            }
        }
    }
    #[inline]
    fn zip_tangent<__Z: __P_runtime::Zip>(&mut self, tangent: &PTangent, zip: &mut __Z) {
        __P_runtime::Tangent::zip_leaves(self, tangent, zip);
    }
}
#[automatically_derived]
impl __P_runtime::Tangent for PTangent {
    #[inline]
    fn zip_leaves<__Z: __P_runtime::Zip>(&mut self, other: &Self, zip: &mut __Z) {
        match (self, other) {
            (PTangent { a: x0 }, PTangent { a: y0 }) => {
                __P_runtime::Tangent::zip_leaves(x0, y0, zip);
            }
        }
    }
}
#[doc(hidden)]
#[allow(non_snake_case, unused_imports)]
use ::cotangent::__private::requires_cotangent_0_0_9 as __Area_runtime;
trait Area {
    fn area(&self) -> f64;
    #[allow(warnings, clippy::all, clippy::pedantic)]
    #[doc(hidden)]
    fn __differentiable_impl_area(
        &self,
        __tape: &mut __Area_runtime::Tape,
    ) -> (
        f64,
        impl ::core::ops::FnOnce(
            &Self,
            &mut __Area_runtime::Tape,
            f64,
            &mut <Self as __Area_runtime::Differentiable>::Tangent,
        ) + use<Self>,
    )
    where
        Self: __Area_runtime::Differentiable + Sized;
    #[allow(warnings, clippy::all, clippy::pedantic)]
    #[doc(hidden)]
    #[inline(always)]
    fn __differentiable_area(
        &self,
        __tape: &mut __Area_runtime::Tape,
    ) -> (
        f64,
        impl ::core::ops::FnOnce(
            &Self,
            &mut __Area_runtime::Tape,
            f64,
            &mut <Self as __Area_runtime::Differentiable>::Tangent,
        ) + use<Self>,
    )
    where
        Self: __Area_runtime::Differentiable + Sized,
    {
        Self::__differentiable_impl_area(self, __tape)
    }
    #[allow(warnings, clippy::all, clippy::pedantic)]
    #[doc(hidden)]
    fn __differentiable_area_pull<
        __R: ::core::ops::FnOnce(
                &Self,
                &mut __Area_runtime::Tape,
                f64,
                &mut <Self as __Area_runtime::Differentiable>::Tangent,
            ),
    >(
        &self,
        __record: __R,
        __again: (),
        __tape: &mut __Area_runtime::Tape,
        __seed: f64,
        __bars: (&mut <Self as __Area_runtime::Differentiable>::Tangent,),
    )
    where
        Self: __Area_runtime::Differentiable + Sized,
    {
        __record(self, __tape, __seed, __bars.0)
    }
    #[allow(warnings, clippy::all, clippy::pedantic)]
    #[doc(hidden)]
    fn __differentiable_impl_area_jvp_value(
        &self,
        __self_dot: &<Self as __Area_runtime::Differentiable>::Tangent,
    ) -> (f64, f64)
    where
        Self: __Area_runtime::Differentiable + Sized;
    #[allow(warnings, clippy::all, clippy::pedantic)]
    #[doc(hidden)]
    #[inline(always)]
    fn __differentiable_area_jvp_value(
        &self,
        __self_dot: &<Self as __Area_runtime::Differentiable>::Tangent,
    ) -> (f64, f64)
    where
        Self: __Area_runtime::Differentiable + Sized,
    {
        Self::__differentiable_impl_area_jvp_value(self, __self_dot)
    }
    #[doc(hidden)]
    #[allow(warnings, clippy::all, clippy::pedantic)]
    fn __differentiable_area_jvp<__Asked>(
        &self,
        _: __Asked,
        __a0: impl ::core::marker::Sized,
    ) -> !
    where
        Self: __Area_runtime::MethodOrder2<__Asked> + Sized,
    {
        ::core::unreachable!()
    }
    #[doc(hidden)]
    #[allow(warnings, clippy::all, clippy::pedantic)]
    fn __differentiable_area_jvp_jvp_value<__Asked>(
        &self,
        _: __Asked,
        __a0: impl ::core::marker::Sized,
        __a1: impl ::core::marker::Sized,
    ) -> !
    where
        Self: __Area_runtime::MethodOrder3<__Asked> + Sized,
    {
        ::core::unreachable!()
    }
    #[doc(hidden)]
    #[allow(warnings, clippy::all, clippy::pedantic)]
    fn __differentiable_area_jvp_jvp<__Asked>(
        &self,
        _: __Asked,
        __a0: impl ::core::marker::Sized,
        __a1: impl ::core::marker::Sized,
        __a2: impl ::core::marker::Sized,
    ) -> !
    where
        Self: __Area_runtime::MethodOrder3<__Asked> + Sized,
    {
        ::core::unreachable!()
    }
    #[doc(hidden)]
    #[allow(warnings, clippy::all, clippy::pedantic)]
    fn __differentiable_area_jvp_pull(
        &self,
        __a0: impl ::core::marker::Sized,
        __a1: impl ::core::marker::Sized,
        __a2: impl ::core::marker::Sized,
        __a3: impl ::core::marker::Sized,
        __a4: impl ::core::marker::Sized,
    )
    where
        Self: Sized,
    {}
    #[doc(hidden)]
    #[allow(warnings, clippy::all, clippy::pedantic)]
    fn __differentiable_area_jvp_jvp_pull(
        &self,
        __a0: impl ::core::marker::Sized,
        __a1: impl ::core::marker::Sized,
        __a2: impl ::core::marker::Sized,
        __a3: impl ::core::marker::Sized,
        __a4: impl ::core::marker::Sized,
    )
    where
        Self: Sized,
    {}
    #[allow(warnings, clippy::all)]
    #[doc(hidden)]
    #[inline(always)]
    fn __differentiable_area_value() -> __Area_runtime::FnValue<
        __Area_runtime::Item<Area__area__Function<Self>, f64>,
        (__Area_runtime::Ref<Self>,),
        Area__area__Gradient<<Self as __Area_runtime::Differentiable>::Tangent>,
        fn(&Self) -> f64,
        __Area_runtime::Returns<()>,
    >
    where
        Self: Sized + __Area_runtime::Differentiable + __Area_runtime::Clone + 'static,
    {
        __Area_runtime::FnValue::new(
            __Area_runtime::Item::new(),
            |__parts: <(__Area_runtime::Ref<Self>,) as __Area_runtime::Kinds>::Tangent| Area__area__Gradient {
                this: __parts.0,
            },
            |
                __parts: &mut <(
                    __Area_runtime::Ref<Self>,
                ) as __Area_runtime::Kinds>::Tangent,
                __seen: <__Area_runtime::Returns<
                    (),
                > as __Area_runtime::Outputs>::Seen<'_>|
            {},
            <Self as Area>::area,
        )
    }
}
///Gradient of `area`: a field per parameter.
#[allow(non_camel_case_types, missing_docs)]
#[derive(Clone, Debug, PartialEq)]
pub struct Area__area__Gradient<T0> {
    pub this: T0,
}
#[allow(warnings, clippy::all)]
impl<T0: __Area_runtime::Tangent> __Area_runtime::Differentiable
for Area__area__Gradient<T0> {
    type Tangent = Self;
    fn zero_tangent(&self) -> Self {
        Area__area__Gradient {
            this: self.this.zero_tangent(),
        }
    }
    fn visit_leaves<__V: __Area_runtime::Visitor>(&self, __v: &mut __V) {
        __v.field("this", &self.this);
    }
    fn visit_leaves_mut<__V: __Area_runtime::VisitorMut>(&mut self, __v: &mut __V) {
        __v.field("this", &mut self.this);
    }
    fn zip_tangent<__Z: __Area_runtime::Zip>(&mut self, __o: &Self, __z: &mut __Z) {
        __Area_runtime::Tangent::zip_leaves(self, __o, __z);
    }
}
#[allow(warnings, clippy::all)]
impl<T0: __Area_runtime::Tangent> __Area_runtime::Tangent for Area__area__Gradient<T0> {
    fn zip_leaves<__Z: __Area_runtime::Zip>(&mut self, __o: &Self, __z: &mut __Z) {
        self.this.zip_leaves(&__o.this, __z);
    }
}
#[allow(warnings, non_camel_case_types, missing_docs)]
#[doc(hidden)]
pub struct Area__area__Function<__S>(::core::marker::PhantomData<fn() -> __S>);
#[allow(warnings, clippy::all)]
impl<
    __S: Area + __Area_runtime::Differentiable + __Area_runtime::Clone + 'static,
> __Area_runtime::Function<(__Area_runtime::Ref<__S>,), f64>
for Area__area__Function<__S> {
    #[inline(always)]
    fn call(
        __args: <(__Area_runtime::Ref<__S>,) as __Area_runtime::Kinds>::Of<'_>,
    ) -> f64 {
        <__S as Area>::area(__args.0)
    }
    #[inline(always)]
    fn forward(
        __args: <(__Area_runtime::Ref<__S>,) as __Area_runtime::Kinds>::Of<'_>,
        __tape: &mut __Area_runtime::Tape,
    ) -> (
        f64,
        impl ::core::ops::FnOnce(
            <(__Area_runtime::Ref<__S>,) as __Area_runtime::Kinds>::Again<'_>,
            &mut __Area_runtime::Tape,
            f64,
            <(__Area_runtime::Ref<__S>,) as __Area_runtime::Kinds>::Bar<'_>,
        ) + use<__S>,
    ) {
        let (__y, __pullback) = <__S as Area>::__differentiable_area(__args.0, __tape);
        (
            __y,
            move |
                __args: <(
                    __Area_runtime::Ref<__S>,
                ) as __Area_runtime::Kinds>::Again<'_>,
                __tape: &mut __Area_runtime::Tape,
                __seed: f64,
                __bars0: <(__Area_runtime::Ref<__S>,) as __Area_runtime::Kinds>::Bar<'_>|
            { __pullback(__args.0, __tape, __seed, __bars0.0) },
        )
    }
    #[inline(always)]
    fn tangent(
        __args: <(__Area_runtime::Ref<__S>,) as __Area_runtime::Kinds>::Of<'_>,
        __dots1: <(__Area_runtime::Ref<__S>,) as __Area_runtime::Kinds>::Dot<'_>,
    ) -> (f64, f64) {
        <__S as Area>::__differentiable_area_jvp_value(__args.0, __dots1.0)
    }
}
#[allow(non_local_definitions)]
const _: () = {
    use ::cotangent::__private::requires_cotangent_0_0_9 as __p;
    impl Area for P {
        fn area(&self) -> f64 {
            self.a * self.a
        }
        #[allow(warnings, clippy::all, clippy::pedantic)]
        #[doc(hidden)]
        fn __differentiable_impl_area(
            &self,
            __tape: &mut __p::Tape,
        ) -> (
            f64,
            impl ::core::ops::FnOnce(
                &Self,
                &mut __p::Tape,
                f64,
                &mut <Self as __p::Differentiable>::Tangent,
            ) + use<>,
        ) {
            let __self = self;
            let ret: f64;
            let (result, __pullback1) = __p::mul_fwd::<
                __p::ByVal,
                __p::ByVal,
                _,
                _,
            >(__p::dup(&__self.a), __p::dup(&__self.a), __tape);
            let __kept2 = __pullback1;
            ret = __p::dup(&result);
            (
                ret,
                move |
                    __self: &Self,
                    __tape: &mut __p::Tape,
                    mut ret_bar_: f64,
                    __self_bar: &mut <Self as __p::Differentiable>::Tangent|
                {
                    let __b8 = ret_bar_;
                    let mut result_bar = __b8;
                    let __pullback3 = __kept2;
                    let __arg4 = __p::dup(&__self.a);
                    let __arg6 = __p::dup(&__self.a);
                    let (__b5, __b7) = __pullback3(&__arg4, &__arg6, __tape, result_bar);
                    __p::add(&mut __self_bar.a, __b5);
                    __p::add(&mut __self_bar.a, __b7);
                },
            )
        }
        #[allow(warnings, clippy::all, clippy::pedantic)]
        #[doc(hidden)]
        fn __differentiable_impl_area_jvp_value(
            &self,
            __self_dot: &<Self as __p::Differentiable>::Tangent,
        ) -> (f64, f64) {
            let __self = self;
            let ret: f64;
            let ret_dot;
            let pair = __p::mul_jvp::<
                __p::ByVal,
                __p::ByVal,
                _,
                _,
            >(
                __p::dup(&__self.a),
                __p::dup(&__self_dot.a),
                __p::dup(&__self.a),
                __p::dup(&__self_dot.a),
            );
            let result = __p::dup(&pair.0);
            let result_dot = __p::dup(&pair.1);
            let __value = __p::dup(&result_dot);
            ret_dot = __value;
            let __value = __p::dup(&result);
            ret = __value;
            let both = (ret, ret_dot);
            both
        }
    }
};
#[allow(dead_code)]
fn twice(p: &P) -> f64 {
    2.0 * p.area()
}
///Derivatives of [`fn@twice`].
#[allow(non_camel_case_types)]
struct twice {}
///Gradient of `twice`: a field per parameter.
#[allow(non_camel_case_types, missing_docs)]
#[derive(Clone, Debug, PartialEq)]
struct twice__Gradient<T0> {
    p: T0,
}
#[allow(non_local_definitions)]
const _: () = {
    use ::cotangent::__private::requires_cotangent_0_0_9 as __p;
    impl twice {
        #[allow(warnings, clippy::all, clippy::pedantic)]
        #[doc(hidden)]
        pub fn __fwd(
            p: &P,
            __tape: &mut __p::Tape,
        ) -> (
            f64,
            impl ::core::ops::FnOnce(
                &P,
                &mut __p::Tape,
                f64,
                &mut <P as __p::Differentiable>::Tangent,
            ) + use<>,
        ) {
            let ret: f64;
            let (result, __pullback1) = (*p).__differentiable_area(__tape);
            let __kept3 = __pullback1;
            let (result_1, __pullback7) = __p::mul_fwd::<
                __p::ByVal,
                __p::ByVal,
                _,
                _,
            >(2.0, __p::dup(&result), __tape);
            let __kept8 = __pullback7;
            ret = __p::dup(&result_1);
            (
                ret,
                move |
                    p: &P,
                    __tape: &mut __p::Tape,
                    mut ret_bar_: f64,
                    p_bar: &mut <P as __p::Differentiable>::Tangent|
                {
                    let __b14 = ret_bar_;
                    let mut result_1_bar = __b14;
                    let __pullback9 = __kept8;
                    let __arg10 = 2.0;
                    let __arg12 = __p::dup(&result);
                    let (__b11, __b13) = __pullback9(
                        &__arg10,
                        &__arg12,
                        __tape,
                        result_1_bar,
                    );
                    let mut result_bar = __b13;
                    let __pullback4 = __kept3;
                    (*p)
                        .__differentiable_area_pull(
                            __pullback4,
                            (),
                            __tape,
                            result_bar,
                            (&mut (*p_bar),),
                        );
                },
            )
        }
        #[allow(warnings, clippy::all, clippy::pedantic)]
        #[doc(hidden)]
        pub fn __jvp(p: &P, p_dot: &<P as __p::Differentiable>::Tangent) -> (f64, f64) {
            let ret: f64;
            let ret_dot;
            let pair = (*p).__differentiable_area_jvp_value(&(*p_dot));
            let result = __p::dup(&pair.0);
            let result_dot = __p::dup(&pair.1);
            let pair_1 = __p::mul_jvp::<
                __p::ByVal,
                __p::ByVal,
                _,
                _,
            >(2.0, 0.0, __p::dup(&result), __p::dup(&result_dot));
            let result_1 = __p::dup(&pair_1.0);
            let result_1_dot = __p::dup(&pair_1.1);
            let __value = __p::dup(&result_1_dot);
            ret_dot = __value;
            let __value = __p::dup(&result_1);
            ret = __value;
            let both = (ret, ret_dot);
            both
        }
        ///Value of `twice` and its pullback, which takes the cotangent of the result and one of each `&mut` parameter. It can be called more than once; from the second call on it runs the forward sweep again.
        #[allow(warnings, clippy::all)]
        pub fn vjp(
            p: &P,
        ) -> (
            f64,
            impl ::core::ops::Fn(
                f64,
            ) -> twice__Gradient<<P as __p::Differentiable>::Tangent>,
        ) {
            let mut __tape = __p::Tape::new();
            let (__y, __pullback) = Self::__fwd(p, &mut __tape);
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
                        ::core::option::Option::None => Self::__fwd(p, __tape).1,
                    };
                    let mut __b0 = __p::zero(&*p);
                    __pullback(p, __tape, __y_bar, &mut __b0);
                    twice__Gradient { p: __b0 }
                },
            )
        }
        ///Gradient of `twice`: a struct with a field per parameter.
        #[allow(warnings, clippy::all)]
        pub fn grad(p: &P) -> twice__Gradient<<P as __p::Differentiable>::Tangent> {
            Self::value_and_grad(p).1
        }
        ///Value and gradient of `twice`.
        #[allow(warnings, clippy::all)]
        pub fn value_and_grad(
            p: &P,
        ) -> (f64, twice__Gradient<<P as __p::Differentiable>::Tangent>) {
            __p::Tape::with(|__tape| {
                let (__y, __pullback) = Self::__fwd(p, __tape);
                let mut __b0 = __p::zero(&*p);
                let __seed = <f64 as __p::Real>::ONE;
                __pullback(p, __tape, __seed, &mut __b0);
                (__y, twice__Gradient { p: __b0 })
            })
        }
        ///Gradient of `twice` into `g`, which is overwritten; allocates nothing from its second call on. Returns the value.
        #[allow(warnings, clippy::all)]
        pub fn grad_into(
            p: &P,
            __tape: &mut __p::Tape,
            __g: &mut twice__Gradient<<P as __p::Differentiable>::Tangent>,
        ) -> f64 {
            __p::cleared(
                __tape,
                |__tape| {
                    let (__y, __pullback) = Self::__fwd(p, &mut *__tape);
                    __p::Differentiable::zero_tangent_into(&*p, &mut __g.p);
                    let __seed = <f64 as __p::Real>::ONE;
                    __pullback(p, &mut *__tape, __seed, &mut __g.p);
                    __y
                },
            )
        }
        ///Value of `twice` and its derivative along a direction, in forward mode.
        #[allow(warnings, clippy::all)]
        pub fn jvp(p: &P, __dot0: &<P as __p::Differentiable>::Tangent) -> (f64, f64) {
            Self::__jvp(p, __dot0)
        }
        ///Jacobian of `twice`: a row for each number of the result and then of the `&mut` parameters, a column for each number of the parameters, in order. Runs forward or in reverse, by its shape.
        #[allow(warnings, clippy::all)]
        pub fn jacobian(p: &P) -> __p::Matrix<f64> {
            let mut __matrix = __p::Matrix::zeros(0, 0);
            Self::jacobian_into(p, &mut __matrix);
            __matrix
        }
        ///Jacobian of `twice` into `matrix`, which is overwritten and keeps its allocation. See `jacobian`.
        #[allow(warnings, clippy::all)]
        pub fn jacobian_into(p: &P, __matrix: &mut __p::Matrix<f64>) {
            __p::gradient_row(&Self::value_and_grad(p).1, __matrix)
        }
        __p::lacking! {
            Order2 : hvp(a1) -> twice__Gradient < < P as __p::Differentiable > ::Tangent
            >; hessian() -> __p::Matrix < f64 >; __jvp_fwd(a1 a2) -> !; __grad_fwd(a1) ->
            !; __grad_jvp(a1) -> !; __value_and_grad_fwd(a1) -> !;
            __value_and_grad_jvp(a1) -> !;
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
            __p::Item<twice__Function, f64>,
            (__p::Ref<P>,),
            twice__Gradient<<P as __p::Differentiable>::Tangent>,
            fn(&P) -> f64,
            __p::Returns<()>,
        > {
            __p::FnValue::new(
                __p::Item::new(),
                |__parts: <(__p::Ref<P>,) as __p::Kinds>::Tangent| twice__Gradient {
                    p: __parts.0,
                },
                |
                    __parts: &mut <(__p::Ref<P>,) as __p::Kinds>::Tangent,
                    __seen: <__p::Returns<()> as __p::Outputs>::Seen<'_>|
                {},
                twice,
            )
        }
    }
    #[allow(warnings, clippy::all)]
    impl<T0: __p::Tangent> __p::Differentiable for twice__Gradient<T0> {
        type Tangent = Self;
        fn zero_tangent(&self) -> Self {
            twice__Gradient {
                p: self.p.zero_tangent(),
            }
        }
        fn visit_leaves<__V: __p::Visitor>(&self, __v: &mut __V) {
            __v.field("p", &self.p);
        }
        fn visit_leaves_mut<__V: __p::VisitorMut>(&mut self, __v: &mut __V) {
            __v.field("p", &mut self.p);
        }
        fn zip_tangent<__Z: __p::Zip>(&mut self, __o: &Self, __z: &mut __Z) {
            __p::Tangent::zip_leaves(self, __o, __z);
        }
    }
    #[allow(warnings, clippy::all)]
    impl<T0: __p::Tangent> __p::Tangent for twice__Gradient<T0> {
        fn zip_leaves<__Z: __p::Zip>(&mut self, __o: &Self, __z: &mut __Z) {
            self.p.zip_leaves(&__o.p, __z);
        }
    }
    #[allow(warnings, non_camel_case_types, missing_docs)]
    #[doc(hidden)]
    pub struct twice__Function {}
    #[allow(warnings, clippy::all)]
    impl __p::Function<(__p::Ref<P>,), f64> for twice__Function {
        #[inline(always)]
        fn call(__args: <(__p::Ref<P>,) as __p::Kinds>::Of<'_>) -> f64 {
            twice(__args.0)
        }
        #[inline(always)]
        fn forward(
            __args: <(__p::Ref<P>,) as __p::Kinds>::Of<'_>,
            __tape: &mut __p::Tape,
        ) -> (
            f64,
            impl ::core::ops::FnOnce(
                <(__p::Ref<P>,) as __p::Kinds>::Again<'_>,
                &mut __p::Tape,
                f64,
                <(__p::Ref<P>,) as __p::Kinds>::Bar<'_>,
            ) + use<>,
        ) {
            let (__y, __pullback) = twice::__fwd(__args.0, __tape);
            (
                __y,
                move |
                    __args: <(__p::Ref<P>,) as __p::Kinds>::Again<'_>,
                    __tape: &mut __p::Tape,
                    __seed: f64,
                    __bars0: <(__p::Ref<P>,) as __p::Kinds>::Bar<'_>|
                { __pullback(__args.0, __tape, __seed, __bars0.0) },
            )
        }
        #[inline(always)]
        fn tangent(
            __args: <(__p::Ref<P>,) as __p::Kinds>::Of<'_>,
            __dots1: <(__p::Ref<P>,) as __p::Kinds>::Dot<'_>,
        ) -> (f64, f64) {
            twice::__jvp(__args.0, __dots1.0)
        }
    }
};
fn main() {
    let _ = twice::grad(&P { a: 1.0 }).p.a;
}
