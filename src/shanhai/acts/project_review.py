"""Review of a project, S1–S4: village, township, joint appraisal of the county, pool.

Source: funds reference §5.1 (checklist of 狸桥镇 项目库流程, 2024-11) and §5.8; P1, P2 (negative lists), P7.
"""

from typing import Annotated

from shanhai.acts.machine import (
    Choice,
    Object,
    count,
    digest,
    label,
    moment,
    noun,
    ref,
    region,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.project import ProjectId
from shanhai.kernel.text import Text


class AppraisalState(Choice):
    """What a department said."""

    FAVOURABLE = "favourable", "同意", "In favour"
    ADVERSE = "adverse", "不同意", "Against"
    VOID = "void", "已作废", "Void"


@noun
class Appraisal(Object, frozen=True, kw_only=True):
    """One department's opinion in the joint appraisal (会签); departments give theirs in parallel."""

    noun, prefix, text = "appraisal", "apr", Text("论证意见", "Appraisal")
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    organisation: Annotated[str, ref(Organisation, "会签部门", "Department")]
    version: Annotated[int, count("公示内容版本", "Version of the content")] = 0
    opinion: Annotated[str, digest("论证意见", "Opinion")]
    given_ms: Annotated[int, moment("时间", "Given")] = 0
    state: Annotated[AppraisalState, label("意见", "Opinion")]

    @property
    def unique(self) -> tuple[str, ...]:
        """A department gives one opinion on one version."""
        if self.state is AppraisalState.VOID:
            return ()
        return (f"appraisal:{self.project}/{self.version}/{self.organisation}",)


AppraisalId = Annotated[str, ref(Appraisal, "论证意见", "Appraisal")]
