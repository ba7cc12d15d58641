//! Benchmarks of cotangent beside hand-written adjoints and its peers.
