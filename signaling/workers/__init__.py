"""Rooms over several processes, each room in one: a front accepts, workers serve."""
