"""Runs typst, in a process of its own: fonts and layout take 130 MB that a web process would never give back.

`pdf` and `fonts` start this file and write one job to its standard input; the answer is what was made. Knows no
Django and nothing of ours.
"""

import json
import resource
import sys
from datetime import UTC, datetime
from typing import Any

import typst

MAX_BYTES = 4 * 2**30
MAX_SECONDS = 60


def families(folders: list[str]) -> bytes:
    """Return the names of every typeface here as a JSON array."""
    return json.dumps(sorted(typst.Fonts(font_paths=folders).families())).encode()


def compiled(job: dict[str, Any]) -> bytes:
    """Return the PDF/A of a job, or the picture of its first page where it asks for a resolution."""
    common: dict[str, Any] = {
        "font_paths": typst.Fonts(font_paths=job["folders"]),
        "sys_inputs": job["inputs"],
    }
    template = job["template"].encode()
    if "ppi" in job:
        pages = typst.compile(template, format="png", ppi=job["ppi"], **common)
        return bytes(pages[0] if isinstance(pages, list) else pages)
    made = datetime.fromtimestamp(job["time_s"], UTC)
    return bytes(typst.compile(template, timestamp=made, pdf_standards=job["standard"], **common))


def main() -> None:
    """Do the job on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    job = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(compiled(job) if "template" in job else families(job["folders"]))


if __name__ == "__main__":
    main()
