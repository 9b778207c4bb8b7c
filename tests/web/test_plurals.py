"""English counts one as one; Chinese needs no plural and is left as it is."""

import pytest
from django.template import Context, Template
from django.utils import translation

LEFT = "{% blocktranslate count days=days %}还剩 {{ days }} 天{% plural %}还剩 {{ days }} 天{% endblocktranslate %}"


@pytest.mark.parametrize(
    ("language", "days", "said"),
    [
        ("en", 1, "1 day left"),
        ("en", 2, "2 days left"),
        ("en", 0, "0 days left"),
        ("zh-hans", 1, "还剩 1 天"),
    ],
)
def test_a_count_is_said_in_its_number(language: str, days: int, said: str) -> None:
    with translation.override(language):
        assert Template(LEFT).render(Context({"days": days})) == said
