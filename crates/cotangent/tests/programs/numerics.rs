//! Root finding, quadrature, interpolation.

mod spline {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn f(xs: &[f64], ys: &[f64], at: f64) -> f64 {
        let n = xs.len();
        let mut h = vec![0.0; n - 1];
        for i in 0..n - 1 {
            h[i] = xs[i + 1] - xs[i];
        }
        let mut a = vec![0.0; n];
        let mut b = vec![1.0; n];
        let mut c = vec![0.0; n];
        let mut d = vec![0.0; n];
        for i in 1..n - 1 {
            a[i] = h[i - 1];
            b[i] = 2.0 * (h[i - 1] + h[i]);
            c[i] = h[i];
            d[i] = 6.0 * ((ys[i + 1] - ys[i]) / h[i] - (ys[i] - ys[i - 1]) / h[i - 1]);
        }
        for i in 1..n {
            let w = a[i] / b[i - 1];
            b[i] -= w * c[i - 1];
            d[i] -= w * d[i - 1];
        }
        let mut m = vec![0.0; n];
        m[n - 1] = d[n - 1] / b[n - 1];
        for i in (0..n - 1).rev() {
            m[i] = (d[i] - c[i] * m[i + 1]) / b[i];
        }
        let mut k = 0;
        while k + 2 < n && at > xs[k + 1] {
            k += 1;
        }
        let t = at - xs[k];
        let u = xs[k + 1] - at;
        (m[k] * u.powi(3) + m[k + 1] * t.powi(3)) / (6.0 * h[k])
            + (ys[k] / h[k] - m[k] * h[k] / 6.0) * u
            + (ys[k + 1] / h[k] - m[k + 1] * h[k] / 6.0) * t
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[0.0, 1.0, 2.1, 3.0, 4.2][..], &[1.0, 0.3, -0.4, 0.9, 2.0][..], 2.4);
    }
}

mod newton {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn g(x: f64, a: f64) -> f64 {
        x * x * x - 2.0 * x - a
    }
    #[differentiable]
    fn dg(x: f64) -> f64 {
        3.0 * x * x - 2.0
    }
    #[differentiable]
    fn f(a: f64) -> f64 {
        let mut x = 2.0;
        let mut iter = 0;
        while g(x, a).abs() > 1e-12 && iter < 50 {
            x -= g(x, a) / dg(x);
            iter += 1;
        }
        x
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 5.0);
    }
}

mod trapz_simpson {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn integrand(x: f64, a: f64) -> f64 {
        (-a * x * x).exp() * (1.0 + x.cos())
    }
    #[differentiable]
    fn simpson(a: f64, lo: f64, hi: f64, n: usize) -> f64 {
        let h = (hi - lo) / n as f64;
        let mut s = integrand(lo, a) + integrand(hi, a);
        for i in 1..n {
            let x = lo + i as f64 * h;
            s += if i % 2 == 1 { 4.0 } else { 2.0 } * integrand(x, a);
        }
        s * h / 3.0
    }
    #[differentiable]
    fn f(a: f64, lo: f64, hi: f64) -> f64 {
        simpson(a, lo, hi, 10).ln()
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 0.7, -1.0, 2.0);
    }
}

mod bisect_result {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Debug, Clone, PartialEq)]
    enum Fail {
        NoSign,
        Slow(usize),
    }
    #[differentiable]
    fn root(a: f64) -> Result<f64, Fail> {
        if a < 0.0 {
            return Err(Fail::NoSign);
        }
        let mut x = 1.0;
        for _ in 0..60 {
            let nx = 0.5 * (x + a / x);
            if (nx - x).abs() < 1e-14 {
                return Ok(nx);
            }
            x = nx;
        }
        Err(Fail::Slow(60))
    }
    #[differentiable]
    fn both(a: f64, b: f64) -> Result<f64, Fail> {
        let p = root(a)?;
        let q = root(b)?;
        Ok(p * q + p)
    }
    #[differentiable]
    fn f(a: f64, b: f64) -> f64 {
        both(a, b).unwrap_or(0.0)
            + match root(a) {
                Ok(v) => v,
                Err(Fail::NoSign) => 1.0,
                Err(_) => 2.0,
            }
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 2.0, 3.0);
    }
}

