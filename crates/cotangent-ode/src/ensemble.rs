//! Many problems over all cores.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// `work(0)`, `work(1)`, .., on all cores; the results in order. `progress` is told how many are done, and of how many.
///
/// Each call runs whole on one thread, so the results do not depend on the number of cores.
///
/// ```
/// use cotangent::prelude::*;
/// use cotangent_ode::{Gradient, Options, Problem, Tsit5, ensemble, gradient};
///
/// #[differentiable]
/// fn decay(_t: f64, y: &[f64], k: &f64, dy: &mut [f64]) {
///     dy[0] = -k * y[0];
/// }
///
/// let gradients = ensemble(100, |i| {
///     let problem = Problem::new(differentiable!(decay), [1.0], (0.0, 1.0), 0.01 * i as f64);
///     gradient(&problem, Tsit5, &Options::default(), Gradient::Reverse, |solution, bars| {
///         bars.end[0] = 1.0;
///         solution.y_end[0]
///     })
/// }, |_done, _of| {});
/// assert!((gradients[50].as_ref().unwrap().p + (-0.5_f64).exp()).abs() < 1e-6);
/// ```
///
/// # Panics
/// Where `work` panics.
pub fn ensemble<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync, progress: impl Fn(usize, usize) + Sync) -> Vec<T> {
    let results: Vec<Mutex<Option<T>>> = (0..count).map(|_| Mutex::new(None)).collect();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(count);
    let one = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(place) = results.get(i) else { break };
            let result = work(i);
            if let Ok(mut place) = place.lock() {
                *place = Some(result);
            }
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, count);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(one);
        }
        one();
    });
    let taken = results.into_iter().map(|place| place.into_inner().ok().flatten());
    taken.map(|result| result.expect("every place was worked on")).collect()
}
