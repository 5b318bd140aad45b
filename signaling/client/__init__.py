"""A light LiveKit client on the public protocol: what the recorder, the cluster witness, the bench
and the tests join a room with."""
