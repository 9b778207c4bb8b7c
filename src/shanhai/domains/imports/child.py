"""The reading process: parse one untrusted file under limits and write the answer to standard output.

A parser that runs wild is ended by the kernel, not by hope; the platform's own process only ever sees
text cells. Run as `python -m shanhai.domains.imports.child FILE KIND`.
"""

import resource
import sys
from pathlib import Path

import msgspec

from shanhai.domains.imports.book import Answer
from shanhai.kernel.errors import InvalidInputError

MEMORY = 512 << 20
SECONDS = 20
FILES = 64
MAX_ANSWER = 64 << 20


def limit() -> None:
    """Bound address space, processor time, written bytes and open files for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))


def answer(path: Path, kind: str) -> Answer:
    """Read the file or say why not."""
    from shanhai.domains.imports.workbook import read_workbook  # noqa: PLC0415 - under the limits

    try:
        return Answer(read_workbook(path, kind))
    except InvalidInputError as error:
        return Answer([], error.code, {k: str(v) for k, v in error.facts.items()})
    except MemoryError:
        return Answer([], "import.file.memory")


if __name__ == "__main__":
    limit()
    said = msgspec.msgpack.encode(answer(Path(sys.argv[1]), sys.argv[2]))
    if len(said) > MAX_ANSWER:  # the platform's process must not pay for what the file repeats
        said = msgspec.msgpack.encode(Answer([], "import.file.memory"))
    sys.stdout.buffer.write(said)
