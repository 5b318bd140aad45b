"""Prometheus metrics of the reading flow: counts and times, never who."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from server.reads.rules import ReadEvent, Urgency

EVENTS = Counter("duikou_read_events_total", "Steps of reads.", ["event", "urgency"])
REFUSED = Counter("duikou_read_files_refused_total", "Uploads that were refused.", ["reason"])
TURNAROUND = Histogram(
    "duikou_read_turnaround_minutes",
    "From submission to signature.",
    ["urgency"],
    buckets=(1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 240, 480, 1440),
)
CRITICAL = Counter(
    "duikou_critical_acknowledged_total", "Critical values acknowledged.", ["in_time"]
)
PDF_SECONDS = Histogram("duikou_report_pdf_seconds", "Time to draw a report.")


def count(event: ReadEvent, urgency: Urgency) -> None:
    EVENTS.labels(event.value, urgency.value).inc()


def critical_acknowledged(*, in_time: bool) -> None:
    CRITICAL.labels("yes" if in_time else "no").inc()
