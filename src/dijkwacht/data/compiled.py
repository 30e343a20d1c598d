"""Loops over arrays as machine code: plain Python, which numba compiles on first use and keeps beside the source.

A loop that looks at each byte or bit once beats a dozen passes of whole-column operations, and reads better. Compiled
functions take and give arrays and numbers only, and call no other function of ours.
"""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Give the function as machine code, made at its first call, so that no command waits for it that needs it not.

    Numbers are those of C: an integer that grows too large wraps. Indices are not checked.
    """

    @functools.cache
    def machine_code() -> Callable[P, R]:
        import numba

        make: Any = functools.partial(numba.njit, nogil=True, error_model="numpy")
        try:
            return cast("Callable[P, R]", make(function, cache=True))
        except RuntimeError:  # no folder to keep it in can be written to: it is made anew in each process
            return cast("Callable[P, R]", make(function))

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return machine_code()(*args, **kwargs)

    return call
