"""Open data: every file says what it holds, loses no row, and keeps unknown apart from zero."""

import csv
import io
import json

import pytest

from shanhai.domains.portal import datasets
from shanhai.domains.portal.datasets import DATASETS, Dataset

NAMES = [dataset.name for dataset in DATASETS]


@pytest.mark.parametrize("dataset", DATASETS, ids=NAMES)
def test_csv_and_json_hold_the_same_rows(dataset: Dataset) -> None:
    text = datasets.as_csv(dataset).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    whole = json.loads(datasets.as_json(dataset))
    assert len(rows) == len(whole["rows"]) == len(list(dataset.rows()))
    for row, record in zip(rows, whole["rows"], strict=True):
        assert row == {k: "" if v is None else str(v) for k, v in record.items()}


@pytest.mark.parametrize("dataset", DATASETS, ids=NAMES)
def test_dictionary_covers_every_column_in_both_languages(dataset: Dataset) -> None:
    whole = json.loads(datasets.as_json(dataset))
    assert set(whole["columns"]) == set(dataset.columns)
    assert all(text.zh and text.en for text in dataset.columns.values())
    assert {"source", "confidence", "standing"} <= set(dataset.columns)
    assert whole["licence"]["zh"] == datasets.LICENCE.zh


def test_unknown_is_null_and_zero_is_zero() -> None:
    rows = datasets.records(datasets.BY_NAME["provincial-aid"])
    values = {(row["code"], row["year"]): row["value"] for row in rows}
    assert float(values["150000", 2023]) == 0
    assert ("150000", 2019) not in values or values["150000", 2019] is None


def test_spreadsheets_read_the_file_rightly() -> None:
    assert datasets.as_csv(DATASETS[0]).startswith(b"\xef\xbb\xbf")
