"""The OpenAPI 3.1 document, generated from the route table and its pydantic models."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from server.errors import MEANINGS, ErrorCode
from server.http.repeats import HEADER, PATTERN
from server.http.routing import Empty, Route

REF = "#/components/schemas/{model}"
PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem document.",
    "required": ["type", "title", "status", "detail", "code", "message", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "enum": sorted(code.value for code in ErrorCode)},
        "message": {
            "type": "object",
            "required": ["zh", "en"],
            "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
        },
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def _errors_of(route: Route) -> list[ErrorCode]:
    codes = set(route.errors)
    if route.permission is not None:
        codes |= {ErrorCode.SESSION_EXPIRED, ErrorCode.NOT_ALLOWED}
    if "{" in route.path:
        codes.add(ErrorCode.NOT_FOUND)
    if route.body is not None or route.query is not Empty:
        codes.add(ErrorCode.INVALID_REQUEST)
    if route.body is not None:
        codes |= {ErrorCode.UNSUPPORTED_MEDIA_TYPE, ErrorCode.BODY_TOO_LARGE}
    # Every operation refuses unknown query parameters, and says so when the database does not answer.
    codes |= {ErrorCode.INVALID_REQUEST, ErrorCode.NOT_READY}
    return sorted(codes)


def _problem_responses(route: Route) -> dict[str, Any]:
    by_status: dict[int, list[ErrorCode]] = {}
    for code in _errors_of(route):
        by_status.setdefault(MEANINGS[code].status, []).append(code)
    return {
        str(status): {
            "description": ", ".join(code.value for code in codes),
            "content": {
                "application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}
            },
        }
        for status, codes in sorted(by_status.items())
    }


def _success(route: Route, reference: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    if route.response is not None:
        content = {"application/json": {"schema": reference[route.response]}}
    elif route.produces:
        # A file of any type may be JSON as well; no schema fits them all.
        binary = {} if route.produces == "*/*" else {"type": "string", "format": "binary"}
        content = {route.produces: {"schema": binary}}
    else:
        return {"description": "Done."}
    return {"description": "Success.", "content": content}


def _parameters(route: Route) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)[^}]*}", route.path)
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]
    if route.repeatable:
        found.append(
            {
                "name": HEADER,
                "in": "header",
                "required": False,
                "description": "the same for every attempt; what was created is not created again",
                "schema": {"type": "string", "pattern": PATTERN},
            }
        )
    schema = route.query.model_json_schema(ref_template=REF, mode="validation")
    required = schema.get("required", [])
    for name, value in schema.get("properties", {}).items():
        item = {"name": name, "in": "query", "required": name in required, "schema": value}
        if "description" in value:
            item["description"] = value["description"]
        found.append(item)
    return found


def _operation(route: Route, reference: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.operation_id,
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": _parameters(route),
        "responses": {str(route.status): _success(route, reference), **_problem_responses(route)},
        "security": [] if route.permission is None else [{"bearer": []}],
    }
    if route.permission is not None:
        operation["x-permission"] = route.permission.value
    if route.body is not None:
        content = {"application/json": {"schema": reference[route.body]}}
        operation["requestBody"] = {"required": True, "content": content}
    elif route.consumes:
        binary = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"required": True, "content": {route.consumes: binary}}
    return operation


def build(routes: Sequence[Route]) -> dict[str, Any]:
    """The document as a plain dict. Raises `ValueError` when two routes share an operation id."""
    ids = [route.operation_id for route in routes]
    twice = {name for name in ids if ids.count(name) > 1}
    if twice:
        raise ValueError(f"operation ids used twice: {sorted(twice)}")
    bodies = [(model, "validation") for route in routes if (model := route.body)]
    answers = [(model, "serialization") for route in routes if (model := route.response)]
    queries = [(route.query, "validation") for route in routes]
    inputs = list(dict.fromkeys([*bodies, *answers, *queries]))
    mapping, definitions = models_json_schema(inputs, ref_template=REF)  # type: ignore[arg-type]
    reference: dict[Any, dict[str, Any]] = {key[0]: schema for key, schema in mapping.items()}
    paths: dict[str, Any] = {}
    for route in routes:
        path = re.sub(r"{(\w+)[^}]*}", r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, reference)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Duikou",
            "version": "0.1.0",
            "description": "Telemedicine for paired assistance (对口支援).",
        },
        "paths": paths,
        "components": {
            "schemas": {**definitions.get("$defs", {}), "Problem": PROBLEM},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def encoded(routes: Sequence[Route]) -> bytes:
    """The document as JSON."""
    return json.dumps(build(routes), ensure_ascii=False).encode()
