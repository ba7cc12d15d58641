//! Checks the derivatives of your own functions and rules.
