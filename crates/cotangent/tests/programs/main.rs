//! Programs as people write them: value, both modes and differences agree.
#![allow(clippy::all)] // they are not written for this project

mod algebra;
mod control;
mod numerics;
mod simulation;
mod statistics;