mod interpolate_table {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Clone, Differentiable)]
    struct Table {
        #[constant]
        x0: f64,
        #[constant]
        dx: f64,
        y: Vec<f64>,
    }
    #[differentiable]
    impl Table {
        fn at(&self, x: f64) -> f64 {
            let u = (x - constant(self.x0)) / constant(self.dx);
            let k = (u.floor() as usize).min(self.y.len() - 2);
            let t = u - k as f64;
            self.y[k] * (1.0 - t) + self.y[k + 1] * t
        }
    }
    #[differentiable]
    fn f(t: &Table, xs: &[f64]) -> f64 {
        xs.iter().map(|&x| t.at(x).powi(2)).sum()
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &Table {
                x0: 0.0,
                dx: 0.5,
                y: vec![1.0, 2.0, 0.5, 3.0]
            },
            &[0.2, 0.9, 1.3][..]
        );
    }
}

mod generic_real {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn horner<R: Real>(c: &[R], x: R) -> R {
        let mut s = R::ZERO;
        for &k in c.iter().rev() {
            s = s * x + k;
        }
        s
    }
    #[differentiable]
    fn softplus<R: Real>(x: R) -> R {
        if x > R::from_f64(20.0) { x } else { x.exp().ln_1p() }
    }
    #[differentiable]
    fn f(c: &[f64], x: f64) -> f64 {
        softplus(horner(c, x)) + horner(c, softplus(x))
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[0.5, -1.2, 2.0, 0.7][..], 0.3);
    }
}

mod ray_sphere {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Differentiable, Clone, Copy)]
    struct Vec3 {
        x: f64,
        y: f64,
        z: f64,
    }
    #[differentiable]
    impl std::ops::Sub for Vec3 {
        type Output = Vec3;
        fn sub(self, o: Vec3) -> Vec3 {
            Vec3 {
                x: self.x - o.x,
                y: self.y - o.y,
                z: self.z - o.z,
            }
        }
    }
    #[differentiable]
    impl std::ops::Add for Vec3 {
        type Output = Vec3;
        fn add(self, o: Vec3) -> Vec3 {
            Vec3 {
                x: self.x + o.x,
                y: self.y + o.y,
                z: self.z + o.z,
            }
        }
    }
    #[differentiable]
    impl std::ops::Mul<f64> for Vec3 {
        type Output = Vec3;
        fn mul(self, s: f64) -> Vec3 {
            Vec3 {
                x: self.x * s,
                y: self.y * s,
                z: self.z * s,
            }
        }
    }
    #[differentiable]
    impl Vec3 {
        fn dot(self, o: Vec3) -> f64 {
            self.x * o.x + self.y * o.y + self.z * o.z
        }
        fn length(self) -> f64 {
            self.dot(self).sqrt()
        }
        fn unit(self) -> Vec3 {
            self * (1.0 / self.length())
        }
    }
    #[derive(Differentiable, Clone, Copy)]
    struct Sphere {
        centre: Vec3,
        radius: f64,
    }
    #[derive(Differentiable, Clone, Copy)]
    struct Ray {
        origin: Vec3,
        dir: Vec3,
    }
    #[differentiable]
    impl Sphere {
        fn hit(&self, ray: &Ray) -> Option<f64> {
            let oc = ray.origin - self.centre;
            let b = oc.dot(ray.dir);
            let c = oc.dot(oc) - self.radius * self.radius;
            let disc = b * b - c;
            if disc < 0.0 {
                return None;
            }
            let t = -b - disc.sqrt();
            if t > 0.0 { Some(t) } else { None }
        }
    }
    #[differentiable]
    fn f(px: f64, spheres: &[Sphere]) -> f64 {
        let ray = Ray {
            origin: Vec3 { x: 0.0, y: 0.0, z: -3.0 },
            dir: Vec3 { x: px, y: 0.1, z: 1.0 }.unit(),
        };
        let mut best: Option<f64> = None;
        for s in spheres {
            if let Some(t) = s.hit(&ray) {
                if best.is_none() || t < best.unwrap() {
                    best = Some(t);
                }
            }
        }
        match best {
            Some(t) => {
                let p = ray.origin + ray.dir * t;
                p.dot(Vec3 { x: 0.3, y: 0.5, z: -0.8 })
            }
            None => 0.0,
        }
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            0.05,
            &[
                Sphere {
                    centre: Vec3 { x: 0.1, y: 0.0, z: 0.0 },
                    radius: 0.9
                },
                Sphere {
                    centre: Vec3 { x: 0.0, y: 0.0, z: 5.0 },
                    radius: 1.5
                }
            ][..]
        );
    }
}
