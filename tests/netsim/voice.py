"""A voice-like sound for the fake microphone: syllables on a moving pitch with short breaths, so
that there is something to lose all the time. The same seed makes the same file."""

import wave
from pathlib import Path

import numpy as np

RATE = 48_000
_SECONDS = 20


def write(path: Path, seed: int = 1) -> Path:
    """A 16-bit mono WAV file; Chromium plays it in a loop."""
    random = np.random.default_rng(seed)
    time = np.arange(RATE * _SECONDS) / RATE
    pitch = 140 + 40 * np.sin(2 * np.pi * 0.37 * time) + 20 * np.sin(2 * np.pi * 1.3 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    sound = np.sum([np.sin(phase * n) / n**1.2 for n in range(1, 16)], axis=0)
    syllables = 0.35 + 0.65 * np.clip(np.sin(2 * np.pi * 4.1 * time), 0, 1)
    breaths = np.where((time % 3.7) > 3.5, 0.02, 1.0)
    sound = sound * syllables * breaths + random.normal(0, 0.003, len(time))
    samples = (sound / np.abs(sound).max() * 12_000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return path
