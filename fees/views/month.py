"""The collection of one month: who has not paid first; opening, closing, splitting, correcting."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import require
from core.forms import ConfirmForm, attempt, form_status, posted
from core.months import months_later
from core.paging import chip, paginate
from core.states import actions_for
from fees.forms.collecting import CloseForm, CorrectForm
from fees.models import Due, FeeMonth, Payment
from fees.queries import collection, sums
from fees.queries.owing import owed
from fees.queries.readable import readable
from fees.queries.unpaid import entered
from fees.services import months as services
from fees.states import MONTH_MOVES, NOT_COMPUTED, MonthState
from fees.views import places

STEPS = {"close": services.close_month, "split": services.split_month}
SUCCESS = {
    "close": "Đã khóa sổ tháng. Số của tháng không sửa được nữa.",
    "split": "Đã ghi phần để lại chi bộ và phần phải nộp cấp trên.",
}


def page(request, year, month):
    """The month as the person may see it: sums, who has paid, or amounts with a button for each payer."""
    day = places.known_month(year, month)
    cell = places.cell_for(request, "fees.view_fees")
    opened = sums.opened(cell)
    fee_month = opened.get(day)
    context = {"cell": cell, "month": day, "fee_month": fee_month, "here": places.here(request)}
    context |= {"filters": _neighbours(request, opened, day), "keeps": request.user.has_perm("fees.keep_book", cell)}
    if fee_month is None:
        context["may_open"] = context["keeps"] and day <= timezone.localdate()
        return render(request, "fees/month_unopened.html", context)
    found = collection.payers(cell, day)
    context |= _people(request, cell, found, opened, day)
    context |= {"page": _receipts(request, fee_month) if context["reads"] else None, "sum": month_sum(found, day)}
    context["actions"] = _actions(request.user, cell, fee_month)
    return render(request, "fees/month.html", context)


def _actions(user, cell, fee_month):
    """What may be done with the month; the split is offered once the share is known, and again after it was wrong."""
    found, fee_month.cell = actions_for(user, fee_month), cell
    offered = any(name == "split" for name, _ in found)
    if offered and (not sums.share_is_configured(cell, fee_month.month) or sums.is_split_rightly(fee_month)):
        return [row for row in found if row[0] != "split"]
    return found


def month_sum(found, day):
    """Sums of the month over its payers."""
    return sums.by_month([payer.row for payer in found if payer.row]).get(day) or sums.MonthSum(day)


def _neighbours(request, opened, day):
    """The whole year, this month, and the ones beside it where there is something to see or to open."""
    kept, today = places.kept(request), timezone.localdate().replace(day=1)
    around = [month for month in (months_later(day, -1), months_later(day, 1)) if month in opened or month == today]
    chips = [
        chip(
            reverse("fees:month", args=[month.year, month.month]), f"Tháng {month:%m/%Y}", current=month == day, **kept
        )
        for month in sorted({*around, day})
    ]
    return [chip(reverse("fees:year", args=[day.year]), f"Cả năm {day.year}", current=False, **kept), *chips]


def _people(request, cell, found, opened, day):
    """Groups of payers, for who may know who paid."""
    user, today, months = request.user, timezone.localdate().replace(day=1), readable(request.user, cell)
    reads = day in months
    if not months and not user.has_perm("fees.view_status", cell):
        return {"groups": None, "reads": False, "sees_open": False}
    if reads and not months.whole:  # of an inspector's payers the audited months alone
        for payer in found:
            payer.debts = [debt for debt in payer.debts if debt.month in months]
    takes = today in opened and opened[today].state == MonthState.OPEN
    shown = {"groups": collection.grouped(found), "reads": reads, "takes": takes, "today": timezone.localdate()}
    return shown | {"month_url": request.path, "sees_open": bool(months)}


def _receipts(request, fee_month):
    """Receipts of the book of the month, newest first."""
    rows = Payment.objects.filter(fee_month=fee_month).select_related("member", "reverses", "reversed_by")
    return paginate(request, rows.order_by("-year", "-number"))


@require_POST
def open_it(request, year, month):
    """Open the month: everybody's due is counted. Opened twice is opened once."""
    day = places.known_month(year, month)
    cell = places.cell_for(request, "fees.keep_book")
    services.open_month(cell, day, by=request.user)
    return redirect(reverse("fees:month", args=[year, month]) + places.here(request))


def _month_of(request, year, month, perm):
    day = places.known_month(year, month)
    cell = places.cell_for(request, "fees.view_fees")
    fee_month = get_object_or_404(FeeMonth.objects.select_related("cell__parent"), cell=cell, month=day)
    require(request.user, perm, fee_month)
    return fee_month


def move(request, year, month, action):
    """GET asks the question and lists what is missing; POST acts."""
    fee_month = _month_of(request, year, month, f"fees.{action}_feemonth")
    if action not in STEPS:
        raise PermissionDenied
    form = _form(request, action, fee_month)
    back = reverse("fees:month", args=[year, month]) + places.here(request)
    if attempt(request, form, STEPS[action], fee_month, by=request.user, success=SUCCESS[action]):
        return redirect(back)
    context = {"obj": fee_month, "step": MONTH_MOVES[action], "form": form, "back_url": back, "verb": ""}
    context |= _missing(fee_month) if action == "close" else {}
    return render(request, "fees/month_move.html", context, status=form_status(form))


def _form(request, action, fee_month):
    if action != "close":
        return ConfirmForm(posted(request))
    rows = fee_month.dues.filter(kind__in=NOT_COMPUTED).select_related("member").order_by("member__sort_key")
    running = fee_month.month == timezone.localdate().replace(day=1)
    return CloseForm(posted(request), dues=rows, next_month=months_later(fee_month.month, 1) if running else None)


def _missing(fee_month):
    """What the collector should know before the month is frozen."""
    found = collection.payers(fee_month.cell, fee_month.month)
    earlier = FeeMonth.objects.filter(cell=fee_month.cell_id, month__lt=fee_month.month, state=MonthState.OPEN)
    return {
        "unpaid": [payer for payer in found if payer.group == collection.OPEN],
        "sum": month_sum(found, fee_month.month),
        "earlier": earlier.order_by("month").first(),
        "share_unknown": not sums.share_is_configured(fee_month.cell, fee_month.month),
        "is_empty": not entered(FeeMonth.objects.filter(pk=fee_month.pk)).exists(),
    }


def correct(request, year, month, pk):
    """The right amount of a due of a closed month; the difference is booked in the open one."""
    fee_month = _month_of(request, year, month, "fees.correct_feemonth")
    due = get_object_or_404(Due.objects.select_related("member", "cell"), fee_month=fee_month, member=pk)
    row = owed(fee_month.cell, [due.month], [pk])[due.member_id, due.month]
    form = CorrectForm(posted(request), owes=row.owes)
    back = reverse("fees:month", args=[year, month]) + places.here(request)
    if attempt(request, form, services.correct_due, due, by=request.user, success="Đã ghi điều chỉnh mức đóng."):
        return redirect(back)
    context = {"due": due, "row": row, "form": form, "back_url": back, "corrections": due.corrections.all()}
    return render(request, "fees/correct.html", context, status=form_status(form))
