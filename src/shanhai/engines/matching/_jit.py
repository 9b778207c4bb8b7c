"""Compile kernels once and keep the machine code in a folder of the user, never beside the module.

Numba keys a cached function by its own file alone, so a changed helper in another file would go unseen;
here the folder's name carries a digest of all sources that hold kernels. Where no folder can be written the
kernels are compiled anew in each process.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
_CONFIG: Any = numba.config
_OFF = "SHANHAI_MATCHING_CACHE"
"""Environment variable that names another folder for the compiled kernels."""
ir: Any = vars(cgutils)["ir"]
"""The writer of machine code that numba itself uses."""
_READ, _KEEP, _DATA = 0, 3, 1
"""Of LLVM's prefetch: to read, kept in every cache, data."""


def kernel(function: F) -> F:
    """Compile a function at its first call, releasing the interpreter lock; the machine code is cached."""
    return _compiled(function, parallel=False)


def borrower(function: F) -> F:
    """Compile a kernel that makes no array, so that nothing counts references: counting them is atomic and slow."""
    return _compiled(function, parallel=False, _nrt=False)


def inlined(function: F) -> F:
    """Compile a helper into its callers: a call would count references to every array it is handed."""
    return cast("F", numba.njit(inline="always")(function))


def parallel_kernel(function: F) -> F:
    """Compile a function whose `prange` loops use every core."""
    return _compiled(function, parallel=True)


def _prefetch(_context: Any, array: Any, at: Any) -> Any:  # noqa: ARG001 - an integer
    """Return type and code of `prefetch`."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = context.make_array(signature.args[0])(context, builder, arguments[0])
        row = arguments[1]
        if signature.args[0].ndim > 1:
            row = builder.mul(row, builder.extract_value(found.shape, 1))
        byte, number = ir.PointerType(ir.IntType(8)), ir.IntType(32)
        pointer = builder.bitcast(builder.gep(found.data, [row]), byte)
        shape = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        asked = builder.module.declare_intrinsic("llvm.prefetch", [byte], shape)
        builder.call(asked, [pointer, number(_READ), number(_KEEP), number(_DATA)])
        return context.get_dummy_value()

    return types.void(array, types.intp), emit


prefetch = cast("Callable[[NDArray[Any], int | np.int64], None]", intrinsic(_prefetch))
"""Ask for the cache line of an array's element (of a row's first) without waiting for it; within kernels alone."""


def _compiled(function: F, *, parallel: bool, **more: Any) -> F:
    folder = cache_folder()
    before = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = folder
    try:
        made = numba.njit(cache=bool(folder), nogil=True, parallel=parallel, **more)(function)
    finally:
        _CONFIG.CACHE_DIR = before
    return cast("F", made)


@cache
def cache_folder() -> str:
    """Return a writable folder for this version of the engine's kernels, or "" where there is none."""
    for base in _bases():
        folder = base / f"matching-{_sources()}"
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return str(folder)
    return ""


def _bases() -> list[Path]:
    if named := os.environ.get(_OFF):
        return [Path(named)]
    home = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return [Path(home) / "shanhai", Path(tempfile.gettempdir()) / f"shanhai-{os.getuid()}"]


def _sources() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        source = path.read_bytes()
        if b"_jit" in source:  # a kernel calls kernels alone, and they are made here
            digest.update(source)
    return digest.hexdigest()[:12]
