//! Control flow, enums, options and closures as people use them.

mod enums {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Differentiable, Clone)]
    enum Layer {
        Dense { w: Vec<f64>, b: f64 },
        Scale(f64),
        Tanh,
        Clip(f64, f64),
    }
    #[differentiable]
    fn apply(l: &Layer, x: f64) -> f64 {
        match l {
            Layer::Dense { w, b } => {
                let mut s = *b;
                for (i, wi) in w.iter().enumerate() {
                    s += wi * x.powi(i as i32);
                }
                s
            }
            Layer::Scale(k) => k * x,
            Layer::Tanh => x.tanh(),
            Layer::Clip(lo, hi) => x.clamp(*lo, *hi),
        }
    }
    #[differentiable]
    fn f(net: &[Layer], x: f64) -> f64 {
        let mut y = x;
        for l in net {
            y = apply(l, y);
        }
        y * y
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &[
                Layer::Dense {
                    w: vec![0.3, 1.2, -0.4],
                    b: 0.1
                },
                Layer::Tanh,
                Layer::Scale(1.7),
                Layer::Clip(-1.5, 1.6)
            ][..],
            0.7
        );
    }
}

mod smith_waterman {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn soft_max3(a: f64, b: f64, c: f64, t: f64) -> f64 {
        let m = a.max(b).max(c);
        m + t * (((a - m) / t).exp() + ((b - m) / t).exp() + ((c - m) / t).exp()).ln()
    }
    #[differentiable]
    fn f(score: &[f64], gap: f64, n: usize, m: usize) -> f64 {
        let mut table = vec![vec![0.0; m + 1]; n + 1];
        for i in 1..=n {
            for j in 1..=m {
                let diag = table[i - 1][j - 1] + score[(i - 1) * m + (j - 1)];
                let up = table[i - 1][j] - gap;
                let left = table[i][j - 1] - gap;
                table[i][j] = soft_max3(diag, up, left, 0.5);
            }
        }
        table.iter().map(|row| row.iter().sum::<f64>()).sum::<f64>() + table[n][m]
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[1.0, -0.5, 0.3, 0.2, 2.0, -1.0][..], 0.4, 2, 3);
    }
}

mod graph {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn f(weights: &[f64], adj: &[Vec<usize>], damping: f64) -> f64 {
        let n = adj.len();
        let mut rank = vec![1.0 / n as f64; n];
        for _ in 0..5 {
            let mut next = vec![(1.0 - damping) / n as f64; n];
            for (i, out) in adj.iter().enumerate() {
                if out.is_empty() {
                    continue;
                }
                let share = damping * rank[i] * weights[i] / out.len() as f64;
                for &j in out {
                    next[j] += share;
                }
            }
            rank = next;
        }
        rank.iter().enumerate().map(|(i, r)| (i + 1) as f64 * r * r).sum()
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[1.0, 0.8, 1.2, 0.5][..], &[vec![1, 2], vec![2], vec![0, 3], vec![]][..], 0.85);
    }
}

mod iterators {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn f(x: &[f64], w: &[f64]) -> f64 {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let var = x.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (x.len() - 1) as f64;
        let smooth: Vec<f64> = x.windows(3).map(|s| (s[0] + 2.0 * s[1] + s[2]) / 4.0).collect();
        let blocks: f64 = x.chunks(2).map(|c| c.iter().product::<f64>()).sum();
        let pos: f64 = x.iter().filter(|v| **v > 0.0).map(|v| v.ln()).sum();
        let dot: f64 = x.iter().zip(w.iter()).map(|(a, b)| a * b).sum();
        let last = smooth.iter().rev().take(2).fold(1.0, |acc, v| acc * v);
        let alt: f64 = x.iter().enumerate().map(|(i, v)| if i % 2 == 0 { *v } else { -*v }).sum();
        let mx = x.iter().copied().fold(f64::MIN, f64::max);
        let sq: Vec<f64> = x.iter().skip(1).step_by(2).map(|&v| v * v).collect();
        mean + var.sqrt() + blocks + pos + dot + last + alt * mx + sq.iter().sum::<f64>()
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[0.5, -1.2, 2.0, 0.7, 1.1][..], &[0.3, 0.2, -0.5, 1.0, 0.8][..]);
    }
}

mod labels {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn f(a: &[Vec<f64>], limit: f64) -> f64 {
        let mut total = 0.0;
        let mut prod = 1.0;
        'rows: for (i, row) in a.iter().enumerate() {
            for v in row {
                if *v < 0.0 {
                    continue 'rows;
                }
                prod *= 1.0 + v;
                if prod > limit * 10.0 {
                    break 'rows;
                }
                total += prod * (i as f64 + 1.0);
            }
            total += 0.1;
        }
        let r = 'found: {
            for row in a {
                if row[0] > 1.0 {
                    break 'found row[0] * total;
                }
            }
            total
        };
        r + prod
    }
    #[test]
    fn agrees() {
        check_gradient!(f, &[vec![0.5, 0.2], vec![0.1, -0.3, 0.9], vec![1.7, 2.0]][..], 0.9);
    }
}

