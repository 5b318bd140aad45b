"""The lists of findings, templates and critical values agree with each other and with the rules."""

from __future__ import annotations

from server.reads.rules import report_faults
from server.reads.terms import terms


def test_codes_are_unique() -> None:
    view = terms().view
    for items in (
        view.rhythms,
        view.findings,
        view.templates,
        view.advices,
        view.return_reasons,
        view.criticals,
    ):
        codes = [item.code for item in items]
        assert len(codes) == len(set(codes))
        assert all(item.zh and item.en for item in items)


def test_every_template_can_be_signed_as_it_is() -> None:
    lists = terms()
    assert len(lists.view.templates) >= 10
    for template in lists.view.templates:
        content = template.content.model_dump()
        assert report_faults(content, lists.rhythms, lists.findings) == [], template.code
