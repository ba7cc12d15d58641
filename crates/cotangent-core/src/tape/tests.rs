//! The tape, also meant to run under Miri: `cargo +nightly miri test -p cotangent-core tape`.

use super::*;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn values_come_back_in_reverse_order() {
    let mut tape = Tape::new();
    let (f, v, c, s) = (Witness::new(), Witness::new(), Witness::new(), Witness::new());
    for i in 0..100 {
        tape.push(&f, f64::from(i));
        tape.push(&v, vec![i; 3]);
        tape.push(&c, i as u8);
        tape.push(&s, (i, i.to_string()));
    }
    for i in (0..100).rev() {
        assert_eq!(tape.pop(&s), (i, i.to_string()));
        assert_eq!(tape.pop(&c), i as u8);
        assert_eq!(tape.pop(&v), vec![i; 3]);
        assert_eq!(tape.pop(&f), f64::from(i));
    }
    assert!(tape.is_empty());
}

#[test]
fn closures_can_be_recorded_without_naming_their_type() {
    let mut tape = Tape::new();
    let w = Witness::new();
    for i in 0..3 {
        let text = i.to_string();
        tape.push(&w, move |suffix: &str| text + suffix);
    }
    assert_eq!(tape.pop(&w)("a"), "2a");
    assert_eq!(tape.pop(&w)("b"), "1b");
    tape.clear();
    assert_eq!(tape.len(), 0);
}

#[test]
fn sizes_are_whole_words_and_nothing_costs_nothing() {
    let mut tape = Tape::new();
    tape.push(&Witness::new(), ());
    tape.push(&Witness::new(), [0.0_f64; 0]);
    tape.push(&Witness::new(), |x: f64| x);
    assert_eq!((tape.len(), tape.bytes()), (0, 0));
    tape.push(&Witness::new(), true);
    assert_eq!(tape.len(), 1);
    tape.push(&Witness::new(), [1_u8; 9]);
    assert_eq!(tape.len(), 3);
    tape.push(&Witness::new(), [1.0_f64; 4]);
    assert_eq!(tape.len(), 7);
}

#[repr(align(64))]
#[derive(Clone, Debug, PartialEq)]
struct Aligned(f64, Rc<()>);

#[test]
fn alignment_beyond_a_word_is_kept() {
    let (mut tape, owner) = (Tape::new(), Rc::new(()));
    let (w, u) = (Witness::<Aligned>::new(), Witness::<u128>::new());
    tape.push(&Witness::new(), 1_u8);
    tape.push(&w, Aligned(2.0, owner.clone()));
    tape.push(&u, u128::MAX - 1);
    tape.push(&w, Aligned(3.0, owner.clone()));
    let top = tape.pop(&w);
    assert_eq!(core::ptr::from_ref(&top).addr() % 64, 0);
    assert_eq!(top, Aligned(3.0, owner.clone()));
    assert_eq!(tape.pop(&u), u128::MAX - 1);
    drop(top);
    assert_eq!(Rc::strong_count(&owner), 2);
    tape.clear(); // drops the other one in place
    assert_eq!(Rc::strong_count(&owner), 1);
}

#[test]
fn owned_values_are_dropped_exactly_once() {
    let owner = Rc::new(());
    let w = Witness::new();
    let mut tape = Tape::new();
    for _ in 0..5 {
        tape.push(&w, Some(owner.clone()));
        tape.push(&Witness::new(), 1.0);
    }
    assert_eq!(Rc::strong_count(&owner), 6);
    tape.pop::<f64>(&Witness::new());
    drop(tape.pop(&w));
    assert_eq!(Rc::strong_count(&owner), 5);
    tape.clear();
    assert_eq!((Rc::strong_count(&owner), tape.len()), (1, 0));
    tape.push(&w, Some(owner.clone()));
    drop(tape);
    assert_eq!(Rc::strong_count(&owner), 1);
}

#[test]
fn values_without_size_are_dropped_too() {
    use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    static DROPS: AtomicUsize = AtomicUsize::new(0);
    #[repr(align(32))]
    struct Counted;
    impl Drop for Counted {
        fn drop(&mut self) {
            DROPS.fetch_add(1, Relaxed);
        }
    }
    let mut tape = Tape::new();
    let w = Witness::new();
    tape.push(&w, Counted);
    tape.push(&w, Counted);
    assert_eq!((DROPS.load(Relaxed), tape.len(), tape.is_empty()), (0, 0, false));
    drop(tape.pop(&w));
    assert_eq!(DROPS.load(Relaxed), 1);
    tape.clear();
    assert_eq!((DROPS.load(Relaxed), tape.is_empty()), (2, true));
}

