"""The figures of several workers as those of one server."""

# Not a quantity: the same in every worker.
_SAME = "duikou_media_tcp_port"


def summed(texts: list[str]) -> str:
    """Prometheus texts added up, line by line."""
    values: dict[str, float] = {}
    lines: list[str] = []
    for text in texts:
        for line in text.splitlines():
            name, _, value = line.rpartition(" ")
            if line.startswith("#") or not name:
                if line not in lines:
                    lines.append(line)
                continue
            if name not in values:
                lines.append(name)
                values[name] = 0.0
            number = float(value)
            values[name] = max(values[name], number) if name == _SAME else values[name] + number
    return "".join(_line(one, values) for one in lines)


def _line(one: str, values: dict[str, float]) -> str:
    if one not in values:
        return one + "\n"
    value = values[one]
    return f"{one} {int(value) if value.is_integer() else value}\n"
