//! Tangents, tape, and derivative rules for scalars, arrays and std types.