#[test]
fn slices_are_copied_and_restored() {
    let (floats, texts) = ([1.0, 2.0, 3.0], ["a".to_string(), "b".to_string()]);
    let mut tape = Tape::new();
    let (f, t) = (Witness::<f64>::new(), Witness::<String>::new());
    tape.push_slice(&f, &floats);
    tape.push_slice(&f, &[]);
    tape.push_slice(&t, &texts);
    let (mut old_floats, mut old_texts) = ([0.0; 3], [String::new(), "x".to_string()]);
    tape.pop_slice(&t, &mut old_texts);
    tape.pop_slice(&f, &mut []);
    tape.pop_slice(&f, &mut old_floats);
    assert_eq!((old_floats, &old_texts), (floats, &texts));
    assert!(tape.is_empty());
}

#[test]
fn frames_come_back_among_other_values() {
    let mut tape = Tape::new();
    let (f, g, s) = (Witness::<f64>::new(), Witness::<f32>::new(), Witness::<String>::new());
    for n in [0_usize, 1, 3, 1000] {
        tape.push(&s, n.to_string());
        for (i, slots) in tape.frame::<_, 2>(&f, n).iter_mut().enumerate() {
            slots[0].write(i as f64);
            slots[1].write(-(i as f64));
        }
        for (i, slots) in tape.frame::<_, 1>(&g, n).iter_mut().enumerate() {
            slots[0].write(i as f32);
        }
    }
    assert_eq!(tape.len(), 2 * 1004 + (1 + 2 + 500) + 4 * size_of::<String>().div_ceil(8));
    for n in [1000_usize, 3, 1, 0] {
        let halves = tape.take_frame::<_, 1>(&g, n);
        assert!(halves.len() == n && halves.iter().enumerate().all(|(i, [x])| *x == i as f32));
        let pairs = tape.take_frame::<_, 2>(&f, n);
        assert!(pairs.len() == n && pairs.iter().enumerate().all(|(i, [x, y])| (*x, *y) == (i as f64, -(i as f64))));
        assert_eq!(tape.pop(&s), n.to_string());
    }
    assert!(tape.is_empty());
}

#[test]
fn a_panic_while_a_frame_is_written_leaves_a_tape_that_can_be_cleared() {
    let mut tape = Tape::new();
    let result = catch_unwind(AssertUnwindSafe(|| {
        let frame = tape.frame::<f64, 1>(&Witness::new(), 10);
        frame[0][0].write(1.0);
        panic!("in a user's function");
    }));
    assert!(result.is_err() && tape.len() == 10);
    tape.clear();
    assert!(tape.is_empty());
}

#[test]
#[should_panic(expected = "larger than the address space")]
fn a_frame_beyond_the_address_space_panics() {
    Tape::new().frame::<f64, 2>(&Witness::new(), usize::MAX / 8);
}

#[test]
#[cfg(debug_assertions)]
fn canaries_catch_a_frame_of_another_size() {
    let text = panic_text(|| {
        let mut tape = Tape::new();
        tape.push(&Witness::new(), 0.0_f64);
        tape.frame::<f64, 1>(&Witness::new(), 3);
        tape.take_frame::<f64, 1>(&Witness::new(), 2);
    });
    assert!(text.contains("was pushed at word 1"), "{text}");
}

#[test]
fn loans_are_zeros_and_keep_their_memory() {
    let mut tape = Tape::new();
    let mut first = tape.zeros::<f64>(100);
    first.fill(2.0);
    let memory = first.as_ptr();
    tape.give_back(first);
    assert_eq!((tape.len(), tape.bytes()), (0, 800));
    let second = tape.zeros::<f64>(50);
    assert!(second.as_ptr() == memory && second == [0.0; 50]);
    let third = tape.zeros::<f32>(3);
    assert_eq!(third, [0.0_f32; 3]);
    tape.give_back(third);
    tape.give_back(second);
    assert_eq!(tape.bytes(), 800, "only f64 is kept");
    tape.release();
    assert_eq!(tape.bytes(), 0);
}

#[test]
fn memory_is_kept_and_the_high_water_mark_is_in_blocks() {
    let (mut tape, w) = (Tape::new(), Witness::new());
    let fill = |tape: &mut Tape| {
        (0..2000).for_each(|i| tape.push(&w, i));
        let bytes = tape.bytes();
        (0..2000).rev().for_each(|i| assert_eq!(tape.pop(&w), i));
        bytes
    };
    assert_eq!(fill(&mut tape), 16 * 1024); // 2000 words are 4 blocks of 512
    let place = tape.words.as_ptr();
    assert_eq!(fill(&mut tape), 16 * 1024);
    assert_eq!(tape.words.as_ptr(), place);
    tape.push(&Witness::new(), [0_u64; 5000]);
    assert_eq!(tape.bytes(), 40 * 1024);
    tape.clear();
    assert_eq!((tape.len(), tape.bytes()), (0, 40 * 1024));
    tape.release();
    assert_eq!(tape.bytes(), 0);
}

