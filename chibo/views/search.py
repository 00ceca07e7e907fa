"""The search page."""

from django.shortcuts import render
from django.utils import timezone

from chibo.search.queries import MOST, search, shown
from chibo.search.sources import BY_KIND, SOURCES
from core.paging import chip, paginate
from core.searching import Query, parse
from core.vietnamese import short_name

PER_PAGE = 20  # each is several lines high
EXAMPLES = (
    ("nghi quyet", "tìm được “Nghị quyết”: không cần gõ dấu"),
    ('"chuyển đổi số"', "đúng cụm từ, liền nhau"),
    ("10-NQ/CB", "số, ký hiệu của nghị quyết"),
    ("@tôi chưa xong", "việc đồng\u00a0chí phụ trách, chưa xong"),
    ("@{name}", "việc, nội dung, phát biểu của đồng\u00a0chí tên {Name}"),
    ('@"{names}"', "tên có nhiều chữ: đặt trong ngoặc kép"),
    ("hạn:tháng {month}", "việc có hạn trong tháng {month} gần nhất"),
    ("hạn:{month}/{year}", "việc có hạn trong tháng {month} năm {year}"),
    ("hạn:{day}", "việc có hạn đúng ngày ấy"),
    ("hạn:quá", "việc đã quá hạn"),
)


def search_page(request):
    """Everything the person may see that holds the words, by kind, twenty to a page."""
    asked, kind = " ".join(request.GET.get("q", "").split()), request.GET.get("loai", "")
    today = timezone.localdate()
    query, kind = parse(asked, today), kind if kind in BY_KIND else ""
    context = {"q": asked, "query": query, "examples": examples(today, request.user.get_full_name()), "cut": 0}
    if not query.is_empty and not query.is_too_short:
        context |= _found(request, asked, query, kind, today)
    return render(request, "search/page.html", context)


def _found(request, asked: str, query: Query, kind: str, today):
    found = search(request.user, query, today)
    page = paginate(request, found.of(kind), PER_PAGE)
    page.object_list = shown(page.object_list, query, today, found.parts)
    kinds = [(source.kind, source.label, found.counts[source.kind]) for source in SOURCES]
    chips = [(name, label, number) for name, label, number in kinds if number or name == kind]
    filters = [
        chip(request.path, label, current=name == kind, count=capped(number), q=asked, loai=name)
        for name, label, number in [("", "Tất cả", sum(found.counts.values())), *chips]
    ]
    cut = any(number > MOST for name, _, number in kinds if kind in ("", name))
    return {"page": page, "filters": filters, "parts": found.parts, "cut": MOST if cut else 0, "searched": True}


def capped(number: int):
    """A count as it is shown: "hơn 200" past what is fetched."""
    return f"hơn {MOST}" if number > MOST else number


def examples(today, full_name):
    """(query, what it does), with the dates of today and the name of who asks."""
    short = short_name(full_name)
    given = short.rpartition(" ")[2]
    words = {"month": today.month, "year": today.year, "day": today.strftime("%d/%m/%Y")}
    words |= {"Name": given, "name": given.lower(), "names": short.lower()}
    return [(text.format(**words), meaning.format(**words)) for text, meaning in EXAMPLES]
