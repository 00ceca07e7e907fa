"""The year: what one has to do now, the collective's pledge, the chi ủy's table; opening, asking, reminding."""

import datetime

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.forms import ConfirmForm, attempt, form_status, posted
from core.paging import chip, paginate
from core.vietnamese import lower_first
from members.queries import rule_for
from pledges import queries
from pledges.forms import AskForm, OpenYearForm
from pledges.models import Pledge
from pledges.services import opening, writing
from pledges.states import AssessmentState, Period, PledgeState
from pledges.steps import begin, step
from pledges.views.places import cell_for, known_year, opened

STATES = {
    "chua-gui": ("Chưa gửi", lambda row: row.pledge_state is None),
    "cho-xac-nhan": ("Chờ xác nhận", lambda row: row.pledge_state == PledgeState.SUBMITTED),
    "can-sua": ("Cần sửa", lambda row: row.pledge_state == PledgeState.RETURNED),
    "da-dang-ky": ("Đã đăng ký", lambda row: row.pledge_state == PledgeState.REGISTERED),
}
PAPERS = {
    "chua-danh-gia": ("Chưa tự đánh giá", lambda row, period: _paper(row, period) in (None, AssessmentState.RETURNED)),
    "cho-xep-muc": ("Chờ xếp mức", lambda row, period: _paper(row, period) == AssessmentState.SUBMITTED),
}


def _paper(row, period):
    return row.half_state if period == Period.HALF else row.year_state


def home(request):
    """This year's page."""
    return redirect("pledges:year", timezone.localdate().year)


def year(request, year):
    """One sentence and one button for one's own pledge; the collective's; for the chi ủy the table of the cell."""
    cell, user, today = cell_for(request, "pledges.view_year"), request.user, timezone.localdate()
    known = queries.years_of(cell)
    row, on_committee = known.get(known_year(year)), user.has_perm("pledges.view_table", cell)
    years = {*known, year, today.year, today.year + on_committee}
    context = {
        "cell": cell, "year": year, "row": row, "on_committee": on_committee, "years": _years(years, year),
        "may_open": row is None and on_committee and year in (today.year, today.year + 1),
    }  # fmt: skip
    if row is not None:
        people = queries.people(cell, year) if on_committee else None
        context |= _own(user, row, people, today)
        if on_committee:
            context |= _table(request, row, people)
    return render(request, "pledges/year.html", context)


def _years(years, current):
    """The chi ủy is offered the next year too, to open it."""
    url = "pledges:year"
    return [chip(reverse(url, args=[each]), str(each), current=each == current) for each in sorted(years, reverse=True)]


def _own(user, row, people, today):
    """What there is of the person and of the collective, and the next thing to do with each."""
    found = queries.first_page(user, row.cell, row.year)
    own, collective = found["own"], found["collective"]
    found |= {"own_step": None, "collective_step": None, "copy_verb": f"Chép từ năm {row.year - 1} rồi sửa"}
    for name, pledge in (("own", own), ("collective", collective)):
        found[f"{name}_remark"] = pledge.remark if pledge and pledge.state == PledgeState.RETURNED else ""
    if own is not None:
        found["own_step"] = step(row, own, today)
    elif _registers(user, row.cell, people):
        found["own_step"] = begin(row, today)
    if people is not None:
        found["collective_step"] = step(row, collective, today) if collective else begin(row, today, collective=True)
    return found


def _registers(user, cell, people):
    if people is None:
        return queries.registers(cell, user.member_id)
    return any(member.pk == user.member_id for member in people)


def _table(request, row, people):
    """A page of the cell's table, the chips of its filter, the numbers on top."""
    asked, name = _asked_period(row), request.GET.get("loc", "")
    tests = {key: (label, test) for key, (label, test) in STATES.items()}
    if asked:
        registered = [each for each in people if each.pledge_state == PledgeState.REGISTERED]
        done = {key: [each for each in registered if test(each, asked)] for key, (_, test) in PAPERS.items()}
        tests |= {key: (label, done[key].__contains__) for key, (label, _) in PAPERS.items()}
    name = name if name in tests else ""
    chosen = [each for each in people if not name or tests[name][1](each)]
    page = paginate(request, chosen)
    numbers = {key: sum(test(each) for each in people) for key, (_, test) in tests.items()}
    url = reverse("pledges:year", args=[row.year])
    chips = [chip(url, "Mọi người", current=not name, count=len(people))]
    chips += [chip(url, label, current=name == key, count=numbers[key], loc=key) for key, (label, _) in tests.items()]
    return {
        "page": page, "lines": queries.table(row.cell, row.year, page.object_list), "filters": chips,
        "numbers": {key.replace("-", "_"): number for key, number in numbers.items()}, "everybody": len(people),
        "asked": asked, "asks": _asks(row), "waiting": _waiting(row, people, asked, numbers),
    }  # fmt: skip