#[test]
fn a_panic_in_between_leaves_a_tape_that_can_be_cleared() {
    let owner = Rc::new(());
    let mut tape = Tape::new();
    let result = catch_unwind(AssertUnwindSafe(|| {
        for i in 0.. {
            tape.push(&Witness::new(), (owner.clone(), i));
            assert!(i < 10, "user code panics");
        }
    }));
    assert!(result.is_err());
    assert_eq!(Rc::strong_count(&owner), 12);
    tape.clear();
    assert_eq!((Rc::strong_count(&owner), tape.len()), (1, 0));
    tape.push(&Witness::new(), 1.0);
    assert_eq!(tape.pop::<f64>(&Witness::new()), 1.0);
}

#[test]
fn a_panic_in_clone_keeps_what_was_cloned() {
    struct Fragile(u32, Rc<()>);
    impl Clone for Fragile {
        fn clone(&self) -> Self {
            assert!(self.0 < 3, "clone panics");
            Self(self.0, self.1.clone())
        }
    }
    let owner = Rc::new(());
    let values: Vec<_> = (0..5).map(|i| Fragile(i, owner.clone())).collect();
    let mut tape = Tape::new();
    let result = catch_unwind(AssertUnwindSafe(|| tape.push_slice(&Witness::new(), &values)));
    assert!(result.is_err());
    assert_eq!(Rc::strong_count(&owner), 1 + 5 + 3);
    drop((tape, values));
    assert_eq!(Rc::strong_count(&owner), 1);
}

#[test]
fn a_panic_in_drop_drops_the_rest_later() {
    struct Bomb(bool, #[expect(dead_code, reason = "counts")] Rc<()>);
    impl Drop for Bomb {
        fn drop(&mut self) {
            assert!(!self.0, "drop panics");
        }
    }
    let owner = Rc::new(());
    let mut tape = Tape::new();
    for i in 0..4 {
        tape.push(&Witness::new(), Bomb(i == 2, owner.clone()));
    }
    assert!(catch_unwind(AssertUnwindSafe(|| tape.clear())).is_err());
    assert_eq!(Rc::strong_count(&owner), 3);
    tape.clear();
    assert_eq!((Rc::strong_count(&owner), tape.len()), (1, 0));
}

fn panic_text(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("it panics");
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or(payload.downcast_ref::<&str>().copied()).expect("a text").to_string()
}

#[test]
fn pop_of_an_empty_tape_panics_in_every_build() {
    let text = panic_text(|| {
        Tape::new().pop::<f64>(&Witness::new());
    });
    assert!(text.contains("pop of a `f64` from an empty tape"), "{text}");
}

#[cfg(debug_assertions)]
#[test]
fn canaries_catch_another_type() {
    let text = panic_text(|| {
        let mut tape = Tape::new();
        tape.push(&Witness::new(), 1.0_f64);
        tape.pop::<u64>(&Witness::new());
    });
    assert!(
        text.contains("pop of a `u64` at word 0, but a `f64` was pushed at word 0"),
        "{text}"
    );
}

#[test]
fn with_lends_cleared_tapes_and_nests() {
    Tape::release_pool();
    let owner = Rc::new(());
    let bytes = Tape::with(|outer| {
        outer.push(&Witness::new(), [1.0; 1000]);
        Tape::with(|inner| {
            assert_eq!((inner.len(), inner.bytes()), (0, 0));
            inner.push(&Witness::new(), owner.clone());
        });
        assert_eq!((Rc::strong_count(&owner), outer.len()), (1, 1000));
        outer.bytes()
    });
    assert_eq!(bytes, 8192);
    Tape::with(|again| assert_eq!((again.len(), again.bytes()), (0, 8192)));

    let result = catch_unwind(AssertUnwindSafe(|| {
        Tape::with(|tape| {
            tape.push(&Witness::new(), Box::new(owner.clone()));
            panic!("user code panics");
        })
    }));
    assert!(result.is_err());
    assert_eq!(Rc::strong_count(&owner), 1);
    Tape::with(|again| assert_eq!((again.len(), again.bytes()), (0, 8192)));
}

#[test]
fn witnesses_ask_nothing_of_their_type() {
    fn check<T: Copy + Send + Sync + Default>(_: T) {}
    check(Witness::<Rc<core::cell::Cell<String>>>::new());
    assert_eq!(alloc::format!("{:?}", Witness::<u8>::new()), "Witness<u8>");
}
