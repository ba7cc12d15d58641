//! The attribute and derive macros of cotangent; they only forward to cotangent-compiler.
