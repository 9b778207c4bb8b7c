"""Types shared by the tests of imports."""

from collections.abc import Callable, Sequence

from shanhai.domains.imports.result import ImportResult

Rows = Sequence[Sequence[object]]
Read = Callable[..., ImportResult]
