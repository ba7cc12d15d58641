//! Simulations: time steps of structs, in place.

mod rk4 {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Differentiable, Clone, Copy)]
    struct State {
        pos: f64,
        vel: f64,
    }
    impl std::ops::Add for State {
        type Output = State;
        fn add(self, o: State) -> State {
            State {
                pos: self.pos + o.pos,
                vel: self.vel + o.vel,
            }
        }
    }
    #[derive(Differentiable, Clone, Copy)]
    struct Params {
        k: f64,
        c: f64,
    }
    #[differentiable]
    fn deriv(s: &State, p: &Params) -> State {
        State {
            pos: s.vel,
            vel: -p.k * s.pos.sin() - p.c * s.vel,
        }
    }
    #[differentiable]
    fn axpy(s: &State, h: f64, d: &State) -> State {
        State {
            pos: s.pos + h * d.pos,
            vel: s.vel + h * d.vel,
        }
    }
    #[differentiable]
    fn step(s: State, p: &Params, h: f64) -> State {
        let k1 = deriv(&s, p);
        let k2 = deriv(&axpy(&s, h / 2.0, &k1), p);
        let k3 = deriv(&axpy(&s, h / 2.0, &k2), p);
        let k4 = deriv(&axpy(&s, h, &k3), p);
        State {
            pos: s.pos + h / 6.0 * (k1.pos + 2.0 * k2.pos + 2.0 * k3.pos + k4.pos),
            vel: s.vel + h / 6.0 * (k1.vel + 2.0 * k2.vel + 2.0 * k3.vel + k4.vel),
        }
    }
    #[differentiable]
    fn f(x0: f64, p: &Params, n: usize) -> f64 {
        let mut s = State { pos: x0, vel: 0.0 };
        let mut energy = 0.0;
        for _ in 0..n {
            s = step(s, p, 0.05);
            energy += 0.5 * s.vel * s.vel;
        }
        s.pos * s.pos + energy
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 0.8, &Params { k: 1.2, c: 0.1 }, 20);
    }
}

mod sir {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Sir {
        s: f64,
        i: f64,
        r: f64,
    }
    #[differentiable]
    fn f(beta: f64, gamma: f64, i0: f64, days: usize) -> f64 {
        let mut y = Sir {
            s: 1.0 - i0,
            i: i0,
            r: 0.0,
        };
        let mut peak = 0.0;
        for day in 0..days {
            let inf = beta * y.s * y.i;
            let rec = gamma * y.i;
            y = Sir {
                s: y.s - inf,
                i: y.i + inf - rec,
                r: y.r + rec,
            };
            if y.i > peak {
                peak = y.i;
            }
            if y.i < 1e-3 {
                return peak + day as f64 * y.r;
            }
        }
        peak + y.r
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 0.6, 0.2, 0.01, 60);
    }
}

mod verlet {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Clone, Differentiable)]
    struct Body {
        pos: [f64; 2],
        vel: [f64; 2],
        mass: f64,
    }
    #[derive(Clone, Differentiable)]
    struct World {
        bodies: Vec<Body>,
        g: f64,
    }
    #[differentiable]
    impl World {
        fn accel(&self, i: usize) -> [f64; 2] {
            let mut a = [0.0; 2];
            for j in 0..self.bodies.len() {
                if i == j {
                    continue;
                }
                let dx = self.bodies[j].pos[0] - self.bodies[i].pos[0];
                let dy = self.bodies[j].pos[1] - self.bodies[i].pos[1];
                let r2 = dx * dx + dy * dy + 0.01;
                let f = self.g * self.bodies[j].mass / (r2 * r2.sqrt());
                a[0] += f * dx;
                a[1] += f * dy;
            }
            a
        }
        fn step(&mut self, dt: f64) {
            let n = self.bodies.len();
            let mut acc = Vec::with_capacity(n);
            for i in 0..n {
                acc.push(self.accel(i));
            }
            for (b, a) in self.bodies.iter_mut().zip(acc.iter()) {
                for k in 0..2 {
                    b.vel[k] += dt * a[k];
                    b.pos[k] += dt * b.vel[k];
                }
            }
        }
        fn energy(&self) -> f64 {
            self.bodies
                .iter()
                .map(|b| 0.5 * b.mass * (b.vel[0] * b.vel[0] + b.vel[1] * b.vel[1]))
                .sum()
        }
    }
    #[differentiable]
    fn f(w: &World, n: usize) -> f64 {
        let mut w = w.clone();
        for _ in 0..n {
            w.step(0.05);
        }
        w.energy() + w.bodies[0].pos[0]
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &World {
                bodies: vec![
                    Body {
                        pos: [0.0, 0.0],
                        vel: [0.0, 0.1],
                        mass: 1.0
                    },
                    Body {
                        pos: [1.0, 0.2],
                        vel: [0.0, -0.4],
                        mass: 0.5
                    },
                    Body {
                        pos: [-0.7, 0.9],
                        vel: [0.2, 0.0],
                        mass: 0.3
                    }
                ],
                g: 1.1
            },
            5
        );
    }
}

