"""The one exception that a guarded parser may raise."""


class ProtocolError(Exception):
    """What a peer sent is not what the protocol allows; the text is one exact sentence."""
