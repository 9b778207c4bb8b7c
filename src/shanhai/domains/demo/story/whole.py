"""The whole story as one stage: what each chapter adds to the teller."""

from pathlib import Path

from shanhai.domains.demo.story.money import Money


class Story(Money):
    """Everything a chapter may do, and what it has named so far."""

    data_dir = Path()