mod lennard_jones {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Clone, Copy, Differentiable, Debug, PartialEq)]
    struct P {
        x: f64,
        y: f64,
        z: f64,
    }
    #[differentiable]
    impl P {
        fn dist2(&self, o: &P) -> f64 {
            let dx = self.x - o.x;
            let dy = self.y - o.y;
            let dz = self.z - o.z;
            dx * dx + dy * dy + dz * dz
        }
    }
    #[differentiable]
    fn f(ps: &[P], eps: f64, sigma: f64, cutoff: f64) -> f64 {
        let mut e = 0.0;
        for i in 0..ps.len() {
            for j in (i + 1)..ps.len() {
                let r2 = ps[i].dist2(&ps[j]);
                if r2 > cutoff * cutoff {
                    continue;
                }
                let s6 = (sigma * sigma / r2).powi(3);
                e += 4.0 * eps * (s6 * s6 - s6);
            }
        }
        e
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &[
                P { x: 0.0, y: 0.1, z: 0.0 },
                P { x: 1.1, y: 0.0, z: 0.2 },
                P { x: 0.3, y: 1.2, z: -0.4 }
            ][..],
            1.0,
            1.05,
            2.5
        );
    }
}

mod heat2d {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn f(u0: &[Vec<f64>], k: f64) -> f64 {
        let (ny, nx) = (u0.len(), u0[0].len());
        let mut u = u0.to_vec();
        for _ in 0..3 {
            let old = u.clone();
            for y in 1..ny - 1 {
                for x in 1..nx - 1 {
                    let lap = old[y - 1][x] + old[y + 1][x] + old[y][x - 1] + old[y][x + 1] - 4.0 * old[y][x];
                    u[y][x] = old[y][x] + k * lap * (1.0 + 0.1 * old[y][x]);
                }
            }
        }
        let mut e = 0.0;
        for row in &u {
            for v in row {
                e += v * v;
            }
        }
        e
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &[
                vec![0.0, 1.0, 0.0, 0.2],
                vec![1.0, 0.3, 0.5, 0.1],
                vec![0.2, 0.8, 0.4, 0.0],
                vec![0.0, 0.1, 0.0, 0.3]
            ][..],
            0.1
        );
    }
}

mod pid {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Clone, Copy, Differentiable, Default)]
    struct Pid {
        kp: f64,
        ki: f64,
        kd: f64,
        integral: f64,
        last: Option<f64>,
    }
    #[differentiable]
    impl Pid {
        fn update(&mut self, err: f64, dt: f64) -> f64 {
            self.integral += err * dt;
            let d = match self.last {
                Some(prev) => (err - prev) / dt,
                None => 0.0,
            };
            self.last = Some(err);
            self.kp * err + self.ki * self.integral + self.kd * d
        }
    }
    #[differentiable]
    fn f(kp: f64, ki: f64, kd: f64) -> f64 {
        let mut c = Pid {
            kp,
            ki,
            kd,
            integral: 0.0,
            last: None,
        };
        let mut y = 0.0;
        let mut cost = 0.0;
        for _ in 0..20 {
            let e = 1.0 - y;
            let u = c.update(e, 0.1).clamp(-5.0, 5.0);
            y += 0.1 * (u - y);
            cost += e * e * 0.1;
        }
        cost
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 1.5, 0.4, 0.05);
    }
}

