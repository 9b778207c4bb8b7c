"""Titles in, codes out: a column `title` becomes title,code,name,confidence,top10."""

from pathlib import Path

from shanhai.engines.matching import tables
from shanhai.engines.matching.occupations import Coder, embedder, occupations


def code_file(
    titles: Path, out: Path, margin: float, aliases: Path | None = None, *, embeddings: bool = False
) -> tuple[int, int]:
    """Code the titles of a file.

    Args:
        titles: CSV or Parquet with a column `title`.
        out: Written in the order of the titles: title,code,name,confidence,top10,method. An empty code means ask a
            person; `top10` holds `code name` parted by `|`, best first.
        margin: Lead below which a person is asked.
        aliases: More aliases, a TOML file.
        embeddings: Whether to use the extra.

    Returns:
        How many were coded, and of how many a person is asked.

    Raises:
        InvalidInputError: A file cannot be read, or an extra is not installed.
    """
    table = tables.read_table(titles, ("title",))
    texts = [str(one) if one is not None else "" for one in table["title"].to_pylist()]
    coder = Coder(occupations(aliases), embedder() if embeddings else None)
    found = coder.code(texts, margin) if texts else []
    tables.write_table(
        out,
        {
            "title": [one.title for one in found],
            "code": [one.code for one in found],
            "name": [one.name for one in found],
            "confidence": [one.confidence for one in found],
            "top10": ["|".join(f"{code} {name}" for code, name in one.top) for one in found],
            "method": [one.method for one in found],
        },
    )
    coded = sum(bool(one.code) for one in found)
    return coded, len(found) - coded
