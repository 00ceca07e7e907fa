"""Geometry of bars and charts: SVG attributes in percent, so that no page needs a style attribute."""


def _get(part, name, default=None):
    return part.get(name, default) if isinstance(part, dict) else getattr(part, name, default)


def share(value, whole) -> float:
    """value in percent of whole, kept between 0 and 100, one decimal; 0 when there is no whole."""
    if not whole or not value or value < 0:
        return 0.0
    return round(min(100 * float(value) / float(whole), 100.0), 1)


def segments(parts, whole) -> list[dict]:
    """Side by side parts: x, width and middle in percent of whole, with label and kind; empty parts are left out."""
    placed, x = [], 0.0
    for label, value, kind in parts:
        width = share(value, whole)
        if width:
            placed.append(
                {"x": round(x, 1), "width": width, "middle": round(x + width / 2, 1), "label": label, "kind": kind}
            )
        x += width
    return placed


def time_segments(parts, limit) -> dict:
    """Parts of an agenda (``label, minutes, kind``) and the place of the legal minimum, all in minutes."""
    rows = [(str(_get(part, "label")), int(_get(part, "minutes") or 0), _get(part, "kind", "") or "") for part in parts]
    total = sum(minutes for _, minutes, _ in rows)
    whole = max(total, limit or 0)
    drawn = segments([(f"{label} {minutes}", minutes, kind) for label, minutes, kind in rows], whole)
    for part in drawn:
        part["short"], part["thin"] = part["width"] < 8, part["width"] < 15
    words = ", ".join(f"{label} {minutes} phút" for label, minutes, _ in rows)
    if limit:
        words += f"; mốc tối thiểu {limit} phút"
    return {"parts": drawn, "mark": share(limit, whole) if limit else None, "limit": limit, "words": words}


def vote_segments(agree, disagree, other, denominator, need) -> dict:
    """The three counts of a vote beside each other and the mark of what is needed, in votes of the denominator."""
    agree, disagree, other = int(agree or 0), int(disagree or 0), int(other or 0)
    whole = max(int(denominator or 0), agree + disagree + other)
    drawn = segments([("", agree, "yes"), ("", disagree, "no"), ("", other, "ot")], whole)
    mark = share(need, whole) if need else None
    words = f"Tán thành {agree}, không tán thành {disagree}, ý kiến khác {other}, trên {denominator or 0}"
    words += f"; cần {need}" if need else ""
    return {"parts": drawn, "mark": mark, "need": need, "words": words, "anchor": anchor(mark)}


def anchor(mark) -> str:
    """Which end of a label stands at its mark, so that it never leaves the picture."""
    if mark is None:
        return "middle"
    return "start" if mark < 12 else "end" if mark > 88 else "middle"


def columns(points, limit=None) -> list[dict]:
    """Columns of a chart from ``label, value``; below the limit they are marked "lo", without a value "nil"."""
    rows = [(str(_get(point, "label")), _get(point, "value")) for point in points]
    top = max([value for _, value in rows if value is not None] + [limit or 0, 1])
    step = round(100 / len(rows), 3) if rows else 100
    drawn = []
    for place, (label, value) in enumerate(rows):
        height = 12.0 if value is None else round(76 * float(value) / float(top), 1)
        kind = "nil" if value is None else "lo" if limit and value < limit else ""
        left, middle = place * step + step * 0.12, (place + 0.5) * step
        column = {"label": label, "value": value, "kind": kind, "height": height, "width": round(step * 0.76, 2)}
        column |= {"x": round(left, 2), "middle": round(middle, 2)}
        drawn.append(column | {"y": round(88 - height, 1), "above": round(85 - height, 1)})
    return drawn


def groups(rows) -> dict:
    """Columns side by side for each of ``rows`` (label, values); a value that is not known draws nothing.

    ``top`` is the largest value, at 12 % from above; ``groups`` hold the place of the label and the columns.
    """
    rows = [(str(label), tuple(values)) for label, values in rows]
    top = max((value for _, values in rows for value in values if value), default=0)
    step, drawn = (100 / len(rows) if rows else 100), []
    for place, (label, values) in enumerate(rows):
        width = step * 0.8 / max(len(values), 1)
        columns = []
        for number, value in enumerate(values):
            height = share(value, top) * 0.76
            x = place * step + step * 0.1 + number * width
            column = {"kind": f"s{number + 1}", "x": round(x, 2), "y": round(88 - height, 1)}
            columns.append(column | {"width": round(width * 0.9, 2), "height": round(height, 1)})
        drawn.append({"label": label, "middle": round((place + 0.5) * step, 2), "columns": columns})
    return {"top": top, "groups": drawn}