def _asked_period(row):
    return next((period for period in (Period.YEAR, Period.HALF) if row.due_of(period)), None)


def _asks(row):
    """Self-assessments that may still be asked for: (address, words)."""
    left = [period for period in Period if row.due_of(period) is None]
    if row.year_due_on:
        left = []
    return [(reverse("pledges:year_assess", args=[row.year, period]),
             f"Mở đợt tự đánh giá {lower_first(period.label)}") for period in left]  # fmt: skip


def _waiting(row, people, asked, numbers):
    """How many are behind with the latest thing asked for: whom the reminder reaches."""
    return numbers["chua-danh-gia"] if asked else numbers["chua-gui"] + numbers["can-sua"]


@require_POST
def start(request, year):
    """Begin one's own pledge, or the collective's (``cho=tap-the``), empty or from last year's (``chep=1``)."""
    collective = request.POST.get("cho") == "tap-the"
    cell = cell_for(request, "pledges.write_collective" if collective else "pledges.view_year")
    form, member = ConfirmForm(posted(request)), None if collective else request.user.member
    facts = {"member": member, "copy": request.POST.get("chep") == "1", "by": request.user}
    if not attempt(request, form, writing.start, cell, known_year(year), **facts):
        messages.error(request, " ".join(form.non_field_errors()))
        return redirect("pledges:year", year)
    return redirect("pledges:pledge_write", year, Pledge.objects.get(cell=cell, year=year, member=member).pk)


def year_open(request, year):
    """The chi ủy opens the registration of this year or the next."""
    cell = cell_for(request, "pledges.open_year")
    form = OpenYearForm(posted(request), initial={"due_on": _first_due(cell, known_year(year))})
    done = f"Đã mở đợt đăng ký năm {year}, các đồng chí được báo."
    if attempt(request, form, opening.open_year, cell, year, by=request.user, success=done):
        return redirect("pledges:year", year)
    context = {
        "form": form, "heading": f"Mở đợt đăng ký làm theo Bác năm {year}", "verb": "Mở đợt đăng ký", "back_url":
        reverse("pledges:year", args=[year]), "back_name": "Làm theo Bác",
        "intro": "Mọi đồng chí trong diện đăng ký được báo ngay và được nhắc trước hạn ba ngày.",
    }  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))


def _first_due(cell, year):
    """The day that the rule names, or nothing when it has passed."""
    first = datetime.date(year, 1, 1)
    day = first.replace(day=min(rule_for(cell, "pledge.due_day_of_january", first).integer, 31))
    return day if day >= timezone.localdate() else None


def year_assess(request, year, period):
    """Ask everybody who has registered for the self-assessment of a period."""
    row, words = opened(request, year), lower_first(period.label)
    form = AskForm(posted(request))
    done = f"Đã mở đợt tự đánh giá {words}, các đồng chí được báo."
    if attempt(request, form, opening.ask_assessment, row, period=period, by=request.user, success=done):
        return redirect(row)
    context = {
        "form": form, "heading": f"Mở đợt tự đánh giá {words} {year}", "verb": "Mở đợt tự đánh giá",
        "back_url": row.get_absolute_url(), "back_name": "Làm theo Bác",
        "intro": "Mọi đồng chí đã đăng ký được báo ngay và được nhắc trước hạn ba ngày.",
    }  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))


@require_POST
def year_remind(request, year):
    """Remind who has not handed in what was asked for last."""
    row, form = opened(request, year), ConfirmForm(posted(request))
    if not attempt(request, form, opening.remind, row, by=request.user, success="Đã nhắc các đồng chí chưa gửi."):
        messages.error(request, " ".join(form.non_field_errors()))
    return redirect(row)
