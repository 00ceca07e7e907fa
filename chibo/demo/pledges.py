"""The demo's year "làm theo Bác": opened in January, registered, reported, assessed at mid-year."""

import datetime

import time_machine
from django.utils import timezone

from chibo.demo.texts import read
from pledges import queries
from pledges.models import Pledge
from pledges.services import assessing, deciding, opening, reporting, writing
from pledges.states import Level, Outcome, Period

TAKEN = 3  # deeds of a member


def load_pledges(cell, users, today, progress):
    """Play what of the year lies before today; nothing in the first days of a year. ``users``: key -> User."""
    data = read("pledges")
    if today <= _day(today.year, data["due"]):
        return
    with time_machine.travel(_at(today.year, data["opened"]), tick=True):
        year = opening.open_year(
            cell, today.year, due_on=_day(today.year, data["due"]), theme=data["theme"], by=users["bithu"]
        )
    with time_machine.travel(_at(today.year, "01-15"), tick=True):
        pledges = _write_all(cell, users, data, today.year)
    with time_machine.travel(_at(today.year, "01-28"), tick=True):
        _answer_all(pledges, users, data)
    if today > _day(today.year, "04-15"):
        with time_machine.travel(_at(today.year, "04-10"), tick=True):
            _report_all(cell, users, data, today.year)
    if today > _day(today.year, "07-10"):
        _assess_all(year, users, data)
    progress(f"Làm theo Bác năm {today.year}: {len(pledges)} bản đăng ký")


def _day(year, text):
    month, day = map(int, text.split("-"))
    return datetime.date(year, month, day)


def _at(year, text):
    return timezone.make_aware(datetime.datetime.combine(_day(year, text), datetime.time(9)))


def _deeds(rows, year):
    names = ("title", "area", "measure", "target", "evidence")
    return [
        {name: row[name] for name in names} | {"pk": None, "due_on": _day(year, row["due"])} for row in rows
    ]  # fmt: skip


def _write_all(cell, users, data, year):
    """key -> pledge of every person with an account who takes part, and "" for the collective; not handed in yet."""
    able = set(queries.who_pledges(cell).values_list("pk", flat=True))
    pool, texts = data["deed"], data["commitment"]["texts"]
    written = {
        "": _write(cell, year, users["bithu"], None, data["collective"]["deed"], data["collective"]["commitment"])
    }
    people = [(key, user) for key, user in users.items() if user.member_id in able]
    for place, (key, user) in enumerate(people):
        rows = [pool[(place + step * TAKEN) % len(pool)] for step in range(TAKEN)]
        written[key] = _write(cell, year, user, user.member, rows, texts[place % len(texts)])
    return written


def _write(cell, year, user, member, rows, commitment):
    pledge = writing.start(cell, year, member=member, by=user)
    return writing.save(pledge, commitment=commitment, deeds=_deeds(rows, year), version=0, by=user)


def _answer_all(pledges, users, data):
    for key, pledge in pledges.items():
        if key in data["late"]:
            continue
        pledge = deciding.submit(pledge, by=users[key or "bithu"])
        head = users["phobithu" if key in ("", "bithu") else "bithu"]
        if key in data["returned"]:
            deciding.return_(pledge, remark="Đồng chí nêu rõ hơn cách đo của việc thứ hai.", by=head)
        else:
            deciding.register(pledge, by=head)


def _report_all(cell, users, data, year):
    texts = data["progress"]["texts"]
    for place, (pledge, user) in enumerate(_registered(cell, users, year)):
        for step, deed in enumerate(pledge.deeds.all()[: 1 + place % 2]):
            text = texts[(place + step) % len(texts)]
            reporting.report(deed, text=text, reached=text is texts[-1], by=user)


def _assess_all(year, users, data):
    with time_machine.travel(_at(year.year, data["half_asked"]), tick=True):
        opening.ask_assessment(year, period=Period.HALF, due_on=_day(year.year, data["half_due"]), by=users["bithu"])
    with time_machine.travel(_at(year.year, "06-25"), tick=True):
        handed_in = [_assess(pledge, user, data) for pledge, user in _registered(year.cell, users, year.year)]
    with time_machine.travel(_at(year.year, "07-08"), tick=True):
        for assessment in handed_in[:-1]:  # one still waits for its level
            head = users["phobithu" if assessment.pledge.member_id in (None, users["bithu"].member_id) else "bithu"]
            assessing.level(assessment, level=assessment.self_level, by=head)


def _assess(pledge, user, data):
    assessment = assessing.start(pledge, period=Period.HALF, by=user)
    deeds = list(pledge.deeds.all())
    results = {deed.pk: (Outcome.PARTLY if place else Outcome.REACHED, "") for place, deed in enumerate(deeds)}
    level = Level.GOOD if pledge.pk % 2 else Level.REACHED
    assessing.save(assessment, text=data["assessment"]["text"], self_level=level, results=results, by=user)
    return assessing.submit(assessment, by=user)


def _registered(cell, users, year):
    """(pledge, who writes it) of the year."""
    writers = {user.member_id: user for user in users.values()} | {None: users["bithu"]}
    rows = Pledge.objects.registered().filter(cell=cell, year=year).prefetch_related("deeds").order_by("pk")
    return [(pledge, writers[pledge.member_id]) for pledge in rows]
