//! Linear algebra and transforms, in place.

mod fft {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn fft(re: &mut [f64], im: &mut [f64]) {
        let n = re.len();
        let mut j = 0;
        for i in 1..n {
            let mut bit = n >> 1;
            while j & bit != 0 {
                j ^= bit;
                bit >>= 1;
            }
            j |= bit;
            if i < j {
                re.swap(i, j);
                im.swap(i, j);
            }
        }
        let mut len = 2;
        while len <= n {
            let ang = -2.0 * std::f64::consts::PI / len as f64;
            for start in (0..n).step_by(len) {
                for k in 0..len / 2 {
                    let (s, c) = (ang * k as f64).sin_cos();
                    let (a, b) = (start + k, start + k + len / 2);
                    let tr = re[b] * c - im[b] * s;
                    let ti = re[b] * s + im[b] * c;
                    re[b] = re[a] - tr;
                    im[b] = im[a] - ti;
                    re[a] += tr;
                    im[a] += ti;
                }
            }
            len <<= 1;
        }
    }
    #[differentiable]
    fn f(x: &[f64]) -> f64 {
        let mut re = x.to_vec();
        let mut im = vec![0.0; x.len()];
        fft(&mut re, &mut im);
        let mut p = 0.0;
        for (k, (r, i)) in re.iter().zip(&im).enumerate() {
            p += (k as f64 + 1.0) * (r * r + i * i).sqrt();
        }
        p
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[0.3, 1.0, -2.1, 3.0, 4.2, 0.1, -1.0, 0.6][..]);
    }
}

mod cholesky {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn cholesky(a: &mut [Vec<f64>]) -> Option<f64> {
        let n = a.len();
        let mut logdet = 0.0;
        for j in 0..n {
            for k in 0..j {
                for i in j..n {
                    let t = a[j][k];
                    a[i][j] -= a[i][k] * t;
                }
            }
            if a[j][j] <= 0.0 {
                return None;
            }
            let d = a[j][j].sqrt();
            logdet += 2.0 * d.ln();
            for i in j..n {
                a[i][j] /= d;
            }
        }
        Some(logdet)
    }
    #[differentiable]
    fn f(a: &[Vec<f64>]) -> f64 {
        let mut l = a.to_vec();
        match cholesky(&mut l) {
            Some(d) => d + l[2][0] * l[2][1],
            None => f64::NAN,
        }
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[vec![4.0, 1.0, 0.5], vec![1.0, 3.0, 0.2], vec![0.5, 0.2, 2.0]][..]);
    }
}

mod tridiagonal {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn solve(a: &[f64], b: &mut [f64], c: &[f64], d: &mut [f64]) {
        let n = b.len();
        for i in 1..n {
            let m = a[i] / b[i - 1];
            b[i] -= m * c[i - 1];
            d[i] -= m * d[i - 1];
        }
        d[n - 1] /= b[n - 1];
        for i in (0..n - 1).rev() {
            d[i] = (d[i] - c[i] * d[i + 1]) / b[i];
        }
    }
    #[differentiable]
    fn f(k: f64, u0: &[f64]) -> f64 {
        let n = u0.len();
        let mut u = u0.to_vec();
        for _ in 0..3 {
            let a = vec![-k; n];
            let mut b = vec![1.0 + 2.0 * k; n];
            let c = vec![-k; n];
            solve(&a, &mut b, &c, &mut u);
        }
        u.iter().map(|x| x * x).sum()
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 0.4, &[1.0, 0.2, -0.5, 0.7][..]);
    }
}

mod lu_pivot {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn f(a0: &[Vec<f64>], b0: &[f64]) -> f64 {
        let n = b0.len();
        let mut a: Vec<Vec<f64>> = a0.to_vec();
        let mut b = b0.to_vec();
        let mut perm: Vec<usize> = (0..n).collect();
        for k in 0..n {
            let mut p = k;
            for i in k + 1..n {
                if a[i][k].abs() > a[p][k].abs() {
                    p = i;
                }
            }
            if p != k {
                a.swap(p, k);
                b.swap(p, k);
                perm.swap(p, k);
            }
            for i in k + 1..n {
                let m = a[i][k] / a[k][k];
                for j in k..n {
                    let t = a[k][j];
                    a[i][j] -= m * t;
                }
                let t = b[k];
                b[i] -= m * t;
            }
        }
        let mut x = vec![0.0; n];
        for i in (0..n).rev() {
            let mut s = b[i];
            for j in i + 1..n {
                s -= a[i][j] * x[j];
            }
            x[i] = s / a[i][i];
        }
        x.iter().enumerate().map(|(i, v)| v * (perm[i] + 1) as f64).sum()
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &[vec![0.1, 2.0, 1.0], vec![3.0, 0.5, -1.0], vec![1.0, 1.0, 4.0]][..],
            &[1.0, 2.0, -0.5][..]
        );
    }
}

