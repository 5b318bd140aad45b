"""Load by a client that nobody here wrote (Go); skipped where it or Go is missing."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import KEY, ROOT, SECRET, MediaProcess

SOURCE = ROOT.parent / "shared/tools/swarm"
GO = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin:/usr/lib/go/bin")
pytestmark = [
    pytest.mark.media,
    pytest.mark.skipif(GO is None, reason="Go is not installed"),
    pytest.mark.skipif(not SOURCE.is_dir(), reason="the shared tools are not beside the checkout"),
]


@pytest.fixture(scope="module")
def swarm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The load client, built once."""
    folder = tmp_path_factory.mktemp("swarm")
    for path in SOURCE.iterdir():
        shutil.copy(path, folder / path.name)
        (folder / path.name).chmod(0o644)
    program = folder / "swarm"
    built = subprocess.run([str(GO), "build", "-o", str(program), "."], cwd=folder,
                           capture_output=True, text=True, check=False)  # fmt: skip
    if built.returncode:
        pytest.skip(f"the load client does not build here: {built.stderr[-200:]}")
    return program


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("rooms", "subscribers", "kbps"), [(1, 20, 1500), (5, 1, 1500), (1, 20, 0)]
)
def test_nothing_is_lost_and_nobody_starves(
    swarm: Path, media: MediaProcess, rooms: int, subscribers: int, kbps: int
) -> None:
    command = [
        str(swarm), "-url", media.url, "-key", KEY, "-secret", SECRET, "-rooms", str(rooms),
        "-subs", str(subscribers), "-kbps", str(kbps), "-secs", "5", "-warm", "6",
        "-pid", str(media.process.pid),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    result = json.loads(done.stdout)
    assert result["failed_joins"] == result["starved"] == result["lost"] == 0
    assert result["out_pps"] > 0.97 * result["expected_pps"]
    assert media.metric("dropped_total") == 0
