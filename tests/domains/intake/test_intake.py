"""Taking in, sealing, following and dealing with what people hand in."""

import pytest

from shanhai.acts.roles import Role
from shanhai.domains.accounts.actor import PUBLIC, Actor
from shanhai.domains.intake import content, selectors, services
from shanhai.domains.intake.content import Content, IntakeKind, IntakeState
from shanhai.domains.intake.models import Piece, Step, Submission
from shanhai.domains.intake.services import Attached, Concern, Handed
from shanhai.domains.vault.models import Reveal
from shanhai.kernel.errors import InvalidInputError, Refused
from shanhai.kernel.suite import INTL

pytestmark = pytest.mark.django_db
T0 = 1_780_000_000_000
WORDS = "模拟：冷库验收时没有开机，付款却已完成。"
PDF = b"%PDF-1.7\n" + b"x" * 200_000
AUDITOR = Actor("per1", "pst1", Role.AUDITOR, "org-audit", "519901")


def hand(**given: object) -> Handed:
    taken: dict[str, object] = {
        "suite": INTL,
        "kind": IntakeKind.COMPLAINT,
        "text": WORDS,
        "about": Concern("project", "prj1", "519901", "", "org-owner"),
        "now_ms": T0,
    }
    return services.submission_take(**{**taken, **given})  # type: ignore[arg-type]  # as given


def test_nothing_written_is_kept_in_clear() -> None:
    handed = hand(contact="张某 13800000000", files=[Attached("照片.pdf", PDF)])
    row = Submission.objects.get(pk=handed.number)
    kept = b"".join(
        bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
        for v in vars(row).values()
    )
    kept += b"".join(bytes(piece) for piece in Piece.objects.values_list("sealed", flat=True))
    for secret in (WORDS, "张某", "照片.pdf", handed.code, "%PDF"):
        assert secret.encode() not in kept


def test_the_length_of_the_text_does_not_show() -> None:
    short = Submission.objects.get(pk=hand(text="十个字以上的一句短话。").number)
    long = Submission.objects.get(pk=hand(text="长" * 200).number)
    assert len(bytes(short.sealed)) == len(bytes(long.sealed))


