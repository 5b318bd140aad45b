"""Evidence packs: what is changed is found, and the entry is named."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.evidence import verifier
from server.evidence.pack import verify_pack, write_pack
from storage.disk import Disk
from storage.ledger import Ledger
from storage.notes import Signer

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
ORIGIN = "demo.duikou/log"
REPORT = json.dumps({"reports": [{"seconds": 1800}]}).encode()
KEPT_BACK = b"patient data"


def entry(number: int) -> bytes:
    evidence = [
        {"name": "media", "sha256": hashlib.sha256(REPORT).hexdigest(), "included": True},
        {"name": "report", "sha256": hashlib.sha256(KEPT_BACK).hexdigest(), "included": False},
    ]
    document = {
        "id": f"ent_{number}",
        "kind": "consult",
        "evidence": evidence if number % 2 else [],
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


async def make(root: Path, entries: int = 5, *, origin: str = ORIGIN) -> tuple[bytes, str]:
    """(a pack of entries 1, 2 and 3, the log's key)."""
    ledger = await Ledger.open(Disk(root), origin=origin, clock=lambda: NOW)
    for number in range(entries):
        await ledger.append(entry(number))
    out = io.BytesIO()
    documents = {hashlib.sha256(data).hexdigest(): data for data in (REPORT, KEPT_BACK)}
    written = write_pack(out, [3, 1, 2], ledger, documents, now=NOW)
    assert (written.entries, written.attachments, written.absent) == (3, 1, ())
    key = ledger.vkey
    await ledger.close()
    return out.getvalue(), key


@pytest.fixture
async def pack(tmp_path: Path) -> tuple[bytes, str]:
    return await make(tmp_path / "data")


Change = Callable[[dict[str, bytes]], object]


def unzip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zip_again(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def check(tmp_path: Path, data: bytes, key: str | None = None) -> verifier.VerifyResult:
    path = tmp_path / "pack.zip"
    path.write_bytes(data)
    return verify_pack(path, key)


def failure(tmp_path: Path, data: bytes, change: Change, key: str | None = None) -> str:
    files = unzip(data)
    change(files)
    result = check(tmp_path, zip_again(files), key)
    assert not result.ok
    assert result.first_failure is not None
    return result.first_failure[0]


def flip(data: bytes, at: int, mask: int = 1) -> bytes:
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]


def test_a_genuine_pack_passes(tmp_path: Path, pack: tuple[bytes, str]) -> None:
    data, key = pack
    result = check(tmp_path, data)
    assert (result.ok, result.checked, result.attachments, result.absent) == (True, 3, 1, 0)
    assert (result.key, result.key_pinned, result.tree_size) == (key, False, 5)
    assert check(tmp_path, data, key).key_pinned
    assert check(tmp_path, zip_again(unzip(data))).ok, "packing it again changes nothing"
    assert KEPT_BACK not in unzip(data).values(), "what is kept back never leaves"


def test_any_byte_of_any_entry_changed_names_the_entry(
    tmp_path: Path, pack: tuple[bytes, str]
) -> None:
    files = unzip(pack[0])
    for name in [name for name in files if name.startswith("entries/")]:
        for at in range(len(files[name])):
            changed = {**files, name: flip(files[name], at, 1 << at % 8)}
            result = check(tmp_path, zip_again(changed))
            assert not result.ok
            assert result.first_failure is not None
            assert result.first_failure[0] == name


def test_any_raw_byte_of_an_entry_in_the_zip_changed_names_the_entry(
    tmp_path: Path, pack: tuple[bytes, str]
) -> None:
    data = zip_again(
        unzip(pack[0])
    )  # stored, so that the entry's bytes are in the file as they are
    body = entry(2)
    start = data.index(body)
    for at in range(start, start + len(body), 3):
        result = check(tmp_path, flip(data, at))
        assert result.first_failure is not None
        assert result.first_failure[0] == "entries/000002.json"


def test_every_other_file_is_guarded_at_every_byte(tmp_path: Path, pack: tuple[bytes, str]) -> None:
    files = unzip(pack[0])
    for name in files:
        if name.startswith("entries/"):
            continue
        step = max(1, len(files[name]) // 60)
        for at in range(0, len(files[name]), step):
            changed = {**files, name: flip(files[name], at, 1 << at % 8)}
            assert not check(tmp_path, zip_again(changed)).ok, (name, at)


def test_files_removed_added_swapped_or_reordered(tmp_path: Path, pack: tuple[bytes, str]) -> None:
    data = pack[0]
    for name in unzip(data):
        less = {other: body for other, body in unzip(data).items() if other != name}
        assert not check(tmp_path, zip_again(less)).ok, name

    def take_out(files: dict[str, bytes]) -> None:
        del files["entries/000002.json"], files["proofs/000002.json"]

    def swap(files: dict[str, bytes]) -> None:
        one, two = "entries/000001.json", "entries/000002.json"
        files[one], files[two] = files[two], files[one]

    def move(files: dict[str, bytes]) -> None:
        files["entries/000004.json"] = files.pop("entries/000003.json")
        files["proofs/000004.json"] = files.pop("proofs/000003.json")

    assert failure(tmp_path, data, take_out) == "entries/000002.json"
    assert failure(tmp_path, data, swap) == "entries/000001.json"
    assert failure(tmp_path, data, move) == "entries/000004.json"
    assert failure(tmp_path, data, lambda files: files.update({"../x": b""})) == "../x"
    assert failure(tmp_path, data, lambda files: files.update({"extra.txt": b""})) == "extra.txt"
    extra = hashlib.sha256(b"extra").hexdigest()
    name = f"attachments/{extra}"
    assert failure(tmp_path, data, lambda files: files.update({name: b"extra"})) == name


def test_a_manifest_made_to_fit_is_not_signed(tmp_path: Path, pack: tuple[bytes, str]) -> None:
    def take_out_well(files: dict[str, bytes]) -> None:
        del files["entries/000002.json"], files["proofs/000002.json"]
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = [item for item in manifest["files"] if "000002" not in item["name"]]
        files["manifest.json"] = json.dumps(manifest).encode()

    assert failure(tmp_path, pack[0], take_out_well) == "manifest.json"


async def test_a_forged_log_is_found_by_the_pinned_key(
    tmp_path: Path, pack: tuple[bytes, str]
) -> None:
    genuine, key = pack
    forged, other = await make(tmp_path / "forged", entries=9)
    assert other != key
    unpinned = check(tmp_path, forged)
    assert unpinned.ok
    assert not unpinned.key_pinned
    result = check(tmp_path, forged, key)
    assert result.first_failure is not None
    assert result.first_failure[0] == "key.vkey"
    mixed = {**unzip(forged), "key.vkey": unzip(genuine)["key.vkey"]}
    assert not check(tmp_path, zip_again(mixed), key).ok, "the right key beside a forged log"


def test_a_checkpoint_signed_by_another_key_fails(tmp_path: Path, pack: tuple[bytes, str]) -> None:
    def sign_again(files: dict[str, bytes]) -> None:
        text = files["checkpoint"].decode().rpartition("\n\n")[0] + "\n"
        files["checkpoint"] = Signer.generate(ORIGIN).sign(text).encode()

    assert failure(tmp_path, pack[0], sign_again) == "checkpoint"


def test_a_cosignature_by_somebody_else_is_allowed(tmp_path: Path, pack: tuple[bytes, str]) -> None:
    # On the checkpoint itself it is fine for the note; the manifest then has to be signed over it.
    files = unzip(pack[0])
    note = files["checkpoint"].decode()
    text = note.rpartition("\n\n")[0] + "\n"
    cosigned = note + Signer.generate("partner").sign(text).rpartition("\n\n")[2]
    assert verifier.open_note(cosigned, pack[1]) == text
    with pytest.raises(ValueError, match="not signed"):
        verifier.open_note(Signer.generate("partner").sign(text), pack[1])


def test_documents_named_but_absent_are_told_and_bound(
    tmp_path: Path, pack: tuple[bytes, str]
) -> None:
    digest = hashlib.sha256(REPORT).hexdigest()
    assert failure(tmp_path, pack[0], lambda files: files.pop(f"attachments/{digest}")) == (
        f"attachments/{digest}"
    )


async def test_an_absent_document_is_listed(tmp_path: Path) -> None:
    ledger = await Ledger.open(Disk(tmp_path / "data"), origin=ORIGIN, clock=lambda: NOW)
    await ledger.append(entry(1))
    out = io.BytesIO()
    written = write_pack(out, [0], ledger, {}, now=NOW)
    assert written.absent == (hashlib.sha256(REPORT).hexdigest(),)
    result = check(tmp_path, out.getvalue())
    assert (result.ok, result.absent) == (True, 1)
    with pytest.raises(ValueError, match="digest"):
        write_pack(io.BytesIO(), [0], ledger, {written.absent[0]: b"other"}, now=NOW)
    await ledger.close()


def test_hostile_containers(tmp_path: Path, pack: tuple[bytes, str]) -> None:
    files = unzip(pack[0])
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("entries/000001.json", entry(7))
    assert check(tmp_path, twice.getvalue()).first_failure == (
        "entries/000001.json",
        "is there twice",
    )
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("entries/000001.json", bytes(32 << 20))
    assert check(tmp_path, bomb.getvalue()).first_failure == ("entries/000001.json", "too large")
    # A bomb that lies about its size: the directory says 10 bytes.
    lie = (32 << 20).to_bytes(4, "little")
    lying = bomb.getvalue().replace(lie, (10).to_bytes(4, "little"))
    assert not check(tmp_path, lying).ok


def test_every_cut_and_every_flipped_byte_of_the_container_is_survived(
    tmp_path: Path, pack: tuple[bytes, str]
) -> None:
    data = pack[0]
    for at in range(4, len(data), 211):
        assert not check(tmp_path, data[:at]).ok
        check(tmp_path, flip(data, at, 0x80))  # unused bytes may change; it must not raise


def test_exit_status(
    tmp_path: Path, pack: tuple[bytes, str], capsys: pytest.CaptureFixture[str]
) -> None:
    data, key = pack
    good, bad, text = tmp_path / "good.zip", tmp_path / "bad.zip", tmp_path / "notes.txt"
    good.write_bytes(data)
    files = unzip(data)
    files["entries/000002.json"] = flip(files["entries/000002.json"], 5)
    bad.write_bytes(zip_again(files))
    text.write_text("hello")
    assert verifier.main([str(good)]) == 0
    assert "3 entries" in capsys.readouterr().out
    assert verifier.main([str(good), "--key", key]) == 0
    assert "as given" in capsys.readouterr().out
    assert verifier.main([str(bad)]) == 1
    assert "entries/000002.json" in capsys.readouterr().out
    assert verifier.main([str(good), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["checked"] == 3
    for misuse in ([], [str(text)], [str(tmp_path / "gone.zip")], [str(good), "--key", "x"]):
        assert verifier.main(misuse) == 2


def test_the_verifier_in_the_pack_runs_alone(tmp_path: Path, pack: tuple[bytes, str]) -> None:
    good, script = tmp_path / "good.zip", tmp_path / "verify.py"
    good.write_bytes(pack[0])
    script.write_bytes(unzip(pack[0])["verify.py"])
    command = [sys.executable, "-I", "-S", str(script), str(good)]
    run = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr


def test_ed25519_agrees_with_the_library() -> None:
    signer = Signer.generate("k")
    for number in range(20):
        message = bytes([number]) * number
        signature = signer._key.sign(message)
        public = signer.verifier.public
        assert verifier.ed25519_verify(public, message, signature)
        assert not verifier.ed25519_verify(public, message + b"x", signature)
        assert not verifier.ed25519_verify(public, message, flip(signature, number))
    s = int.from_bytes(signature[32:], "little") + verifier._L
    malleable = signature[:32] + s.to_bytes(32, "little")
    assert not verifier.ed25519_verify(public, message, malleable)
    assert not verifier.ed25519_verify(b"\xff" * 32, message, signature)