mod const_matrix {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Differentiable, Clone, Copy)]
    struct Mat<const R: usize, const C: usize> {
        d: [[f64; C]; R],
    }
    #[differentiable]
    impl<const R: usize, const C: usize> Mat<R, C> {
        fn zero() -> Self {
            Mat { d: [[0.0; C]; R] }
        }
        fn mul<const K: usize>(&self, o: &Mat<C, K>) -> Mat<R, K> {
            let mut out = Mat::<R, K>::zero();
            for i in 0..R {
                for j in 0..K {
                    for k in 0..C {
                        out.d[i][j] += self.d[i][k] * o.d[k][j];
                    }
                }
            }
            out
        }
        fn trace(&self) -> f64 {
            let mut s = 0.0;
            for i in 0..R.min(C) {
                s += self.d[i][i];
            }
            s
        }
    }
    #[differentiable]
    fn f(a: &Mat<2, 3>, b: &Mat<3, 2>) -> f64 {
        let c = a.mul(b);
        c.mul(&c).trace()
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &Mat {
                d: [[1.0, 0.5, -0.2], [0.3, 0.9, 2.0]]
            },
            &Mat {
                d: [[0.1, 0.4], [1.5, -0.6], [0.7, 0.2]]
            }
        );
    }
}

mod index_matrix {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Clone, Differentiable)]
    struct M {
        data: Vec<f64>,
        #[constant]
        rows: usize,
        #[constant]
        cols: usize,
    }
    #[differentiable]
    impl std::ops::Index<(usize, usize)> for M {
        type Output = f64;
        fn index(&self, (i, j): (usize, usize)) -> &f64 {
            &self.data[i * self.cols + j]
        }
    }
    #[differentiable]
    impl std::ops::IndexMut<(usize, usize)> for M {
        fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
            &mut self.data[i * self.cols + j]
        }
    }
    #[differentiable]
    impl M {
        fn zeros(rows: usize, cols: usize) -> M {
            M {
                data: vec![0.0; rows * cols],
                rows,
                cols,
            }
        }
        fn matmul(&self, o: &M) -> M {
            let mut out = M::zeros(self.rows, o.cols);
            for i in 0..self.rows {
                for j in 0..o.cols {
                    for k in 0..self.cols {
                        out[(i, j)] += self[(i, k)] * o[(k, j)];
                    }
                }
            }
            out
        }
    }
    #[differentiable]
    fn f(a: &M, b: &M) -> f64 {
        let c = a.matmul(b);
        let mut s = 0.0;
        for i in 0..c.rows {
            for j in 0..c.cols {
                s += c[(i, j)].sin() * (i + 1) as f64;
            }
        }
        s
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &M {
                data: vec![1.0, 0.5, -0.2, 0.7],
                rows: 2,
                cols: 2
            },
            &M {
                data: vec![0.3, 1.5, 0.2, -0.7],
                rows: 2,
                cols: 2
            }
        );
    }
}

mod convolution {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn conv(x: &[f64], k: &[f64], out: &mut [f64]) {
        for i in 0..out.len() {
            out[i] = 0.0;
            for (j, w) in k.iter().enumerate() {
                out[i] += w * x[i + j];
            }
        }
    }
    #[differentiable]
    fn f(x: &[f64], k: &[f64]) -> f64 {
        let n = x.len() - k.len() + 1;
        let mut a = vec![0.0; n];
        conv(x, k, &mut a);
        let mut b = vec![0.0; n - k.len() + 1];
        conv(&a, k, &mut b);
        b.iter().map(|v| v.tanh()).sum()
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[0.5, -1.2, 2.0, 0.7, 1.1, 0.2][..], &[0.3, 0.2][..]);
    }
}

mod quaternion {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Clone, Copy, Differentiable)]
    struct Q {
        w: f64,
        v: [f64; 3],
    }
    #[differentiable]
    fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
        [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    }
    #[differentiable]
    impl std::ops::Mul for Q {
        type Output = Q;
        fn mul(self, o: Q) -> Q {
            let c = cross(self.v, o.v);
            let mut v = [0.0; 3];
            for i in 0..3 {
                v[i] = self.w * o.v[i] + o.w * self.v[i] + c[i];
            }
            Q {
                w: self.w * o.w - self.v.iter().zip(o.v.iter()).map(|(a, b)| a * b).sum::<f64>(),
                v,
            }
        }
    }
    #[differentiable]
    impl Q {
        fn conj(self) -> Q {
            let mut v = self.v;
            for x in v.iter_mut() {
                *x = -*x;
            }
            Q { w: self.w, v }
        }
    }
    #[differentiable]
    fn f(q: &Q, p: &[f64; 3]) -> f64 {
        let q = *q;
        let p = *p;
        let r = q
            * Q { w: 0.0, v: p }
            * Q {
                w: q.w,
                v: [-q.v[0], -q.v[1], -q.v[2]],
            };
        r.v[0] + 2.0 * r.v[1] - r.v[2] * r.w
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &Q {
                w: 0.8,
                v: [0.1, 0.5, -0.2]
            },
            &[1.0, 2.0, 3.0]
        );
    }
}
