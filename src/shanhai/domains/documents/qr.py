"""The QR code of a document: its address, with a quarter of it to spare for seal and scanner."""

import io

LEVEL = "q"


def svg(url: str) -> str:
    """Return the code as SVG without a quiet zone of its own."""
    import segno  # noqa: PLC0415 - only where a code is drawn

    kept = io.BytesIO()
    segno.make_qr(url, error=LEVEL).save(kept, kind="svg", border=0, xmldecl=False, svgclass=None)
    return kept.getvalue().decode()


def png(url: str, scale: int = 8) -> bytes:
    """Return the code as PNG, with its quiet zone."""
    import segno  # noqa: PLC0415 - only where a code is drawn

    kept = io.BytesIO()
    segno.make_qr(url, error=LEVEL).save(kept, kind="png", border=2, scale=scale)
    return kept.getvalue()