mod game_of_phases {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Clone, Copy, PartialEq)]
    enum Phase {
        Heat,
        Hold,
        Cool,
    }
    #[differentiable]
    fn f(rate: f64, hold: f64, t0: f64) -> f64 {
        let mut t = t0;
        let mut phase = Phase::Heat;
        let mut clock = 0.0;
        let mut dose = 0.0;
        for _ in 0..40 {
            phase = match phase {
                Phase::Heat if t >= 80.0 => Phase::Hold,
                Phase::Hold if clock > 1.0 => Phase::Cool,
                p => p,
            };
            match phase {
                Phase::Heat => t += rate,
                Phase::Hold => {
                    clock += 0.25;
                    dose += hold * (t / 80.0).powf(2.5);
                }
                Phase::Cool => t -= 0.1 * (t - 20.0),
            }
        }
        dose + t
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 7.3, 0.6, 21.0);
    }
}

mod queue_sim {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn f(arrivals: &[f64], service: &[f64]) -> f64 {
        let mut free_at = 0.0_f64;
        let mut wait = 0.0;
        let mut max_wait: f64 = 0.0;
        for (a, s) in arrivals.iter().zip(service) {
            let start = free_at.max(*a);
            wait += start - a;
            max_wait = max_wait.max(start - *a);
            free_at = start + s;
        }
        wait / arrivals.len() as f64 + max_wait + free_at
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[0.0, 0.5, 0.9, 3.0][..], &[0.8, 0.7, 0.3, 0.5][..]);
    }
}

mod trait_objects_generic {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    trait Potential: Differentiable {
        fn energy(&self, x: f64) -> f64;
        fn force(&self, x: f64) -> f64 {
            let h = 1e-3;
            -(self.energy(x + h) - self.energy(x - h)) / (2.0 * h)
        }
    }
    #[derive(Clone, Differentiable)]
    struct Harmonic {
        k: f64,
    }
    #[derive(Clone, Differentiable)]
    struct Morse {
        d: f64,
        a: f64,
    }
    #[differentiable]
    impl Potential for Harmonic {
        fn energy(&self, x: f64) -> f64 {
            0.5 * self.k * x * x
        }
    }
    #[differentiable]
    impl Potential for Morse {
        fn energy(&self, x: f64) -> f64 {
            let e = 1.0 - (-self.a * x).exp();
            self.d * e * e
        }
    }
    #[differentiable]
    fn orbit<V: Potential>(v: &V, x0: f64) -> f64 {
        let (mut x, mut p) = (x0, 0.0);
        for _ in 0..10 {
            p += 0.1 * v.force(x);
            x += 0.1 * p;
        }
        v.energy(x) + 0.5 * p * p
    }
    #[differentiable]
    fn f(h: &Harmonic, m: &Morse, x: f64) -> f64 {
        orbit(h, x) + orbit(m, x)
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &Harmonic { k: 1.3 }, &Morse { d: 2.0, a: 0.8 }, 0.6);
    }
}

mod modules_renamed {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    mod physics {
        pub mod forces {
            use cotangent::prelude::*;
            #[differentiable]
            pub fn spring(k: f64, x: f64) -> f64 {
                -k * x
            }
            #[differentiable]
            pub fn drag(c: f64, v: f64) -> f64 {
                -c * v * v.abs()
            }
        }
        pub use self::forces::drag as friction;
    }
    use physics::forces;
    use physics::forces::spring as hooke;
    use physics::friction;
    #[differentiable]
    fn f(k: f64, c: f64) -> f64 {
        let (mut x, mut v) = (1.0, 0.0);
        for _ in 0..10 {
            let a = hooke(k, x) + friction(c, v) + 0.1 * forces::drag(c, x);
            v += 0.1 * a;
            x += 0.1 * v;
        }
        x * v
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 2.0, 0.4);
    }
}
