"""The recorder: a hidden participant, in a process of its own, that writes what it receives to disk
without re-encoding. It speaks the public protocol only, so it works on any LiveKit server."""
