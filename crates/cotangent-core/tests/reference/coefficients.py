"""Prints the coefficients in src/special.rs. Needs mpmath."""

from mpmath import bernoulli, chebyfit, digamma, findroot, mp, mpf, nstr, psi

mp.dps = 50

root = findroot(digamma, mpf("1.4616321449683623412626595423257213"))
high = mpf(float(root))
print("root, high part", repr(float(high)))
print("root, low part ", repr(float(root - high)))

# digamma(x) / (x - root) on 1..=2, as a polynomial in t = 2 x - 3. The nearest pole, 0, is at t = -3, so that the
# Chebyshev series shrinks by 3 + sqrt(8) = 5.8 a term: 23 terms reach 1e-17.
def quotient(t):
    x = (t + 3) / 2
    return digamma(x) / (x - root) if abs(x - root) > mpf(10) ** -20 else psi(1, root)


coefficients, error = chebyfit(quotient, [-1, 1], 23, error=True)
print("largest error", nstr(error, 3))
for c in reversed(coefficients):
    print(f"    {float(c)!r},")

print("Bernoulli numbers B_2k / (2k)!, for the Hurwitz zeta function")
for k in range(1, 13):
    print(f"    {float(bernoulli(2 * k) / mp.factorial(2 * k))!r},")
print("Bernoulli numbers B_2k / 2k, for digamma")
for k in range(1, 9):
    print(f"    {float(bernoulli(2 * k) / (2 * k))!r},")
