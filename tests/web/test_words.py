"""Fixed sentences are remembered by language; anything that varies is not."""

from django.template import Context, Template
from django.utils import translation

from shanhai.web.templatetags.words import Remembered


def said(text: str, language: str, **facts: str) -> str:
    """Render in a language."""
    with translation.override(language):
        return Template(text).render(Context(facts))


def test_a_remembered_sentence_follows_the_language() -> None:
    """One template says both, in any order and again."""
    template = Template('{% translate "下载" %}')
    heard = []
    for language in ("en", "zh-hans", "en", "zh-hans"):
        with translation.override(language):
            heard.append(template.render(Context()))
    assert heard == ["Downloads", "下载", "Downloads", "下载"]


def test_what_varies_is_not_remembered() -> None:
    """A variable, a filter and `as` go through Django's own tag."""
    for text in (
        "{% translate word %}",
        '{% translate "下载"|upper %}',
        '{% translate "下载" as x %}{{ x }}',
    ):
        assert not Template(text).nodelist.get_nodes_by_type(Remembered)
    template = Template("{% translate word %}")
    with translation.override("en"):
        assert [template.render(Context({"word": word})) for word in ("下载", "上传")] == [
            "Downloads",
            "Upload",
        ]


def test_marks_escape_their_words() -> None:
    """Words of a state may come from anyone."""
    drawn = said(
        "{% status words tone %}{% icon name %}", "zh-hans", words="<b>", tone='"x', name='"y'
    )
    assert "&lt;b&gt;" in drawn
    assert '"x' not in drawn
    assert '"y' not in drawn
