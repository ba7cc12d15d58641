//! Repeated factorisations and solutions in the caller's memory allocate nothing.

use cotangent_linalg::{Cholesky, Lu, Matrix, StackWork, solve_stack_with};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(run: impl FnOnce()) -> usize {
    let before = COUNT.with(Cell::get);
    run();
    COUNT.with(Cell::get) - before
}

#[test]
fn steady_state() {
    for n in [3, 20, 60] {
        let a = Matrix::from_fn(n, n, |i, j| if i == j { n as f64 } else { 1.0 / (1 + i + j) as f64 });
        let (b, mut x) = (vec![1.0; n], vec![0.0; n]);
        let (mut lu, mut cholesky, mut work) = (Lu::empty(), Cholesky::empty(), StackWork::default());
        let stack = [a.as_slice(), a.as_slice()].concat();
        let (many, mut solutions) = (vec![1.0; 2 * n], vec![0.0; 2 * n]);
        let mut round = || {
            lu.factor(&a).expect("regular");
            lu.solve_into(&b, &mut x);
            cholesky.factor(&a).expect("positive definite");
            cholesky.solve_into(&b, &mut x);
            solve_stack_with(&mut work, &stack, &many, n, &mut solutions).expect("regular");
        };
        round();
        assert_eq!(allocations(&mut round), 0, "n = {n}");
        let residual: f64 = (0..n).map(|i| (cotangent_linalg::matvec(&a, &x)[i] - 1.0).abs()).sum();
        assert!(residual < 1e-12, "{residual}");
    }
}
