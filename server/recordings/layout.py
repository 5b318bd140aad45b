"""Where pictures go in a composed recording: a shared screen or the speaker large, or all alike. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1280, 720
MAX_TILES = 9
_STRIP = 240  # width of the column beside a large picture


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture that could be shown now. `key` names its track, `who` keeps a person's place."""

    key: str
    who: str
    screen: bool
    speaking: bool


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the canvas, in pixels; all even, as 4:2:0 wants it."""

    x: int
    y: int
    width: int
    height: int


def _even(value: float) -> int:
    return int(value) // 2 * 2


def fit(box: Box, width: int, height: int) -> Box:
    """The largest place inside a box that keeps a picture's proportions."""
    scale = min(box.width / width, box.height / height)
    wide, high = max(2, _even(width * scale)), max(2, _even(height * scale))
    return Box(
        box.x + _even((box.width - wide) / 2), box.y + _even((box.height - high) / 2), wide, high
    )


def _grid(count: int, area: Box) -> list[Box]:
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    wide, high = _even(area.width / columns), _even(area.height / rows)
    return [
        Box(area.x + index % columns * wide, area.y + index // columns * high, wide, high)
        for index in range(count)
    ]


def arrange(tiles: Sequence[Tile]) -> dict[str, Box]:
    """A box for each tile: a screen first, else with more than two people the one who speaks."""
    shown = sorted(tiles, key=lambda tile: (not tile.screen, tile.who, tile.key))[:MAX_TILES]
    if not shown:
        return {}
    large = next((tile for tile in shown if tile.screen), None)
    if large is None and len(shown) > 2:
        large = next((tile for tile in shown if tile.speaking), None)
    if large is None or len(shown) == 1:
        boxes = _grid(len(shown), Box(0, 0, WIDTH, HEIGHT))
        return {tile.key: box for tile, box in zip(shown, boxes, strict=True)}
    others = [tile for tile in shown if tile is not large]
    high = _even(min(HEIGHT / len(others), _STRIP * 9 / 16))
    found = {large.key: Box(0, 0, WIDTH - _STRIP, HEIGHT)}
    for index, tile in enumerate(others):
        found[tile.key] = Box(WIDTH - _STRIP, index * high, _STRIP, high)
    return found
