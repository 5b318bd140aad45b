"""Clients that announce a codec for publishing but are known to send it badly. Facts of LiveKit's
public list (pkg/clientconfiguration)."""

import re

from livekit.protocol import models

NONE: frozenset[str] = frozenset()


def unfit(client: models.ClientInfo) -> frozenset[str]:
    """The codecs that must not be taken from this client."""
    browser, system = client.browser.lower(), client.os.lower()
    if browser in ("firefox", "firefox mobile") and system in ("linux", "android"):
        return frozenset({"h264"})
    if system == "android" and client.device_model.lower() == "xiaomi 2201117ti":
        return frozenset({"h264"})
    if browser == "safari" and _version(client.browser_version) > (18, 3):
        return frozenset({"vp9"})
    return NONE


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,6}", text)[:2])
