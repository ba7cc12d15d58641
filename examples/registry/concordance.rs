//! Harrell's concordance: of the pairs whose order is known, how often does the model tell it?

/// Share of comparable pairs in which the row with the smaller `predicted` time has the event first; a pair with equal
/// predictions counts one half, two events at the same time are not compared, and a row censored at the
/// time of an event outlives it. As R's `concordance`.
///
/// ```
/// use cotangent_examples::registry::concordance::concordance;
/// let c = concordance(&[1.0, 2.0, 3.0], &[true, true, false], &[0.1, 0.5, 0.4]);
/// assert_eq!(c, 2.0 / 3.0);
/// ```
///
/// Cost: n log n. With no comparable pair the result is NaN.
pub fn concordance(time: &[f64], event: &[bool], predicted: &[f64]) -> f64 {
    let rank = ranks(predicted);
    let mut survivors = Counts {
        tree: vec![0; rank.len() + 1],
    };
    let mut order: Vec<usize> = (0..time.len()).collect();
    order.sort_by(|&a, &b| time[b].total_cmp(&time[a]));
    let (mut concordant, mut tied, mut pairs) = (0u64, 0u64, 0u64);
    for group in order.chunk_by(|&a, &b| time[a] == time[b]) {
        group.iter().filter(|&&i| !event[i]).for_each(|&i| survivors.add(rank[i]));
        for &i in group.iter().filter(|&&i| event[i]) {
            let up_to = survivors.up_to(rank[i]);
            tied += up_to - survivors.up_to(rank[i] - 1);
            concordant += survivors.total() - up_to;
            pairs += survivors.total();
        }
        group.iter().filter(|&&i| event[i]).for_each(|&i| survivors.add(rank[i]));
    }
    (concordant as f64 + 0.5 * tied as f64) / pairs as f64
}

/// Ranks from 1; equal values share one.
fn ranks(values: &[f64]) -> Vec<usize> {
    let mut distinct = values.to_vec();
    distinct.sort_unstable_by(f64::total_cmp);
    distinct.dedup();
    values.iter().map(|v| distinct.partition_point(|d| d <= v)).collect()
}

/// A Fenwick tree: how many of the ranks added so far are at most r.
struct Counts {
    tree: Vec<u64>,
}

impl Counts {
    fn add(&mut self, mut rank: usize) {
        while rank < self.tree.len() {
            self.tree[rank] += 1;
            rank += rank & rank.wrapping_neg();
        }
    }

    fn up_to(&self, mut rank: usize) -> u64 {
        let mut sum = 0;
        while rank > 0 {
            sum += self.tree[rank];
            rank &= rank - 1;
        }
        sum
    }

    fn total(&self) -> u64 {
        self.up_to(self.tree.len() - 1)
    }
}
