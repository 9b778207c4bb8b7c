"""How a source is shown: publisher and date where known; addresses of reprints stay in the open data.

Many figures are known through reprints of official news on other people's sites; the page names the
publisher and links official addresses only.
"""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

OFFICIAL = re.compile(r"(^|\.)(gov\.cn|people\.com\.cn|gmw\.cn|cctv\.com|cnr\.cn)$")
ADDRESS = re.compile(r"https?://[^\s；;，,）)]+")
REPRINT = re.compile(r"reprint of ([^)]+)\)")


class Citation(NamedTuple):
    """What stands in a table's last column: words, and an address where it is an official one."""

    words: str
    href: str = ""


def cite(source: str, publisher: str = "") -> Citation:
    """Return a source in words.

    Args:
        source: As the fact table has it: an address, a publication, or both.
        publisher: Who published it, "" if the table does not say.
    """
    address = ADDRESS.search(source)
    host = urlsplit(address[0]).hostname or "" if address else ""
    href = address[0] if address and OFFICIAL.search(host) else ""
    reprint = REPRINT.search(source)
    if publisher or reprint:
        return Citation(publisher or (reprint[1] if reprint else ""), href)
    if href:
        return Citation(host, href)
    return Citation(_("公开报道（{host}）").format(host=host) if host else source or "—")
