"""The turns of a year: one's own and what to do now; for the chi ủy whose is next and who is left."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from core.access import get_for
from core.forms import attempt, form_status, posted
from core.paging import chip, paginate
from core.vietnamese import date_text
from meetings.models import Meeting
from meetings.states import State
from reviews.forms import NewTurnForm
from reviews.queries import line, pages
from reviews.services import turning
from reviews.turn_states import TurnState
from reviews.views.places import cell_for, in_confidence, known_year


def home(request):
    """To this year."""
    return redirect("reviews:turns", timezone.localdate().year)


@in_confidence
def turns(request, year):
    """What the person has to do; the turns they may know of."""
    user, cell = request.user, cell_for(request.user, "reviews.view_turns")
    page = paginate(request, pages.turns_of(user, known_year(year)))
    mine = pages.own(user).first()
    context = {
        "cell": cell, "year": year, "years": _years(year), "page": page, "mine": mine, "step": _step(mine),
        "member_id": user.member_id,
    }  # fmt: skip
    if user.has_perm("reviews.plan_turns", cell):
        context |= {"plans": True, **_plan(cell, year, page)}
    return render(request, "reviews/turns.html", context)


def _years(year):
    """This year, the two before it and the one asked for."""
    now = timezone.localdate().year
    shown = sorted({now, now - 1, now - 2, year}, reverse=True)
    return [chip(reverse("reviews:turns", args=[each]), str(each), current=each == year) for each in shown]


def _step(turn):
    """(sentence, address, words of the button) of what the person has to do now about the own turn."""
    if turn is None:
        return None
    day, url = date_text(turn.meeting.day), turn.get_absolute_url()
    if turn.state == TurnState.PLANNED and turn.meeting.state == State.IN_SESSION:
        return "Buổi họp đang diễn ra, đến lượt đồng chí trình bày.", url, "Mở lượt của tôi"
    if turn.state == TurnState.PLANNED:
        words = f"Đồng chí tự phê bình ở buổi họp ngày {day}. Đồng chí soạn trước."
        return words, reverse("reviews:turn_write", args=[turn.pk]), "Soạn bản tự phê bình"
    if turn.state == TurnState.SHOWN:
        return "Chi bộ đang góp ý. Đồng chí đọc ý kiến và ghi tiếp thu, giải trình.", url, "Đọc ý kiến góp ý"
    return f"Đã có kết luận ở buổi họp ngày {day}.", url, "Đọc kết luận, ý kiến góp ý"


def _plan(cell, year, page):
    """For the chi ủy: the nearest meeting with its turns and why, and who had none in the year."""
    meeting = line.next_meeting(cell)
    waiting = list(pages.left(cell, year)) if year == timezone.localdate().year else []
    coming = [turn for turn in page if meeting and turn.meeting_id == meeting.pk and turn.state == TurnState.PLANNED]
    return {"meeting": meeting, "coming": coming, "left": waiting}


@in_confidence
def new(request, pk):
    """The chi ủy puts somebody into a meeting, with a reason."""
    rows = Meeting.objects.select_related("cell__parent")
    meeting = get_for(request.user, rows, "reviews.plan_turns", pk=pk)
    form = NewTurnForm(posted(request), cell=meeting.cell)
    if attempt(request, form, turning.put_in, meeting, by=request.user, success="Đã xếp lượt, đồng chí đó được báo."):
        return redirect("reviews:turns", meeting.day.year)
    context = {
        "form": form, "heading": "Xếp lượt tự phê bình", "verb": "Xếp vào buổi họp", "eyebrow": meeting.title,
        "intro": f"Buổi họp ngày {date_text(meeting.day)}.", "back_name": "Tự phê bình",
        "back_url": reverse("reviews:turns", args=[meeting.day.year]),
    }  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))
