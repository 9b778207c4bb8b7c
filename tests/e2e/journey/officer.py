"""An officer at a browser: fills an act's form, uploads papers, checks, signs with a key of their own."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

Form = dict[str, str | float | bool]
PDF = b"%%PDF-1.4\n%% simulated: %s\n%%%%EOF\n"


class Officer:
    """One person with one browser and one key."""

    def __init__(self, page: Page, papers: Path) -> None:
        self.page, self.papers = page, papers
        parts = urlsplit(page.url)
        self.base = f"{parts.scheme}://{parts.netloc}"

    def paper(self, name: str) -> Path:
        """Write a small document; the same name gives the same bytes."""
        path = self.papers / f"{name}.pdf"
        path.write_bytes(PDF % name.encode())
        return path

    def upload(self, field: str, name: str) -> None:
        """Upload a document into a field."""
        box = self.page.locator(f'[data-upload]:has(input[name="{field}"])')
        box.locator("[data-upload-file]").first.set_input_files(self.paper(name))
        expect(box).to_have_attribute("data-state", "done")

    def enter(self, field: str, value: str) -> None:
        """Fill one field, whatever its control; a hidden one holds what was chosen from a list."""
        control = self.page.locator(f'[name="{field}"]')
        first = control.first
        kind = first.evaluate("(it) => it.type")
        if kind == "checkbox":
            self.page.check(f'[name="{field}"][value="{value}"]')
        elif kind == "select-one":
            first.select_option(value)
        elif kind == "hidden":
            first.evaluate("(it, value) => { it.value = value; }", value)
        else:
            first.fill(value)

    def forward(self, days: int) -> None:
        """Let the simulated clock pass some days, by the demonstration's own address."""
        cookies = {one["name"]: one["value"] for one in self.page.context.cookies()}
        token = cookies["csrftoken"]
        form: Form = {"days": str(days), "csrfmiddlewaretoken": token, "next": "/"}
        headers = {"Referer": self.base}
        answer = self.page.request.post(f"{self.base}/demo/forward", form=form, headers=headers)
        assert answer.ok, answer.text()

    def sign(self, path: str, values: dict[str, str], papers: dict[str, str] | None = None) -> str:
        """Do one act by its page and return the id of the act that the receipt names."""
        page = self.page
        page.goto(f"{self.base}{path}")
        for field, value in values.items():
            self.enter(field, value)
        for field, name in (papers or {}).items():
            self.upload(field, name)
        page.get_by_role("button", name="下一步：核对").click()
        page.locator("shanhai-sign[data-ready], .note--danger, .error-summary").first.wait_for()
        assert page.locator("shanhai-sign").count(), page.inner_text("main")
        page.get_by_role("button", name="签名并提交").click()
        page.wait_for_url(re.compile(r"/receipt/[0-9a-f]{64}$"))
        return page.url.rpartition("/")[2]
