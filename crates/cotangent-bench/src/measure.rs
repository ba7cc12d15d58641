//! Timing and memory: interleaved rounds, the minimum of each.
//!
//! What counts is the thread's time on the processor: on a machine that is shared, waiting for one is not part of it.

use std::fs;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

/// Rounds that are measured at least.
pub const ROUNDS: usize = 10;

/// One round of a task lasts at least this long, so that the clock's resolution does not matter.
const ROUND: Duration = Duration::from_millis(2);

/// The best time of one call of each task, in milliseconds.
///
/// The tasks take turns, so that a slow spell of the machine meets all of them; each is called often enough in a round
/// to be measured well. Ten rounds at least, and on until `seconds` are over.
pub fn interleaved(tasks: &mut [&mut dyn FnMut()], seconds: f64) -> Vec<f64> {
    let calls: Vec<u32> = tasks.iter_mut().map(|task| calibrate(task)).collect();
    let mut best = vec![f64::INFINITY; tasks.len()];
    let start = Instant::now();
    let mut rounds = 0;
    while rounds < ROUNDS || start.elapsed().as_secs_f64() < seconds {
        for ((task, &calls), best) in tasks.iter_mut().zip(&calls).zip(&mut best) {
            let time = timed(task, calls).as_secs_f64() * 1e3 / f64::from(calls);
            *best = best.min(time);
        }
        rounds += 1;
    }
    best
}

/// How many calls fill a round; also warms caches and buffers up.
fn calibrate(task: &mut dyn FnMut()) -> u32 {
    let mut calls = 1;
    task();
    while timed(task, calls) < ROUND {
        calls *= 2;
    }
    calls
}

fn timed(task: &mut dyn FnMut(), calls: u32) -> Duration {
    let start = ThreadTime::now();
    for _ in 0..calls {
        task();
    }
    start.elapsed()
}

/// The most memory that this process has held, where the system tells (Linux).
pub fn peak_rss_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_runs_in_every_round() {
        let (mut first, mut second) = (0, 0);
        let mut slow = || {
            first += 1;
            let start = ThreadTime::now();
            while start.elapsed() < Duration::from_millis(3) {}
        };
        let mut quick = || second += 1;
        let best = interleaved(&mut [&mut slow, &mut quick], 0.0);
        assert!(best[0] >= 3.0 && best[1] < best[0], "best times {best:?}");
        // One call to warm up, one to calibrate, one in each round.
        assert_eq!(first, ROUNDS + 2);
        assert!(second > ROUNDS, "a quick task is called often in a round, found {second}");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn peak_memory_covers_what_was_touched() {
        let block = std::hint::black_box(vec![1u8; 64 << 20]);
        assert!(peak_rss_bytes().expect("Linux tells") >= block.len() as u64);
    }
}
