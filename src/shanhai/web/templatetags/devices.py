"""Names a browser and its system from what the browser says of itself."""

import re

from django import template
from django.utils.translation import gettext

register = template.Library()
BROWSERS = (
    (r"MicroMessenger|wxwork", "微信"),
    (r"DingTalk", "钉钉"),
    (r"Edg(?:e|A|iOS)?/(\d+)", "Edge"),
    (r"Firefox/(\d+)|FxiOS/(\d+)", "Firefox"),
    (r"(?:Headless)?Chrome/(\d+)|CriOS/(\d+)", "Chrome"),
    (r"Version/(\d+).*Safari", "Safari"),
)
SYSTEMS = (
    (r"HarmonyOS|OpenHarmony", "HarmonyOS"),
    (r"Android", "Android"),
    (r"iPhone|iPad", "iOS"),
    (r"Windows", "Windows"),
    (r"Mac OS X", "macOS"),
    (r"UOS|Kylin|Linux", "Linux"),
)


@register.filter
def device(agent: str) -> str:
    """Return browser, version and system, such as `Chrome 142 · Windows`."""
    parts = [_browser(agent), next((name for how, name in SYSTEMS if re.search(how, agent)), "")]
    return " · ".join(filter(None, parts)) or gettext("未知设备")


def _browser(agent: str) -> str:
    for how, name in BROWSERS:
        if found := re.search(how, agent):
            version = next((one for one in found.groups() if one), "")
            return f"{name} {version}".strip()
    return ""