mod let_else {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Differentiable, Clone)]
    struct Reading {
        value: Option<f64>,
        weight: f64,
    }
    #[differentiable]
    fn f(rs: &[Reading], floor: f64) -> f64 {
        let mut s = 0.0;
        let mut w = 0.0;
        for r in rs {
            let Some(v) = r.value else { continue };
            let Reading { weight, .. } = r;
            s += v.max(floor) * weight;
            w += weight;
        }
        let Some(first) = rs.first() else { return 0.0 };
        s / w + first.weight
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &[
                Reading {
                    value: Some(1.0),
                    weight: 0.5
                },
                Reading { value: None, weight: 9.0 },
                Reading {
                    value: Some(2.5),
                    weight: 1.5
                }
            ][..],
            0.2
        );
    }
}

mod nested_closures {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn f(a: f64, b: f64) -> f64 {
        let scale = |x: f64| a * x;
        let twice = |x: f64| scale(scale(x)) + b;
        let mut count = 0;
        let mut log = |x: f64| {
            count += 1;
            x.ln_1p()
        };
        let y = log(twice(b)) + log(a);
        let compose = |x: f64| {
            let inner = |t: f64| t * b + x;
            inner(x) * inner(2.0)
        };
        y * compose(a) + count as f64
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 0.7, 1.3);
    }
}

mod parser {
    use cotangent::prelude::*;
    #[derive(Clone, Copy, PartialEq)]
    enum Tok {
        Num(usize),
        Add,
        Mul,
        Neg,
    }
    #[differentiable(wrt(vals))]
    fn f(code: &[Tok], vals: &[f64]) -> f64 {
        let mut stack: Vec<f64> = Vec::new();
        for t in code {
            match *t {
                Tok::Num(i) => stack.push(vals[i]),
                Tok::Add => {
                    let b = stack.pop().unwrap();
                    let a = stack.pop().unwrap();
                    stack.push(a + b);
                }
                Tok::Mul => {
                    let b = stack.pop().unwrap();
                    let a = stack.pop().unwrap();
                    stack.push(a * b);
                }
                Tok::Neg => {
                    let a = stack.pop().unwrap();
                    stack.push(-a);
                }
            }
        }
        stack.pop().unwrap_or(0.0)
    }
    #[test]
    fn agrees() {
        let code = [
            Tok::Num(0),
            Tok::Num(1),
            Tok::Mul,
            Tok::Neg,
            Tok::Num(2),
            Tok::Num(0),
            Tok::Add,
            Tok::Mul,
        ];
        let g = f::grad(&code, &[2.0, 3.0, 5.0]);
        assert_eq!(g.vals, vec![-6.0 * 1.0 - 3.0 * 7.0, -2.0 * 7.0, -6.0]);
    }
}

mod tree_recursion {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[derive(Clone, Differentiable)]
    enum Tree {
        Leaf(f64),
        Node(Box<Tree>, Box<Tree>, f64),
    }
    #[differentiable]
    fn eval(t: &Tree, x: f64) -> f64 {
        match t {
            Tree::Leaf(v) => v * x,
            Tree::Node(l, r, w) => {
                let a = eval(l, x * w);
                let b = eval(r, x);
                a * b + w
            }
        }
    }
    #[differentiable]
    fn f(t: &Tree, x: f64) -> f64 {
        eval(t, x).sin()
    }
    #[test]
    fn agrees() {
        check_gradient!(
            f,
            &Tree::Node(
                Box::new(Tree::Leaf(0.7)),
                Box::new(Tree::Node(Box::new(Tree::Leaf(1.2)), Box::new(Tree::Leaf(-0.4)), 0.9)),
                1.3
            ),
            0.8
        );
    }
}

mod beam_options {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn pick(a: Option<f64>, b: Option<f64>) -> Option<f64> {
        match (a, b) {
            (Some(x), Some(y)) if x > y => Some(x * y),
            (Some(x), Some(y)) => Some(x + y),
            (Some(x), None) => Some(x),
            (None, Some(x)) => Some(x),
            (None, None) => None,
        }
    }
    #[differentiable]
    fn f(x: f64, y: f64) -> f64 {
        let a = if x > 0.0 { Some(x) } else { None };
        let b = if y > 0.0 { Some(y * y) } else { None };
        pick(a, b).map(|v| v * x).unwrap_or(1.0) + pick(a, None).unwrap_or_else(|| y) + pick(None, None).map_or(y, |v| v + 1.0)
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 1.5, 0.9);
    }
}

mod elo_while_let {
    use cotangent::prelude::*;
    use cotangent_check::check_gradient;
    #[differentiable]
    fn f(start: f64, k: f64) -> f64 {
        let mut work = vec![start, 2.0 * start];
        let mut total = 0.0;
        while let Some(x) = work.pop() {
            total += x.sin();
            if x > k {
                work.push(x / 2.0);
                work.push(x / 3.0);
            }
        }
        total
    }
    #[test]
    fn agrees() {
        check_gradient!(f, 3.0, 1.1);
    }
}
