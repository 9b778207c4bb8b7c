"""Sentences by code: one each."""

import pytest

from shanhai.kernel.text import Text, Texts


def test_a_code_stands_for_one_sentence() -> None:
    texts = Texts()
    texts["file.gone"] = Text("没有", "gone")
    texts |= {"file.gone": Text("没有", "gone"), "file.full": Text("满", "full")}
    assert texts["file.full"].say("en") == "full"
    with pytest.raises(TypeError, match="file\\.gone has two"):
        texts["file.gone"] = Text("丢失", "lost")
    with pytest.raises(TypeError, match="file\\.full has two"):
        texts |= {"file.full": Text("满了", "full up")}
