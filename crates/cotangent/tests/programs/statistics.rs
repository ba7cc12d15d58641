//! Likelihoods and losses.

mod kalman {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Differentiable, Clone, Debug)]
    struct Filter {
        x: [f64; 2],
        p: [[f64; 2]; 2],
        q: f64,
        r: f64,
    }
    #[differentiable]
    impl Filter {
        fn new(q: f64, r: f64) -> Self {
            Filter {
                x: [0.0, 0.0],
                p: [[1.0, 0.0], [0.0, 1.0]],
                q,
                r,
            }
        }
        fn predict(&mut self, dt: f64) {
            self.x[0] += dt * self.x[1];
            let p = self.p;
            self.p[0][0] = p[0][0] + dt * (p[1][0] + p[0][1]) + dt * dt * p[1][1] + self.q;
            self.p[0][1] = p[0][1] + dt * p[1][1];
            self.p[1][0] = p[1][0] + dt * p[1][1];
            self.p[1][1] += self.q;
        }
        fn update(&mut self, z: f64) -> f64 {
            let s = self.p[0][0] + self.r;
            let k = [self.p[0][0] / s, self.p[1][0] / s];
            let y = z - self.x[0];
            for i in 0..2 {
                self.x[i] += k[i] * y;
            }
            let top = self.p[0];
            for i in 0..2 {
                for j in 0..2 {
                    self.p[i][j] -= k[i] * top[j];
                }
            }
            0.5 * (s.ln() + y * y / s)
        }
    }
    #[differentiable]
    fn f(q: f64, r: f64, data: &[f64]) -> f64 {
        let mut filter = Filter::new(q, r);
        let mut nll = 0.0;
        for &z in data {
            filter.predict(0.1);
            nll += filter.update(z);
        }
        nll
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 0.1, 0.3, &[0.1, 0.4, 0.2, 0.7][..]);
    }
}

mod kmeans {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn dist2(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum()
    }
    #[differentiable]
    fn f(points: &[Vec<f64>], centres: &[Vec<f64>]) -> f64 {
        points
            .iter()
            .map(|p| centres.iter().map(|c| dist2(p, c)).fold(f64::INFINITY, f64::min))
            .sum::<f64>()
            / points.len() as f64
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &[vec![0.1, 0.4], vec![2.0, 0.7], vec![1.9, 1.1]][..],
            &[vec![0.0, 0.2], vec![2.2, 1.0]][..]
        );
    }
}

mod hmm {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn log_sum_exp(v: &[f64]) -> f64 {
        let m = v.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
        m + v.iter().map(|x| (x - m).exp()).sum::<f64>().ln()
    }
    #[differentiable]
    fn f(trans: &[[f64; 3]; 3], emit: &[[f64; 2]; 3], obs: &[usize]) -> f64 {
        let mut alpha = [0.0; 3];
        for s in 0..3 {
            alpha[s] = emit[s][obs[0]] - (3.0f64).ln();
        }
        for &o in &obs[1..] {
            let mut next = [0.0; 3];
            for s in 0..3 {
                let mut terms = [0.0; 3];
                for r in 0..3 {
                    terms[r] = alpha[r] + trans[r][s];
                }
                next[s] = log_sum_exp(&terms) + emit[s][o];
            }
            alpha = next;
        }
        -log_sum_exp(&alpha)
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &[[0.1, 0.2, 0.3], [0.4, 0.1, -0.3], [0.0, 0.2, 0.5]],
            &[[0.1, -0.5], [0.3, 0.2], [-0.2, 0.4]],
            &[0, 1, 1, 0][..]
        );
    }
}

mod black_scholes_mc {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    struct Lcg(u64);
    impl Lcg {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
        }
    }
    fn normals(n: usize, seed: u64) -> Vec<f64> {
        let mut r = Lcg(seed);
        (0..n)
            .map(|_| {
                let (u, v) = (r.next(), r.next());
                (-2.0 * u.ln()).sqrt() * (2.0 * std::f64::consts::PI * v).cos()
            })
            .collect()
    }
    #[differentiable]
    fn f(s0: f64, k: f64, sigma: f64, r: f64, t: f64) -> f64 {
        let z = normals(200, 7);
        let drift = (r - 0.5 * sigma * sigma) * t;
        let vol = sigma * t.sqrt();
        let mut sum = 0.0;
        for zi in z.iter() {
            let st = s0 * (drift + vol * zi).exp();
            sum += (st - k).max(0.0);
        }
        (-r * t).exp() * sum / z.len() as f64
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 100.0, 95.0, 0.2, 0.05, 1.0);
    }
}

mod lcg_state {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    fn next(seed: &mut u64) -> f64 {
        *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((*seed >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }
    #[differentiable]
    fn f(mu: f64, sigma: f64) -> f64 {
        let mut seed = 12345;
        let mut total = 0.0;
        for _ in 0..50 {
            let u: f64 = next(&mut seed);
            let x = mu + sigma * (u - 0.5);
            if x > 0.0 {
                total += x.sqrt();
            } else {
                total -= x * x;
            }
        }
        total / 50.0
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 0.3, 1.4);
    }
}

mod gamma_glm {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn f(beta: &[f64], x: &[Vec<f64>], y: &[f64], shape: f64) -> f64 {
        let mut ll = 0.0;
        for (row, &yi) in x.iter().zip(y) {
            let eta: f64 = row.iter().zip(beta).map(|(a, b)| a * b).sum();
            let mu = eta.exp();
            ll += shape * (shape / mu).ln() + (shape - 1.0) * yi.ln() - shape * yi / mu - cotangent::math::lgamma(shape);
        }
        -ll
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &[0.2, 0.5][..],
            &[vec![1.0, 0.3], vec![1.0, -0.7], vec![1.0, 1.4]][..],
            &[1.2, 0.7, 2.9][..],
            1.7
        );
    }
}

