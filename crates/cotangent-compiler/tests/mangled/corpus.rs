// Items that the tokens are taken from. Never compiled: only their tokens matter.

fn product(x: &[f64]) -> f64 {
    let mut p = 1.0;
    for i in 0..x.len() {
        p *= x[i];
    }
    p
}

fn newton(a: f64) -> f64 {
    let mut x = a;
    let mut k = 0;
    while k < 50 {
        let next = 0.5 * (x + a / x);
        if (next - x).abs() < 1e-14 {
            return next;
        }
        x = next;
        k += 1;
    }
    x
}

fn elimination(a: &mut [f64], b: &mut [f64], n: usize) -> f64 {
    for k in 0..n {
        let mut pivot = k;
        for i in k + 1..n {
            if a[i * n + k].abs() > a[pivot * n + k].abs() {
                pivot = i;
            }
        }
        if pivot != k {
            for j in 0..n {
                a.swap(k * n + j, pivot * n + j);
            }
            b.swap(k, pivot);
        }
        for i in k + 1..n {
            let l = a[i * n + k] / a[k * n + k];
            a[i * n + k] = l;
            for j in k + 1..n {
                a[i * n + j] -= l * a[k * n + j];
            }
            b[i] -= l * b[k];
        }
    }
    b[n - 1] / a[n * n - 1]
}

fn chains(v: &[f64], w: &Vec<f64>) -> f64 {
    let dot: f64 = v.iter().zip(w.iter()).map(|(a, b)| a * b).sum();
    let positive = v.iter().filter(|x| **x > 0.0).fold(0.0, |s, x| s + x.ln());
    let steps: Vec<f64> = v.windows(2).map(|p| p[1] - p[0]).collect();
    let mut best = f64::NEG_INFINITY;
    for (k, x) in w.iter().enumerate().skip(1).step_by(2).rev() {
        best = best.max(x * k as f64);
    }
    for c in v.chunks(3) {
        best += c[0];
    }
    dot + positive + steps.len() as f64 + best
}

fn patterns(s: Shape, o: Option<f64>, r: Result<f64, String>) -> Option<f64> {
    let area = match s {
        Shape::Disk { radius: r } if r > 0.0 => 3.14 * r * r,
        Shape::Rect(w, h) => w * h,
        Shape::Point | Shape::Empty => 0.0,
        _ => return None,
    };
    let Some(x) = o else { return Some(area) };
    let y = if let Ok(y) = r { y } else { 1.0 };
    let (a, mut b) = (x, y);
    b += a;
    let [first, .., last] = [a, b, x];
    Some(area + first * last + o?)
}

fn labels(x: f64, n: usize) -> f64 {
    let mut s = 0.0;
    'outer: for i in (0..n).rev() {
        let mut j = 0;
        loop {
            j += 1;
            if j == 3 {
                continue 'outer;
            }
            if i * j > 20 {
                break 'outer;
            }
            s += x.powi(j as i32);
        }
    }
    let t = loop {
        s *= 0.5;
        if s < 1.0 {
            break s * x;
        }
    };
    let u = 'block: {
        if t > 1.0 {
            break 'block t;
        }
        t * t
    };
    s + u
}

fn growing(x: f64, n: usize) -> Vec<f64> {
    let mut v = vec![x; n];
    let mut m = vec![vec![0.0; n]; 2];
    v.push(x * x);
    m[1][0] = v[0];
    v.extend(m[1].iter().map(|y| y + 1.0));
    v.truncate(n + 1);
    let last = v.pop().unwrap_or(0.0);
    v[..n].fill(last);
    v[0] = std::mem::replace(&mut m[0][0], last);
    let (a, b) = v.split_at_mut(1);
    a[0] += b[0];
    a.copy_from_slice(&b[..1]);
    v.clone()
}

fn calls(x: f64, p: &Params, v: &mut Vec<f64>) -> f64 {
    let y = helper(x, &v[1..], p.count);
    let z = p.inner.energy(y);
    update(v, &mut v[0], z);
    let q = Params { scale: z, ..p.clone() };
    let r = P::new(q.scale, constant(x));
    let square = |t: f64| t * t;
    let mut total = 0.0;
    let mut add = |t: f64| total += t;
    add(square(y));
    add(helper::grad(x, v, 2).x);
    r.value() + total
}

fn generic<T: Real, const N: usize>(x: [T; N], s: &T) -> T
where
    T: Copy,
{
    let mut acc = T::ZERO;
    for i in 0..N {
        acc += x[i] * *s - T::from_f64(2.0) % x[i];
    }
    assert!(acc > T::ZERO, "positive, not {acc}");
    acc.sqrt().hypot(-x[0])
}

fn tuples((a, b): (f64, f64), [c, _]: [f64; 2], mut d: f64, _: usize) -> (f64, [f64; 2]) {
    let mut pair = (a * b, (c, d));
    pair.1.0 += 1.0;
    d = pair.0;
    (a, b) = (d, pair.1.1);
    let (e, (f, _)) = pair;
    let g = if e > f { e } else if e < -f { f } else { e + f };
    println!("{g:.3} {}", d);
    (g as f32 as f64, [e.min(f), f64::max(c, 2.0)])
}

impl Particle {
    fn energy(&self, x: f64) -> f64 {
        0.5 * self.mass * self.speed().powi(2) + x
    }
    fn advance(&mut self, dt: f64) {
        for k in 0..3 {
            self.position[k] += dt * self.velocity[k];
        }
        self.age += dt;
    }
    fn new(mass: f64) -> Self {
        Self { mass, position: [0.0; 3], velocity: [mass; 3], age: 0.0 }
    }
    fn take(self) -> f64 {
        Self::helper(self.mass)
    }
}

impl Mul<&Vec3> for f64 {
    type Output = Vec3;
    fn mul(self, v: &Vec3) -> Vec3 {
        Vec3 { x: self * v.x, y: self * v.y, z: self * v.z }
    }
}

trait Potential {
    fn at(&self, x: &[f64]) -> f64;
    fn twice(&self, x: &[f64]) -> f64 {
        2.0 * self.at(x)
    }
}

struct Model<'a, T: Real> {
    weights: Vec<T>,
    bias: Option<T>,
    #[constant]
    name: &'a str,
}

enum Layer {
    Dense { weights: Vec<f64>, bias: f64 },
    Scale(f64),
    #[constant]
    Flatten(usize),
}
