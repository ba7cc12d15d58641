"""Runs SciPy, CasADi (CVODES) and diffrax on problems of crates/cotangent-bench/data/ode/problems.json, one thread.

    python benches/ode/peers.py lotka_volterra --rtol 1e-8 --atol 1e-8
    python benches/ode/peers.py rober_t1e5 --rtol 1e-4 --atol 1e-8

Prints one JSON line a tool: the state at the end, its distance from a reference at rtol 1e-12, and the best of ten times, in ms,
of a solve and of the gradient of half the sum of squares at the end by the parameters. A tool that is not installed is
left out (`pip install scipy casadi diffrax`). Compare at equal distance from the reference, not at equal tolerance.
"""

import argparse
import json
import os
import pathlib
import time

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("OMP_NUM_THREADS", "1")


def lotka_volterra(y, p):
    return [p[0] * y[0] - p[1] * y[0] * y[1], p[3] * y[0] * y[1] - p[2] * y[1]]


def rober(y, p):
    a, b, c = p[0] * y[0], p[2] * y[1] * y[2], p[1] * y[1] * y[1]
    return [b - a, a - b - c, c]


PROBLEMS = {
    "lotka_volterra": (lotka_volterra, False),
    "lotka_volterra_t100": (lotka_volterra, False),
    "rober_t40": (rober, True),
    "rober_t1e5": (rober, True),
}


def best(call, rounds=10):
    call()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def scipy_tool(problem, rhs, stiff, rtol, atol):
    import numpy as np
    from scipy.integrate import solve_ivp

    method = "LSODA" if stiff else "DOP853"
    p = problem["p"]

    def solve(rtol=rtol, atol=atol):
        span = (problem["t0"], problem["t1"])
        return solve_ivp(lambda t, y: rhs(y, p), span, np.array(problem["y0"]), method=method, rtol=rtol, atol=atol).y[:, -1]

    return f"scipy {method}", solve().tolist(), best(solve), None


def casadi_tool(problem, rhs, stiff, rtol, atol):
    import casadi

    n, count = len(problem["y0"]), len(problem["p"])
    y, p = casadi.SX.sym("y", n), casadi.SX.sym("p", count)
    system = {"x": y, "p": p, "ode": casadi.vertcat(*rhs([y[i] for i in range(n)], [p[i] for i in range(count)]))}
    options = {"reltol": rtol, "abstol": atol, "max_num_steps": 1_000_000}
    solver = casadi.integrator("solver", "cvodes", system, problem["t0"], problem["t1"], options)
    parameters = casadi.MX.sym("p", count)
    end = solver(x0=problem["y0"], p=parameters)["xf"]
    loss = 0.5 * casadi.dot(end, end)
    value = casadi.Function("value", [parameters], [end])
    # One scalar by several parameters: CasADi takes the adjoint.
    slope = casadi.Function("slope", [parameters], [casadi.gradient(loss, parameters)])
    at = problem["p"]
    return "casadi cvodes", [float(v) for v in value(at).full().ravel()], best(lambda: value(at)), best(lambda: slope(at))


def diffrax_tool(problem, rhs, stiff, rtol, atol):
    import jax

    jax.config.update("jax_enable_x64", True)
    import diffrax
    import jax.numpy as jnp

    method = diffrax.Kvaerno5() if stiff else diffrax.Tsit5()
    term = diffrax.ODETerm(lambda t, y, p: jnp.stack(rhs(y, p)))
    y0 = jnp.array(problem["y0"])
    controller = diffrax.PIDController(rtol=rtol, atol=atol)

    def end(p, adjoint):
        span = (problem["t0"], problem["t1"])
        solution = diffrax.diffeqsolve(
            term, method, *span, None, y0, args=p, stepsize_controller=controller, max_steps=4096, adjoint=adjoint
        )
        return solution.ys[-1]

    p = jnp.array(problem["p"])
    value = jax.jit(lambda p: end(p, diffrax.RecursiveCheckpointAdjoint()))
    slope = jax.jit(jax.grad(lambda p: 0.5 * jnp.sum(end(p, diffrax.RecursiveCheckpointAdjoint()) ** 2)))
    forward = jax.jit(jax.jacfwd(lambda p: 0.5 * jnp.sum(end(p, diffrax.ForwardMode()) ** 2)))
    wait = lambda f: best(lambda: f(p).block_until_ready())
    return f"diffrax {type(method).__name__}", value(p).tolist(), wait(value), {"reverse": wait(slope), "forward": wait(forward)}


def reference(problem, rhs):
    import numpy as np
    from scipy.integrate import solve_ivp

    span = (problem["t0"], problem["t1"])
    return solve_ivp(lambda t, y: rhs(y, problem["p"]), span, np.array(problem["y0"]), method="Radau", rtol=1e-12, atol=1e-16).y[:, -1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problem", choices=sorted(PROBLEMS))
    parser.add_argument("--rtol", type=float, required=True)
    parser.add_argument("--atol", type=float, required=True)
    arguments = parser.parse_args()
    path = pathlib.Path(__file__).parents[2] / "crates/cotangent-bench/data/ode/problems.json"
    problem = next(p for p in json.loads(path.read_text())["problems"] if p["id"] == arguments.problem)
    rhs, stiff = PROBLEMS[arguments.problem]
    exact = reference(problem, rhs)
    for tool in (scipy_tool, casadi_tool, diffrax_tool):
        try:
            name, end, forward, gradient = tool(problem, rhs, stiff, arguments.rtol, arguments.atol)
        except ImportError as error:
            print(json.dumps({"tool": tool.__name__, "absent": str(error)}))
            continue
        distance = max(abs(a - b) / abs(b) for a, b in zip(end, exact))
        print(json.dumps({"tool": name, "y_end": end, "error": distance, "forward_ms": forward, "gradient_ms": gradient}), flush=True)


if __name__ == "__main__":
    main()
