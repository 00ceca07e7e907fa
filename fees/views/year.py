"""The book of a year: the grid, or for who may see no names only its sums."""

from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from core.paging import chip
from fees.queries import cells, sums
from fees.queries.grid import year_lines
from fees.queries.owing import months_of
from fees.queries.readable import readable
from fees.standing import GRID_WORDS, STANDING_UI, Standing
from fees.views import places
from fees.views.doors import doors

AMOUNTS, OPEN_ONLY = "so-tien", "chua-dong"
ORDER = list(Standing)
MOST_LINES = 150  # a cell has 60 members; a page never draws more


def home(request):
    """To what one has to do here: the collector to the month, the heads to the year, a member to the own book."""
    cell, today = cells.book_cell(request.user), timezone.localdate()
    if cell is not None and request.user.has_perm("fees.keep_book", cell):
        return redirect("fees:month", today.year, today.month)
    if cell is not None and request.user.has_perm("fees.view_status", cell):
        return redirect("fees:year", today.year)
    return redirect("fees:me")


def year(request, year):
    """``?xem=so-tien`` shows amounts to who may read the book, ``?loc=chua-dong`` only who still has to pay."""
    places.known_year(year)
    cell = places.cell_for(request, "fees.view_fees")
    opened = sums.opened(cell)
    current = _current(opened, year)
    lines, rows = year_lines(cell, year, current)
    context = {"cell": cell, "year": year, "here": places.here(request), "current": current}
    context |= _names(request, cell, lines)
    context["sees_open"] = bool(context["reads"])
    context |= (_money if context["sees_open"] else _closed)(cell, year, opened, rows, current)
    context["share_unknown"] = not sums.share_is_configured(cell, current)
    context["years"] = _years(request, opened, year)
    context["book"], context["doors"] = opened.get(current), doors(request.user, cell, "fees:home")
    return render(request, "fees/year.html", context)


def _current(opened, year):
    """The month that the page is about: today's, else the last one opened in that year, else January."""
    today = timezone.localdate().replace(day=1)
    months = [month for month in opened if month.year == year and month <= today]
    return months[-1] if months else today if today.year == year else today.replace(year=year, month=1)


def _years(request, opened, year):
    found = sorted({year, timezone.localdate().year, *(month.year for month in opened)}, reverse=True)
    kept = places.kept(request)
    return [chip(reverse("fees:year", args=[each]), str(each), current=each == year, **kept) for each in found]


def _closed(_cell, year, opened, rows, current):
    """The same as the close of each month froze it: sums that grow by a receipt would tell what its payer paid."""
    months = [row for month, row in opened.items() if month.year == year]
    return {
        "months": months,
        "columns": [(month, opened.get(month), 0, month == current) for month in months_of(year)],
        "collected": sum(row.collected_total for row in months if not row.is_open),
        "now": sums.by_month(rows).get(current) or sums.MonthSum(current),
    }


def _money(cell, year, opened, rows, current):
    """Sums of the months and of the year as they are now; they name nobody."""
    came_in, by_month = sums.collected(cell, year), sums.by_month(rows)
    months = [
        (row, by_month.get(month) or sums.MonthSum(month), came_in.get(row.pk, 0))
        for month, row in opened.items()
        if month.year == year
    ]
    columns = [
        (month, opened.get(month), (by_month.get(month) or sums.MonthSum(month)).paid, month == current)
        for month in months_of(year)
    ]
    return {
        "months": months,
        "columns": columns,
        "paid_for_year": sum(each.paid for each in by_month.values()),
        "collected": sum(came_in.values()),
        "now": by_month.get(current) or sums.MonthSum(current),
    }


def _names(request, cell, lines):
    """The grid, for who may know who paid; with amounts for who may read the book."""
    user = request.user
    reads = readable(user, cell)
    if not reads and not user.has_perm("fees.view_status", cell):
        return {"lines": None, "keeps": False, "reads": False}
    with_amounts, open_only = reads and request.GET.get("xem") == AMOUNTS, request.GET.get("loc") == OPEN_ONLY
    still = [line for line in lines if line.is_open]
    return _drawn((still if open_only else lines)[:MOST_LINES], with_amounts, reads) | {
        "reads": reads,
        "keeps": reads.whole,
        "open_only": open_only,
        "views": _views(request, reads, with_amounts, open_only),
        "filters": _filters(request, with_amounts, open_only, len(still)),
    }


def _drawn(shown, with_amounts, reads):
    draw = _drawer(with_amounts, reads)
    return {
        "lines": [(line, draw(line)) for line in shown],
        "still": [line for line in shown if line.is_open],
        "settled": [line for line in shown if not line.is_open],
        "legend": _legend(shown),
        "with_amounts": with_amounts,
    }


def _drawer(with_amounts, reads):
    """Writes the places of a line; each kind of place is rendered once and then only filled with its amount, if its
    month is one that the person ``reads``."""
    kinds: dict = {}

    def place(spot):
        amount = spot.paid if spot.standing in (Standing.PAID, Standing.OVER, Standing.ADVANCE) else spot.left
        shows = with_amounts and bool(amount) and spot.month in reads
        key = (spot.standing, spot.span, spot.is_current, shows)
        if key not in kinds:
            css, word, meaning = GRID_WORDS[spot.standing]
            values = {"css": css, "word": word, "meaning": meaning, "spot": spot, "look": STANDING_UI[spot.standing]}
            kinds[key] = render_to_string("fees/_grid_place.html", {**values, "shows": shows}).strip()
        return kinds[key].replace("{amount}", f"{amount:,}".replace(",", ".")) if shows else kinds[key]

    return lambda line: mark_safe("".join(place(spot) for spot in line.spots))  # rendered by the template engine


def _legend(lines):
    """The words that stand in the grid, each once, with what they mean."""
    used = {spot.standing for line in lines for spot in line.spots if spot.span == 1} - {Standing.NONE}
    return [GRID_WORDS[word] for word in sorted(used, key=lambda word: (word != Standing.PAID, ORDER.index(word)))]


def _views(request, reads, with_amounts, open_only):
    if not reads:
        return []
    kept = places.kept(request) | {"loc": OPEN_ONLY if open_only else ""}
    return [
        chip(request.path, "Dấu đã đóng", current=not with_amounts, **kept),
        chip(request.path, "Số tiền", current=with_amounts, xem=AMOUNTS, **kept),
    ]


def _filters(request, with_amounts, open_only, number):
    kept = places.kept(request) | {"xem": AMOUNTS if with_amounts else ""}
    return [
        chip(request.path, "Mọi đảng viên", current=not open_only, **kept),
        chip(request.path, "Chỉ người chưa đóng", current=open_only, count=number, loc=OPEN_ONLY, **kept),
    ]