mod histogram_soft {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn f(data: &[f64], width: f64) -> f64 {
        const BINS: usize = 5;
        let mut h = [0.0; BINS];
        for &d in data {
            for (b, slot) in h.iter_mut().enumerate() {
                let c = b as f64 * 0.5;
                *slot += (-((d - c) / width).powi(2)).exp();
            }
        }
        let total: f64 = h.iter().sum();
        let mut ent = 0.0;
        for p in h.iter().map(|v| v / total) {
            if p > 1e-12 {
                ent -= p * p.ln();
            }
        }
        ent
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[0.1, 0.7, 1.3, 1.9][..], 0.4);
    }
}

mod logistic_irls {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn sigmoid(z: f64) -> f64 {
        if z >= 0.0 {
            1.0 / (1.0 + (-z).exp())
        } else {
            let e = z.exp();
            e / (1.0 + e)
        }
    }
    #[differentiable]
    fn f(w: &[f64; 2], xs: &[[f64; 2]], ys: &[bool], l2: f64) -> f64 {
        let mut loss = 0.0;
        for (x, &y) in xs.iter().zip(ys.iter()) {
            let p = sigmoid(w[0] * x[0] + w[1] * x[1]);
            loss -= if y { p.ln() } else { (1.0 - p).ln() };
        }
        loss + l2 * w.iter().map(|v| v * v).sum::<f64>()
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &[0.4, -0.3],
            &[[1.0, 2.0], [0.5, -1.0], [-1.5, 0.3]][..],
            &[true, false, true][..],
            0.1
        );
    }
}

mod ewma_bands {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn ewma(x: &[f64], alpha: f64) -> (Vec<f64>, f64) {
        let mut out = Vec::with_capacity(x.len());
        let mut s = x[0];
        let mut v = 0.0;
        for &xi in x {
            let d = xi - s;
            s += alpha * d;
            v = (1.0 - alpha) * (v + alpha * d * d);
            out.push(s);
        }
        (out, v)
    }
    #[differentiable]
    fn f(x: &[f64], alpha: f64) -> f64 {
        let (m, v) = ewma(x, alpha);
        let band = v.sqrt();
        m.iter().zip(x).map(|(m, x)| ((x - m) / (1.0 + band)).abs()).sum()
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[1.0, 1.5, 0.7, 2.2, 1.9][..], 0.3);
    }
}

mod sorted_stats {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn f(x: &[f64], q: f64) -> f64 {
        let mut v = x.to_vec();
        for i in 1..v.len() {
            let mut j = i;
            while j > 0 && v[j - 1] > v[j] {
                v.swap(j - 1, j);
                j -= 1;
            }
        }
        let pos = q * (v.len() - 1) as f64;
        let lo = pos.floor() as usize;
        let hi = pos.ceil() as usize;
        let frac = pos - lo as f64;
        let med = v[lo] * (1.0 - frac) + v[hi] * frac;
        let mad: f64 = v.iter().map(|a| (a - med).abs()).sum::<f64>() / v.len() as f64;
        med * mad
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[1.0, -0.5, 0.7, 2.2, 1.9][..], 0.3);
    }
}

mod mlp {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Clone, Differentiable)]
    struct Linear {
        w: Vec<Vec<f64>>,
        b: Vec<f64>,
    }
    #[differentiable]
    impl Linear {
        fn forward(&self, x: &[f64]) -> Vec<f64> {
            self.w
                .iter()
                .zip(&self.b)
                .map(|(row, b)| row.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b)
                .collect()
        }
    }
    #[differentiable]
    fn relu(v: Vec<f64>) -> Vec<f64> {
        v.iter().map(|x| x.max(0.0)).collect()
    }
    #[differentiable]
    fn softmax(v: &[f64]) -> Vec<f64> {
        let m = v.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
        let e: Vec<f64> = v.iter().map(|x| (x - m).exp()).collect();
        let s: f64 = e.iter().sum();
        e.iter().map(|x| x / s).collect()
    }
    #[differentiable]
    fn f(l1: &Linear, l2: &Linear, x: &[f64], label: usize) -> f64 {
        let h = relu(l1.forward(x));
        let p = softmax(&l2.forward(&h));
        -p[label].ln()
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &Linear {
                w: vec![vec![0.5, -0.2], vec![0.3, 0.8], vec![-0.6, 0.1]],
                b: vec![0.1, 0.2, 0.7]
            },
            &Linear {
                w: vec![vec![0.4, 0.2, -0.5], vec![-0.3, 0.6, 0.9]],
                b: vec![0.0, 0.1]
            },
            &[1.0, 0.5][..],
            1
        );
    }
}
