"""Drafts: kept as typed, sealed, one's own, and never overwritten unseen."""

import pytest

from domains.workbench.conftest import Acting
from shanhai.domains.workbench import drafts
from shanhai.domains.workbench.drafts import Kept, StaleDraftError
from shanhai.domains.workbench.models import Draft
from shanhai.kernel.errors import InvalidInputError
from web.workbench.village_world import World


@pytest.fixture
def draft(world: World, acting: Acting) -> Draft:
    return drafts.draft_start(
        actor=acting("village"),
        kind="declare",
        act="project.declare",
        subject=world.id("prj"),
        content=Kept(typed={"year": ["2026"]}),
        now_ms=1,
    )


def save(draft: Draft, version: int | None, **typed: str) -> int:
    fields = {name: [value] for name, value in typed.items()}
    return drafts.section_save(
        draft=draft, section="basics", typed=fields, version=version, now_ms=2
    )


def test_what_is_typed_is_kept_mistakes_and_all(draft: Draft) -> None:
    save(draft, 0, name="石桥村", planned_fen="十二万")
    kept = drafts.kept(Draft.objects.get(pk=draft.pk))
    assert kept.typed == {"year": ["2026"], "name": ["石桥村"], "planned_fen": ["十二万"]}
    assert kept.versions == {"basics": 1}


def test_nothing_typed_stands_readable_in_the_table(draft: Draft) -> None:
    save(draft, 0, name="石桥村")
    assert "石桥村".encode() not in bytes(Draft.objects.get(pk=draft.pk).sealed)


def test_a_section_saved_elsewhere_is_not_overwritten_unseen(draft: Draft) -> None:
    save(draft, 0, name="甲")
    with pytest.raises(StaleDraftError) as refused:
        save(draft, 0, name="乙")
    assert refused.value.theirs == {"name": ["甲"]}
    assert refused.value.version == 1
    assert drafts.kept(Draft.objects.get(pk=draft.pk)).typed["name"] == ["甲"]


def test_the_same_content_twice_is_no_conflict(draft: Draft) -> None:
    save(draft, 0, name="甲")
    assert save(draft, 0, name="甲") == 2


def test_an_officer_who_saw_the_differences_may_save(draft: Draft) -> None:
    save(draft, 0, name="甲")
    save(draft, None, name="乙")
    assert drafts.kept(Draft.objects.get(pk=draft.pk)).typed["name"] == ["乙"]


def test_drafts_are_their_persons_alone(draft: Draft, acting: Acting) -> None:
    assert drafts.draft_of(acting("village"), draft.id, "declare") is not None
    assert drafts.draft_of(acting("town"), draft.id, "declare") is None
    assert drafts.drafts_open(acting("town"), "declare") == []


def test_a_closed_draft_leaves_the_list(draft: Draft, acting: Acting) -> None:
    drafts.draft_close(draft)
    assert drafts.drafts_open(acting("village"), "declare") == []


def test_what_is_too_long_is_refused_and_nothing_changes(draft: Draft) -> None:
    with pytest.raises(InvalidInputError, match=r"draft\.large"):
        save(draft, 0, name="长" * drafts.MOST_BYTES)
    assert drafts.kept(Draft.objects.get(pk=draft.pk)).versions == {}


def test_a_draft_not_signed_has_no_entry(draft: Draft) -> None:
    assert drafts.entered(draft) is None


def test_an_older_entry_is_not_the_drafts(world: World, acting: Acting) -> None:
    project = world.declare()
    draft = drafts.draft_start(
        actor=acting("village"),
        kind="declare",
        act="project.declare",
        subject=project,
        content=Kept(),
        now_ms=1,
    )
    assert drafts.entered(draft) is None, "the entry is older than the draft"
