"""Schemathesis over the OpenAPI document, as people of several roles, against a house with real objects in it.

Nothing answers 5xx, a status or a content type that the document does not name, or a body that its schema does not
fit; no door opens without its token; what breaks the schema is refused. `FUZZ_EXAMPLES` makes the run longer.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.app import ALL_ROUTES
from server.http.openapi import build
from tests.api import consults, reads
from tests.api.conftest import House
from tests.api.test_lectures import announced
from tests.coverage_of_routes import record

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
ROLES = ("rural_doctor", "specialist", "coordinator", "lecturer", "assessor")
CHECKS = [
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@dataclass(frozen=True)
class Target:
    """Where the house listens, who calls, and ids of objects that exist, by parameter name."""

    address: str
    tokens: tuple[str, ...]
    real: dict[str, list[str]]


async def _closed(house: House) -> str:
    """A consult with its entry in the log."""
    consult_id = await consults.signed(house)
    await consults.do(house, "rural_doctor", consult_id, "outcome", {"outcome": "adopted"})
    return consult_id


async def _target(house: House) -> Target:
    world = house.world
    closed = await _closed(house)
    log = await house.as_("assessor").get("/api/entries")
    return Target(
        address=f"http://127.0.0.1:{house.client.server.port}",
        tokens=tuple(str(house.as_(who).token) for who in ROLES),
        real={
            "agreement_id": [world.agreement, world.county_agreement],
            "consult_id": [await consults.asked(house), await consults.scheduled(house), closed],
            "department_id": list(world.departments.values()),
            "entry_id": [log.json["entries"][0]["id"]],
            "lecture_id": [await announced(house), await announced(house)],
            "lecturer_id": [world.staff["lecturer"]],
            "name": ["attendance.json"],
            "patient_id": [world.patient],
            "person": [world.staff["specialist"]],
            "read_id": [await reads.drafted(house), await reads.signed(house)],
            "specialist_id": [world.staff["specialist"]],
            "supporting_id": [world.organisations["city"]],
        },
    )


def _swap(part: Any, real: dict[str, list[str]], number: int) -> None:
    """Put ids of real objects where the schema only says "a string"."""
    if not isinstance(part, dict):
        return
    for name in part.keys() & real.keys():
        part[name] = real[name][number % len(real[name])]
    if "owner_id" in part:
        part["owner_id"] = real["consult_id"][number % 2]
    if isinstance(part.get("agreement_ids"), list) and part["agreement_ids"]:
        part["agreement_ids"] = real["agreement_id"][: 1 + number % 2]


def _attack(operation: Any, target: Target, session: requests.Session) -> None:
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in _modes(operation)))

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, token=st.sampled_from(target.tokens), number=st.integers(0, 5))
    def attack(case: Any, token: str, number: int) -> None:
        if number:  # 0 keeps the ids that do not exist
            for part in (case.path_parameters, case.query, case.body):
                _swap(part, target.real, number)
        headers = {"Authorization": f"Bearer {token}"}
        response = case.call(base_url=target.address, session=session, headers=headers, timeout=20)
        record(operation.method.upper(), operation.path, response.status_code)
        case.validate_response(
            response, checks=CHECKS, headers=headers, transport_kwargs={"session": session}
        )

    attack()


def _modes(operation: Any) -> Iterator[GenerationMode]:
    yield GenerationMode.POSITIVE
    if operation.body or operation.query:
        yield GenerationMode.NEGATIVE


def _attack_all(target: Target, stop: threading.Event) -> list[str]:
    schema = schemathesis.openapi.from_dict(build(ALL_ROUTES))
    schema.config.update(base_url=target.address)
    failures = []
    with requests.Session() as session:
        for found in schema.get_all_operations():
            if stop.is_set():
                break
            operation = found.ok()
            try:
                _attack(operation, target, session)
            except (Exception, BaseExceptionGroup) as error:
                failures.append(f"{operation.label}: {error}"[:3000])
    return failures


@pytest.mark.slow
@pytest.mark.timeout(60 + 60 * EXAMPLES)
@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
async def test_the_document_is_kept(house: House) -> None:
    target, stop = await _target(house), threading.Event()
    try:
        failures = await asyncio.to_thread(_attack_all, target, stop)
    finally:
        stop.set()
    assert failures == [], "\n\n".join(failures)
