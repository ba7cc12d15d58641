#!/usr/bin/env python3
"""JAX (jit, x64, one thread) on the inputs of ADBench: prints the same line of JSON as cotangent-bench.

    pip install jax
    python3 benches/jax_adbench.py crates/cotangent-bench/data/gmm_1k_d10_K25.json [--seconds S] [--out OUT.json]

`gradient_ms` is one call of the compiled value-and-gradient (Jacobians: values and Jacobian), `primal_ms` one of the
compiled function; compiling is reported apart, as `compile_ms`. Both are the minimum of ten or more interleaved rounds.
"""

import argparse
import json
import math
import os
import resource
import sys
import tempfile
import time

# One thread, set before JAX starts its pool; pinning makes sure of it.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

TOLERANCE = 1e-9


def gmm(data):
    """Returns (function, gradient, arguments, names)."""
    d, k, n = data["d"], data["k"], data["n"]
    x = jnp.array(data["x"]).reshape(n, d)
    gamma, m = data["gamma"], data["m"]
    # Strictly lower triangle by columns.
    columns, rows = np.triu_indices(d, 1)
    degrees = d + m + 1
    constant = degrees * d * (math.log(gamma) - 0.5 * math.log(2)) - (
        0.25 * d * (d - 1) * math.log(math.pi)
        + sum(math.lgamma(0.5 * degrees + 0.5 * (1 - j)) for j in range(1, d + 1))
    )

    def objective(alphas, means, icf):
        q, lower = icf[:, :d], icf[:, d:]
        factors = jnp.zeros((k, d, d)).at[:, rows, columns].set(lower)
        factors = factors + jnp.exp(q)[:, :, None] * jnp.eye(d)
        centered = x[:, None, :] - means[None]
        y = jnp.einsum("kij,nkj->nki", factors, centered)
        q_sums = q.sum(axis=1)
        terms = alphas + q_sums - 0.5 * (y * y).sum(axis=2)
        prior = 0.5 * gamma**2 * ((jnp.exp(2 * q)).sum() + (lower * lower).sum()) - m * q_sums.sum()
        total = jax.nn.logsumexp(terms, axis=1).sum() - n * jax.nn.logsumexp(alphas)
        return -n * d * 0.5 * math.log(2 * math.pi) + total + prior - k * constant

    arguments = (
        jnp.array(data["alphas"]),
        jnp.array(data["means"]).reshape(k, d),
        jnp.array(data["icf"]).reshape(k, d * (d + 1) // 2),
    )
    gradient = jax.value_and_grad(objective, argnums=(0, 1, 2))

    def names(result):
        value, (alphas, means, icf) = result
        return {"objective": value, "d_alphas": alphas, "d_means": means, "d_icf": icf}

    return objective, gradient, arguments, names


def rotate(r, x):
    """Rodrigues' rotation; to first order where `r` is exactly zero."""
    square = (r * r).sum()
    zero = square == 0.0
    # The untaken branch must stay finite: its NaN would come through the derivative of `where`.
    angle = jnp.sqrt(jnp.where(zero, 1.0, square))
    w = r / angle
    turned = x * jnp.cos(angle) + jnp.cross(w, x) * jnp.sin(angle) + w * (w @ x) * (1 - jnp.cos(angle))
    return jnp.where(zero, x + jnp.cross(r, x), turned)


def ba(data):
    """Returns (function, gradient, arguments, names)."""
    replicated = data["kind"] == "ba_replicated"
    if replicated:
        p = data["p"]
        cameras = jnp.tile(jnp.array(data["cam"]), (p, 1))
        points = jnp.tile(jnp.array(data["X"]), (p, 1))
        weights, features = jnp.full(p, data["w"]), jnp.tile(jnp.array(data["feat"]), (p, 1))
    else:
        seen = np.array(data["obs"]).reshape(-1, 2)
        cameras = jnp.array(data["cams"]).reshape(-1, 11)[seen[:, 0]]
        points = jnp.array(data["X"]).reshape(-1, 3)[seen[:, 1]]
        weights, features = jnp.array(data["w"]), jnp.array(data["feats"]).reshape(-1, 2)
    parameters = jnp.concatenate([cameras, points, weights[:, None]], axis=1)

    def residual(v, feature):
        camera, point, weight = v[:11], v[11:14], v[14]
        seen = rotate(camera[:3], point - camera[3:6])
        at = seen[:2] / seen[2]
        square = at @ at
        at = at * (1 + camera[9] * square + camera[10] * square * square)
        return weight * (camera[6] * at + camera[7:9] - feature)

    def weight_error(w):
        return 1 - w * w

    def primal(parameters, features):
        return jax.vmap(residual)(parameters, features), weight_error(parameters[:, 14])

    # Two rows, fifteen columns: reverse mode, a vector for each row.
    def one(v, feature):
        value, pullback = jax.vjp(lambda v: residual(v, feature), v)
        return value, jax.vmap(lambda bar: pullback(bar)[0])(jnp.eye(2))

    def jacobian(parameters, features):
        errors, blocks = jax.vmap(one)(parameters, features)
        w_error, w_slope = jax.vmap(jax.value_and_grad(weight_error))(parameters[:, 14])
        return errors, w_error, blocks, w_slope

    def names(result):
        errors, w_error, blocks, w_slope = result
        if replicated:
            return {
                "reproj_err": errors[0],
                "w_err": w_error[0],
                "J_block_2x15_rowmajor": blocks[0],
                "J_w": w_slope[0],
            }
        return {"reproj_err": errors, "w_err": w_error, "J_blocks": blocks, "J_w": w_slope}

    return primal, jacobian, (parameters, features), names


def lstm(data):
    """Returns (function, gradient, arguments, names)."""
    layers, b, c = data["l"], data["b"], data["c"]
    state = jnp.array(data["state"]).reshape(layers, 2, b)
    sequence = jnp.array(data["sequence"]).reshape(c, b)

    def step(main, extra, state, character):
        fed, fresh = character * extra[0], []
        for layer in range(layers):
            weight, bias = main[layer, :4], main[layer, 4:]
            hidden, cell = state[layer]
            forget = jax.nn.sigmoid(fed * weight[0] + bias[0])
            ingate = jax.nn.sigmoid(hidden * weight[1] + bias[1])
            outgate = jax.nn.sigmoid(fed * weight[2] + bias[2])
            change = jnp.tanh(hidden * weight[3] + bias[3])
            cell = cell * forget + ingate * change
            fed = outgate * jnp.tanh(cell)
            fresh.append(jnp.stack([fed, cell]))
        y = fed * extra[1] + extra[2]
        return jnp.stack(fresh), y - jnp.log(2 + jnp.exp(y).sum())

    def objective(main, extra):
        _, predicted = jax.lax.scan(lambda s, x: step(main, extra, s, x), state, sequence[:-1])
        return -(sequence[1:] * predicted).sum() / ((c - 1) * b)

    arguments = (
        jnp.array(data["main_params"]).reshape(layers, 8, b),
        jnp.array(data["extra_params"]).reshape(3, b),
    )
    gradient = jax.value_and_grad(objective, argnums=(0, 1))

    def names(result):
        value, (main, extra) = result
        return {"objective": value, "d_main_params": main, "d_extra_params": extra}

    return objective, gradient, arguments, names


def euler(x, z, y):
    """Rz(z) Ry(y) Rx(x) as a 4x4 matrix."""
    sx, cx, sy, cy, sz, cz = (f(a) for a in (x, y, z) for f in (jnp.sin, jnp.cos))
    zero, one = jnp.zeros_like(x), jnp.ones_like(x)
    return jnp.array(
        [
            [cy * cz, -cx * sz + sx * sy * cz, sx * sz + cx * sy * cz, zero],
            [cy * sz, cx * cz + sx * sy * sz, -sx * cz + cx * sy * sz, zero],
            [-sy, sx * cy, cx * cy, zero],
            [zero, zero, zero, one],
        ]
    )


def angle_axis(r):
    """The rotation of an angle-axis vector; the identity where its norm is below 1e-4."""
    square = (r * r).sum()
    small = square < 1e-8
    norm = jnp.sqrt(jnp.where(small, 1.0, square))
    w = r / norm
    spin = jnp.array([[0, -w[2], w[1]], [w[2], 0, -w[0]], [-w[1], w[0], 0]])
    turned = jnp.cos(norm) * jnp.eye(3) + (1 - jnp.cos(norm)) * jnp.outer(w, w) + jnp.sin(norm) * spin
    return jnp.where(small, jnp.eye(3), turned)


def hand(data, folder):
    """Returns (function, gradient, arguments, names)."""
    with open(os.path.join(folder, data["model"]), encoding="utf-8") as file:
        model = json.load(file)
    bones = model["n_bones"]
    relatives = jnp.array(model["base_relatives"]).reshape(bones, 4, 4)
    inverses = jnp.array(model["inverse_base_absolutes"]).reshape(bones, 4, 4)
    base = jnp.array(model["base_positions"]).reshape(-1, 4)
    weights = np.zeros((base.shape[0], bones))
    for vertex, row in enumerate(model["weights_sparse"]):
        for bone, weight in row:
            weights[vertex, bone] += weight
    weights = jnp.array(weights)
    found = np.array(data["correspondences"])
    points = jnp.array(data["points"]).reshape(-1, 3)
    count = len(found)
    # Which parameter bends and which spreads each bone; 26 stands for "none".
    bend, spread, at = np.full(bones, 26), np.full(bones, 26), 6
    for finger in range(5):
        for joint in range(3):
            bend[2 + 4 * finger + joint] = at
            at += 1
            if joint == 0:
                spread[2 + 4 * finger] = at
                at += 1

    def vertices(theta):
        padded = jnp.append(theta, 0.0)
        absolutes = []
        for bone, parent in enumerate(model["parents"]):
            turn = euler(padded[bend[bone]], padded[spread[bone]], jnp.zeros(()))
            relative = relatives[bone] @ turn
            absolutes.append(relative if parent < 0 else absolutes[parent] @ relative)
        transforms = jnp.stack(absolutes) @ inverses
        skinned = jnp.einsum("vb,bij,vj->vi", weights, transforms[:, :3], base)
        return skinned @ angle_axis(theta[:3]).T + theta[3:6]

    if data["kind"] == "hand_simple":

        def objective(theta):
            return (points - vertices(theta)[found]).ravel()

        arguments = (jnp.array(data["theta"]),)

        def jacobian(theta):
            return objective(theta), jax.jacfwd(objective)(theta)

    else:
        corners = np.array(model["triangles"]).reshape(-1, 3)[found]

        def objective(us, theta):
            v = vertices(theta)[corners]
            share = jnp.concatenate([us, 1 - us.sum(axis=1, keepdims=True)], axis=1)
            return (points - jnp.einsum("nc,nci->ni", share, v)).ravel()

        arguments = (jnp.array(data["us"]).reshape(-1, 2), jnp.array(data["theta"]))

        def jacobian(us, theta):
            # Every point has its own two coordinates, so two directions give all of their columns.
            by_us = [
                jax.jvp(lambda u: objective(u, theta), (us,), (jnp.zeros_like(us).at[:, e].set(1.0),))[1]
                for e in range(2)
            ]
            by_theta = jax.jacfwd(objective, argnums=1)(us, theta)
            return objective(us, theta), jnp.concatenate([jnp.stack(by_us, axis=1), by_theta], axis=1)

    def names(result):
        value, jacobian = result
        return {
            "objective": value,
            "jacobian_nrows": 3 * count,
            "jacobian_ncols": jacobian.shape[1],
            "jacobian_colmajor": jacobian.T,
        }

    return objective, jacobian, arguments, names


def interleaved(tasks, seconds):
    """The best time of one call of each task, in milliseconds."""

    def timed(task, calls):
        start = time.perf_counter()
        for _ in range(calls):
            jax.block_until_ready(task())
        return time.perf_counter() - start

    calls = []
    for task in tasks:
        count = 1
        timed(task, 1)
        while timed(task, count) < 2e-3:
            count *= 2
        calls.append(count)
    best, start, rounds = [math.inf] * len(tasks), time.perf_counter(), 0
    while rounds < 10 or time.perf_counter() - start < seconds:
        for i, task in enumerate(tasks):
            best[i] = min(best[i], timed(task, calls[i]) * 1e3 / calls[i])
        rounds += 1
    return best


def max_error(got, want):
    """The largest |got - want| / (1 + |want|) over all that is expected."""
    worst = None
    for name, value in want.items():
        g, w = np.ravel(np.asarray(got[name], dtype=float)), np.ravel(np.asarray(value, dtype=float))
        if g.shape != w.shape:
            sys.exit(f"error: {name} has {g.size} entries, expected {w.size}")
        worst = np.fmax(worst or 0.0, np.max(np.abs(g - w) / (1 + np.abs(w))))
    return None if worst is None else float(worst)


def write(path, value):
    """Writes to a temporary name, then renames."""
    with tempfile.NamedTemporaryFile("w", dir=os.path.dirname(path) or ".", delete=False, encoding="utf-8") as file:
        json.dump(value, file)
    os.replace(file.name, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="an input in the format of crates/cotangent-bench/data/README.md")
    parser.add_argument("--seconds", type=float, default=1.0, help="measure for so long; ten rounds at least")
    parser.add_argument("--out", help="write the derivatives here")
    arguments = parser.parse_args()
    with open(arguments.file, encoding="utf-8") as file:
        data = json.load(file)
    kind, folder = data.get("kind"), os.path.dirname(arguments.file)
    makers = {
        "gmm": gmm,
        "ba": ba,
        "ba_replicated": ba,
        "lstm": lstm,
        "hand_simple": lambda d: hand(d, folder),
        "hand_complicated": lambda d: hand(d, folder),
    }
    if kind not in makers:
        sys.exit(f"error: {arguments.file}: found kind {kind!r}; expected one of {', '.join(makers)}")
    function, gradient, inputs, names = makers[kind](data)
    primal, derivative = jax.jit(function), jax.jit(gradient)
    start = time.perf_counter()
    jax.block_until_ready(primal(*inputs))
    result = jax.block_until_ready(derivative(*inputs))
    compile_ms = (time.perf_counter() - start) * 1e3
    primal_ms, gradient_ms = interleaved([lambda: primal(*inputs), lambda: derivative(*inputs)], arguments.seconds)
    derivatives = {name: np.ravel(value).tolist() if np.ndim(value) else float(value) for name, value in names(result).items()}
    line = {
        "kind": kind,
        "tool": "jax",
        "primal_ms": primal_ms,
        "gradient_ms": gradient_ms,
        "ratio": gradient_ms / primal_ms,
        "compile_ms": compile_ms,
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    error = max_error(derivatives, data.get("expected", {}))
    if error is not None:
        line["max_error"] = error
    print(json.dumps(line))
    if arguments.out:
        write(arguments.out, derivatives)
    if error is not None and not error <= TOLERANCE:
        sys.exit(f"error: the derivatives are off by {error:e}, at most {TOLERANCE:e} is expected")


if __name__ == "__main__":
    main()
