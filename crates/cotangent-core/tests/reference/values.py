"""Writes values.csv: every function of `Real` at points over its domain, to 25 digits. Needs mpmath.

Half of the points are exact in f32, so that one row serves both float types.
"""

import random
import struct
from pathlib import Path

import mpmath
from mpmath import mp, mpf

mp.dps = 60
random.seed(1)


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def logspace(low, high):
    return lambda: 10 ** random.uniform(low, high)


def signed(magnitude):
    return lambda: random.choice([-1, 1]) * magnitude()


def between(low, high):
    return lambda: random.uniform(low, high)


wide = signed(logspace(-6, 6))
positive = logspace(-6, 6)
gamma_points = [1.0, 2.0, 0.5, 1.5, 3.0, 1.4616321449683622, 1.4616321, 1.4616323, 10.0, 10.5, 1e-8, 100.0, 1e10]
unary = {
    "sqrt": (mpmath.sqrt, positive), "cbrt": (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), wide),
    "exp": (mpmath.exp, between(-80, 80)), "exp2": (lambda x: mpf(2) ** x, between(-120, 120)),
    "exp_m1": (mpmath.expm1, signed(logspace(-6, 1.5))), "ln": (mpmath.log, positive),
    "log2": (lambda x: mpmath.log(x, 2), positive), "log10": (mpmath.log10, positive),
    "ln_1p": (mpmath.log1p, logspace(-6, 6)), "sin": (mpmath.sin, wide), "cos": (mpmath.cos, wide),
    "tan": (mpmath.tan, wide), "asin": (mpmath.asin, between(-1, 1)), "acos": (mpmath.acos, between(-1, 1)),
    "atan": (mpmath.atan, wide), "sinh": (mpmath.sinh, signed(logspace(-6, 1.9))),
    "cosh": (mpmath.cosh, signed(logspace(-6, 1.9))), "tanh": (mpmath.tanh, signed(logspace(-6, 1.5))),
    "asinh": (mpmath.asinh, wide), "acosh": (mpmath.acosh, between(1, 50)), "atanh": (mpmath.atanh, between(-1, 1)),
    "recip": (lambda x: 1 / x, wide), "to_degrees": (mpmath.degrees, wide), "to_radians": (mpmath.radians, wide),
    "erf": (mpmath.erf, signed(logspace(-6, 1))), "erfc": (mpmath.erfc, between(-5, 9)),
    "lgamma": (mpmath.loggamma, logspace(-6, 6)), "digamma": (mpmath.digamma, logspace(-6, 6)),
    "trigamma": (lambda x: mpmath.psi(1, x), logspace(-6, 6)),
    "polygamma2": (lambda x: mpmath.psi(2, x), logspace(-3, 3)),
    "polygamma3": (lambda x: mpmath.psi(3, x), logspace(-3, 3)),
    "polygamma10": (lambda x: mpmath.psi(10, x), logspace(-1, 2)),
    "lgamma_negative": (lambda x: mpmath.log(abs(mpmath.gamma(x))), between(-20, 0)),
    "digamma_negative": (mpmath.digamma, between(-20, 0)),
    "trigamma_negative": (lambda x: mpmath.psi(1, x), between(-20, 0)),
    "polygamma2_negative": (lambda x: mpmath.psi(2, x), between(-20, 0)),
    "polygamma3_negative": (lambda x: mpmath.psi(3, x), between(-20, 0)),
}
binary = {
    "powf": (lambda x, y: x**y, logspace(-2, 2), between(-8, 8)), "atan2": (mpmath.atan2, wide, wide),
    "hypot": (mpmath.hypot, wide, wide), "log": (mpmath.log, logspace(-6, -1), logspace(1, 3)),
    "powi": (lambda x, y: x**y, signed(logspace(-1, 1)), lambda: random.randint(-12, 12)),
}
extra = {name: gamma_points for name in ("lgamma", "digamma", "trigamma", "polygamma2")}
extra["digamma"] = gamma_points + [1e15, 1e100]
extra["trigamma"] = gamma_points + [1e15, 1e100, 1e-100]

lines = ["function,x,y,value"]


def row(name, value, x, y=""):
    lines.append(f"{name},{x!r},{y!r},{mpmath.nstr(value, 25)}" if y != "" else f"{name},{x!r},,{mpmath.nstr(value, 25)}")


for name, (function, sample) in unary.items():
    points = [sample() for _ in range(30)]
    for x in [single(x) for x in points[:15]] + points[15:] + extra.get(name, []):
        row(name, mpmath.re(function(mpf(x))), x)
for name, (function, sample_x, sample_y) in binary.items():
    for i in range(30):
        x, y = sample_x(), sample_y()
        x, y = (single(x), single(y)) if i < 15 else (x, float(y))
        row(name, function(mpf(x), mpf(y)), x, y)
Path(__file__).with_name("values.csv").write_text("\n".join(lines) + "\n")
