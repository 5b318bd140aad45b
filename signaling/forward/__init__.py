"""Forwarding without decoding: up-tracks, down-tracks, feedback, bandwidth."""
