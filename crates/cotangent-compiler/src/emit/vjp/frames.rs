//! Frames: where all that the iterations of a loop record is numbers, as many in each, the tape makes room once and the
//! loop writes by index. Pushes, which check the room each time, would keep the loop from vectorising.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::Vjp;
use crate::ir::{FloatTy, Ty};
use crate::mutant::{self, Mutant};

/// What the iterations of a loop record, while its body is emitted.
pub struct Recording {
    /// Position of the loop.
    pos: usize,
    /// Depth of its body.
    depth: usize,
    /// Numbers that each iteration records, and their type.
    slots: usize,
    ty: Option<Ty>,
    /// Nothing else is recorded, and every iteration records the same.
    fits: bool,
}

impl Vjp<'_> {
    /// Begins the body of the loop at `pos`; `counted`: it runs through its whole range.
    pub(super) fn begin_recording(&self, pos: usize, depth: usize, counted: bool) {
        self.recordings.borrow_mut().push(Recording {
            pos,
            depth,
            slots: 0,
            ty: None,
            fits: counted,
        });
    }

    /// Ends it, and notes whether the next round can use a frame.
    pub(super) fn end_recording(&self) {
        let recording = self.recordings.borrow_mut().pop().expect("begun with the loop");
        if recording.fits && recording.slots > 0 {
            self.found.borrow_mut().frames.insert(recording.pos, recording.slots);
        }
    }

    /// The slot for a value of this type that is recorded at this depth, where the loop has a frame.
    pub(super) fn slot(&self, depth: usize, ty: &Ty) -> Option<TokenStream> {
        let mut recordings = self.recordings.borrow_mut();
        let (innermost, outer) = recordings.split_last_mut()?;
        outer.iter_mut().for_each(|r| r.fits = false);
        // The types of several literals may be inferred as different ones.
        let same = innermost.ty.as_ref().is_none_or(|t| t == ty && *ty != Ty::Float(FloatTy::Literal));
        innermost.fits &= innermost.depth == depth && ty.is_float() && same;
        if !innermost.fits {
            return None;
        }
        innermost.ty = Some(ty.clone());
        let k = if mutant::on(Mutant::FrameSlotShared) { 0 } else { innermost.slots };
        innermost.slots += 1;
        let slots = self.known.frames.contains_key(&innermost.pos).then(|| slots_name(innermost.pos))?;
        Some(quote!(#slots[#k]))
    }

    /// The head of a loop whose iterations record in a frame, forward and in reverse; `None` where they do not.
    pub(super) fn framed(&self, pos: usize, var: &Ident, ranges: (&TokenStream, &TokenStream)) -> Option<(TokenStream, TokenStream)> {
        let n = *self.known.frames.get(&pos)?;
        let (slots, w, range) = (slots_name(pos), self.witness(), self.fresh("range"));
        let (forward, reverse) = ranges;
        let (frame, taken) = (
            quote!(__tape.frame::<_, #n>(&#w, __p::trips(&#range))),
            quote!(__tape.take_frame::<_, #n>(&#w, __p::trips(&#range))),
        );
        let slots_rev = if mutant::on(Mutant::FrameNotReversed) {
            quote!(#taken)
        } else {
            quote!(__p::backwards(#taken.iter()))
        };
        Some((
            quote!(let #range = #forward; for (#slots, #var) in __p::beside(#frame, #range)),
            quote!(let #range = #reverse; for (#slots, #var) in __p::beside(#slots_rev, __p::backwards(#range))),
        ))
    }
}

fn slots_name(pos: usize) -> Ident {
    format_ident!("__slots{pos}", span = Span::mixed_site())
}
