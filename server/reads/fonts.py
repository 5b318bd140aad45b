"""The Chinese TrueType fonts of PDF reports: Noto Sans SC (OFL), subsets of which are embedded.

reportlab takes TrueType outlines only, which rules out Debian's and PyPI's OpenType (CFF) builds. The .ttf come with
the npm package `@expo-google-fonts/noto-sans-sc`, a development dependency of `web/`, so that `make install` brings
them; a packaged product may carry the two files in `server/reads/fonts/` instead. Without them reports are still
made, with Adobe's STSong-Light, which the reader's viewer must supply; that is logged once.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import structlog
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

log = structlog.get_logger("reads")

_HERE = Path(__file__).resolve().parent
_NPM = _HERE.parents[1] / "web" / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
_FILES = {
    "NotoSansSC": "400Regular/NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold": "700Bold/NotoSansSC_700Bold.ttf",
}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Fonts:
    """Names registered with reportlab."""

    regular: str
    bold: str
    embedded: bool


_FALLBACK = Fonts("STSong-Light", "STSong-Light", embedded=False)
_loaded: list[Fonts] = []


def find(file: str) -> Path | None:
    """The font file `400Regular/…` wherever it lies, or None."""
    candidates = (_HERE / "fonts" / Path(file).name, _NPM / file)
    return next((path for path in candidates if path.is_file()), None)


def _register() -> Fonts:
    try:
        for name, file in _FILES.items():
            path = find(file)
            if path is None:
                raise FileNotFoundError(Path(file).name)
            pdfmetrics.registerFont(TTFont(name, str(path)))
    except (OSError, TTFError) as error:
        log.warning("report_fonts_missing", error=type(error).__name__)
        pdfmetrics.registerFont(UnicodeCIDFont(_FALLBACK.regular))
        return _FALLBACK
    return Fonts("NotoSansSC", "NotoSansSC-Bold", embedded=True)


def load() -> Fonts:
    """Register the fonts once for this process. Blocks for some 100 ms the first time."""
    with _lock:
        if not _loaded:
            _loaded.append(_register())
        return _loaded[0]
