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
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])
_CONFIG: Any = numba.config
_OFF = "SHANHAI_MATCHING_CACHE"
"""Environment variable that names another folder for the compiled kernels."""


def kernel(function: F) -> F:
    """Compile a function at its first call, releasing the interpreter lock; the machine code is cached."""
    return _compiled(function, parallel=False)


def inlined(function: F) -> F:
    """Compile a helper into its callers: a call would count references to every array it is handed."""
    return cast("F", numba.njit(inline="always")(function))


def parallel_kernel(function: F) -> F:
    """Compile a function whose `prange` loops use every core."""
    return _compiled(function, parallel=True)


def _compiled(function: F, *, parallel: bool) -> F:
    folder = cache_folder()
    before = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = folder
    try:
        made = numba.njit(cache=bool(folder), nogil=True, parallel=parallel)(function)
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
