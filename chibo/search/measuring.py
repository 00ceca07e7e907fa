"""The search part of ``make bench``: 200,000 rows, times of the search and of its page, and the plans' indexes."""

import re
import statistics
import time
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from chibo.search import filling
from chibo.search.queries import search, shown, statement
from chibo.search.walls import Reach
from core.searching import parse
from members.models import User

GOAL_MS = 150
WHO = {"dangvien": "đảng viên, chi bộ 10 năm", "bithu": "bí thư, chi bộ 10 năm", "chibokhac": "bí thư, chi bộ nhỏ"}
QUERIES = {
    "hiếm": "ranh thoat nuoc",
    "một nửa số dòng": "nghị quyết",
    "từ ngắn, phổ biến": "chi bộ",
    "nhiều từ": "bao cao ket qua thang",
    "cụm từ": '"nghị quyết của chi bộ"',
    "ký hiệu": "317-cv/đu",
    "phần của từ": "uyet",
    "không có": "zzyzx",
    "của tôi, chưa xong": "@tôi chưa xong",
    "của một người": "@đức nghị quyết",
    "hạn trong tháng": "hạn:{month}",
    "từ và thao tác": "nghị quyết chưa xong",
}
TABLES = ("agendaitem", "meetingpaper", "speech", "resolution", "clause", "assignment")
OWN_INDEX = re.compile(r"Index Scan on (\w+_(?:words|parts))")
WHOLE_TABLE = re.compile(rf"Seq Scan on (\w+_(?:{'|'.join(TABLES)}))\b")


class NoIndexError(RuntimeError):
    """A search read a whole table, or the indexes on the texts were never used."""


def run(rounds, fetch):
    """The table as text. ``fetch(user, address)`` gives the milliseconds of one request."""
    bithu = User.objects.get(username="bithu")
    began = time.perf_counter()
    filling.fill(bithu.home_cell)
    lines = [f"{count():,} dòng tìm được, {filling.CELLS:,} chi bộ; ghi trong {time.perf_counter() - began:.0f} giây"]
    lines.append(f"{'Tìm':<22}{'ai':<28}{'kết quả':>8}{'trung vị ms':>13}{'p95 ms':>9}{'trang ms':>10}  chỉ mục")
    used, worst = set(), 0.0
    for username, words in WHO.items():
        user = User.objects.get(username=username)
        for label, text in asked().items():
            number, times, names = measure(user, text, rounds)
            pages = [fetch(user, f"{reverse('search')}?{urlencode({'q': text})}") for _ in range(max(5, rounds // 4))]
            used |= names
            median, late, page = statistics.median(times), percentile(times), statistics.median(pages)
            worst = max(worst, median, page)
            what = ", ".join(sorted(names)) or "theo cuộc họp của chi bộ"
            lines.append(f"{label:<22}{words:<28}{number:>8}{median:>13.1f}{late:>9.1f}{page:>10.1f}  {what}")
    if not used:
        raise NoIndexError("Không lần tìm nào dùng chỉ mục _words, _parts.")
    lines.append(f"Chậm nhất: {worst:.0f} ms (mục tiêu dưới {GOAL_MS} ms)")
    return "\n".join([*lines, "", *plan_lines(bithu, QUERIES["hiếm"])])


def asked():
    """Label -> what is typed."""
    month = timezone.localdate().strftime("%m/%Y")
    return {label: text.format(month=month) for label, text in QUERIES.items()}


def count() -> int:
    """Rows that are searched."""
    return sum(model.objects.count() for model in filling.SEARCHED)


def measure(user, text, rounds):
    """(hits, milliseconds of each round, indexes on texts in the plans) of a search with its first page."""
    today = timezone.localdate()
    query = parse(text, today)
    times, found = [], None
    for _ in range(rounds + 1):
        began = time.perf_counter()
        found = search(user, query, today)
        shown(found.hits[:20], query, today, found.parts)
        times.append((time.perf_counter() - began) * 1000)
    plans = [statement(Reach(user), query, today, parts) for parts in (False, True)[: 1 + found.parts]]
    names = set().union(*(indexes_of(rows) for rows in plans if rows is not None))  # None: nobody of that name
    return len(found.hits), times[1:], names


def plan(rows) -> str:
    """The plan of a query as PostgreSQL ran it."""
    return rows.explain(analyze=True, buffers=True)


def indexes_of(rows) -> set:
    """Names of the indexes on texts in the plan; NoIndexError when it reads a whole table of texts."""
    text = plan(rows)
    if whole := WHOLE_TABLE.findall(text):
        raise NoIndexError(f"Đọc cả bảng {', '.join(sorted(set(whole)))}:\n{text}")
    return set(OWN_INDEX.findall(text))


def plan_lines(user, text):
    """The lines of the plan of a rare word that name an index on texts, each with its condition, and the times."""
    today = timezone.localdate()
    lines = plan(statement(Reach(user), parse(text, today), today)).splitlines()
    kept = []
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if OWN_INDEX.search(line):
            kept += [line.strip(), f"     {below.strip()}"]
    times = [line for line in lines if line.startswith(("Planning Time", "Execution Time"))]
    return [f"Kế hoạch của “{text}”:", *kept, *times]


def percentile(times, share=0.95):
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