@pytest.mark.parametrize("text", ["", "太短", "长" * 20_001])
def test_text_must_fit(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        hand(text=text)
    assert refused.value.code == "intake.text"
    assert not Submission.objects.exists()


def test_too_many_large_or_mislabelled_files_are_refused_whole() -> None:
    many = [Attached(f"{n}.pdf", PDF) for n in range(services.MOST_FILES + 1)]
    large = [Attached("a.pdf", b"%PDF-" + bytes(services.MOST_BYTES))]
    wrong = [Attached("a.png", PDF)]
    for files, code in (
        (many, "intake.files"),
        (large, "intake.files"),
        (wrong, "file.mislabelled"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            hand(files=files)
        assert refused.value.code == code
    assert not Submission.objects.exists()


def test_receipt_opens_the_state_and_a_wrong_one_does_not() -> None:
    handed = hand()
    typed = f" {handed.number.lower()} ", handed.code.lower().replace("-", " ")
    assert services.submission_seen_by_sender(*typed).number == handed.number
    for number, code in (
        (handed.number, "AAAA-AAAA-AAAA-AAAA"),
        ("S20260101-00000000", handed.code),
    ):
        with pytest.raises(InvalidInputError) as refused:
            services.submission_seen_by_sender(number, code)
        assert refused.value.code == "intake.unknown"


def test_codes_confuse_no_letters() -> None:
    handed = hand()
    spoken = handed.code.replace("0", "o").replace("1", "l")
    assert services.submission_seen_by_sender(handed.number, spoken).number == handed.number


def test_leaf_binds_everything_the_sender_wrote() -> None:
    handed = hand(contact="电话", files=[Attached("a.pdf", PDF)])
    whole = handed.content

    def leaf(of: Content, number: str = handed.number, target: str = "prj1", ms: int = T0) -> str:
        return content.leaf_of(INTL, number, "complaint", target, ms, content.salted(INTL, of))

    assert leaf(whole) == handed.leaf
    other = [
        Content(whole.text + "！", whole.contact, whole.files, whole.salt),
        Content(whole.text, "别人", whole.files, whole.salt),
        Content(whole.text, whole.contact, (), whole.salt),
        Content(whole.text, whole.contact, whole.files, "00" * 32),
    ]
    assert all(leaf(one) != handed.leaf for one in other)
    assert leaf(whole, target="prj2") != handed.leaf
    assert leaf(whole, ms=T0 + 1) != handed.leaf


def test_opening_asks_for_a_reason_and_is_logged() -> None:
    found = Submission.objects.get(pk=hand().number)
    with pytest.raises(InvalidInputError) as refused:
        services.submission_open(actor=AUDITOR, submission=found, reason=" ", now_ms=T0)
    assert refused.value.code == "vault.reason"
    with pytest.raises(Refused):
        services.submission_open(actor=PUBLIC, submission=found, reason="看看", now_ms=T0)
    assert not Reveal.objects.exists()
    opened = services.submission_open(actor=AUDITOR, submission=found, reason="核查", now_ms=T0)
    assert opened.text == WORDS
    assert Reveal.objects.get().reason == "核查"
    assert selectors.opened_by(found, AUDITOR)
    assert [one.reason for one in selectors.openings(found)] == ["核查"]


def test_files_come_back_whole() -> None:
    found = Submission.objects.get(pk=hand(files=[Attached("a.pdf", PDF)]).number)
    assert Piece.objects.count() == 4
    assert services.submission_file(found, 0) == PDF


def test_sender_reads_what_was_done() -> None:
    found = Submission.objects.get(pk=hand().number)
    for state, note in ((IntakeState.ACCEPTED, "已派人核查"), (IntakeState.ANSWERED, "已整改")):
        services.submission_step(actor=AUDITOR, submission=found, state=state, note=note, now_ms=T0)
    told = selectors.steps(found)
    assert [(one.state, one.note, one.role) for one in told] == [
        (IntakeState.ACCEPTED, "已派人核查", Role.AUDITOR),
        (IntakeState.ANSWERED, "已整改", Role.AUDITOR),
    ]
    assert "已派人核查".encode() not in bytes(Step.objects.first().sealed)  # type: ignore[union-attr]


def test_closed_is_closed_and_words_are_needed() -> None:
    found = Submission.objects.get(pk=hand().number)
    with pytest.raises(InvalidInputError) as refused:
        services.submission_step(
            actor=AUDITOR, submission=found, state=IntakeState.ACCEPTED, note=" ", now_ms=T0
        )
    assert refused.value.code == "intake.note"
    services.submission_step(
        actor=AUDITOR, submission=found, state=IntakeState.REFUSED, note="不属本机关", now_ms=T0
    )
    with pytest.raises(InvalidInputError) as refused:
        services.submission_step(
            actor=AUDITOR, submission=found, state=IntakeState.ANSWERED, note="再答", now_ms=T0
        )
    assert refused.value.code == "intake.closed"


def numbers(actor: Actor, **given: str) -> set[str]:
    return {one.number for one in selectors.inbox(actor, **given)}  # type: ignore[arg-type]  # filters


def test_inbox_is_cut_by_region_role_and_interest() -> None:
    mine = hand().number
    neighbour = hand(about=Concern(region="520000")).number
    province = hand(about=Concern(region="510000")).number
    against_audit = hand(about=Concern("project", "prj2", "519901", "", "org-audit")).number
    assert numbers(AUDITOR) == {mine}
    provincial = AUDITOR._replace(role=Role.PROVINCE_OFFICE, region="510000", organisation="org-p")
    assert numbers(provincial) == {mine, province, against_audit}
    assert numbers(provincial._replace(region="520000")) == {neighbour}
    for role in (Role.OWNER, Role.CONTRACTOR, Role.COUNTY_FINANCE, Role.TOWNSHIP, Role.ADMIN):
        assert numbers(AUDITOR._replace(role=role, organisation="org-x")) == set()
    assert numbers(PUBLIC) == set()


def test_objection_goes_to_the_organ_of_its_notice() -> None:
    about = Concern("notice", "ntc1", "519901", "org-town")
    number = hand(kind=IntakeKind.OBJECTION, about=about).number
    town = Actor("per2", "pst2", Role.TOWNSHIP, "org-town", "519901101")
    assert numbers(town) == {number}
    assert numbers(town._replace(organisation="org-other")) == set()
    assert numbers(town, kind="complaint") == set()


def test_inbox_pages_without_losing_anything() -> None:
    every = {hand(now_ms=T0 + n // 2).number for n in range(9)}
    seen: list[str] = []
    after = ""
    while True:
        rows = list(selectors.inbox(AUDITOR, after=after, size=2))
        seen += [row.number for row in rows[:2]]
        if len(rows) <= 2:
            break
        after = rows[1].number
    assert len(seen) == len(set(seen)) == 9
    assert set(seen) == every
    assert selectors.waiting(AUDITOR) == 9
