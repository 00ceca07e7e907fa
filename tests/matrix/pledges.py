"""Pledges of the scene: of dangvien in each state, each in a year of its own; the secretary's own, the collective's."""

import datetime
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from pledges.models import Pledge, PledgeYear
from pledges.services import assessing, deciding, reporting, writing
from tests.matrix.evenings import SECRET

DAY = datetime.date
NOW, NEXT = 2026, 2027
LATER = DAY(2026, 12, 31)
STATES = {"draft": 2019, "submitted": 2020, "returned": 2021, "registered": NOW}


def scenes(cell, who):
    """``pledge_<state>``, ``pledge_head`` that waits, ``collective_draft``, ``collective_registered``, papers."""
    member, head, deputy = who["dangvien"], who["bithu"], who["phobithu"]
    for year in {*STATES.values(), *range(2022, 2026)}:
        _year(cell, year, head)
    made = {f"pledge_{state}": _pledge(cell, member, year, head, state) for state, year in STATES.items()}
    made["pledge_head"] = _pledge(cell, head, 2022, deputy, "submitted")
    made["collective_draft"] = _pledge(cell, head, 2023, deputy, "draft", collective=True)
    made["collective_registered"] = _pledge(cell, head, 2024, deputy, "registered", collective=True)
    found = {name: _scene(pledge) for name, pledge in made.items()}
    for state, year in (("draft", 2023), ("submitted", 2024), ("levelled", 2025)):
        found[f"paper_{state}"] = _paper(_pledge(cell, member, year, head, "registered"), member, head, state)
    found |= {f"pledge_{word}": {"year": year} for word, year in (("open", NOW), ("new", NEXT), ("far", 1999))}
    for name, of in (("own", "pledge_registered"), ("collective", "collective_registered")):
        found[f"proof_{name}"] = {"pk": found[of]["proof"]}
    found["ask_whole"] = {"year": NOW, "period": "year"}
    found["pledge_start_collective"] = {"year": NOW, "POST": {"cho": "tap-the"}}
    return found


def _year(cell, year, by):
    return PledgeYear.objects.create(
        cell=cell, year=year, due_on=LATER, half_due_on=LATER, year_due_on=None if year == NOW else LATER, opened_by=by
    )


def _pledge(cell, author, year, other, state, collective=False):
    pledge = writing.start(cell, year, member=None if collective else author.member, by=author)
    deeds = [
        {"pk": None, "title": f"{SECRET} việc {number}", "area": "work", "measure": "Số buổi", "target": "3",
         "due_on": DAY(year, 12, 1), "evidence": ""}
        for number in range(3)
    ]  # fmt: skip
    writing.save(pledge, commitment=f"{SECRET} cam kết", deeds=deeds, version=0, by=author)
    if state != "draft":
        deciding.submit(pledge, by=author)
    if state == "returned":
        deciding.return_(pledge, remark=f"{SECRET} góp ý", by=other)
    if state == "registered":
        deciding.register(pledge, by=other)
        picture = io.BytesIO()
        Image.new("RGB", (4, 4)).save(picture, "PNG")
        file = SimpleUploadedFile("anh.png", picture.getvalue())
        reporting.report(pledge.deeds.first(), text=f"{SECRET} đã làm", by=author, files=[file])
    return Pledge.objects.get(pk=pledge.pk)


def _scene(pledge):
    """``deed``; where something was reported ``progress`` and ``proof`` too."""
    deed = pledge.deeds.first()
    found = {"year": pledge.year, "pk": pledge.pk, "deed": deed.pk, "period": "half"}
    if note := deed.progress.first():
        found |= {"progress": note.pk, "proof": note.files.get().pk}
    return found


def _paper(pledge, author, other, state):
    """A self-assessment of the half year."""
    paper = assessing.start(pledge, period="half", by=author)
    results = {deed.pk: ("reached", f"{SECRET} kết quả") for deed in pledge.deeds.all()}
    assessing.save(paper, text=f"{SECRET} tự đánh giá", self_level="good", results=results, by=author)
    if state != "draft":
        assessing.submit(paper, by=author)
    if state == "levelled":
        assessing.level(paper, level="good", by=other)
    return _scene(pledge) | {"assessment": paper.pk, "result": paper.results.first().pk}


def some(cell, who, others, rows):
    """``rows`` of everything that the pages of pledges list; arguments of their addresses."""
    head, member = who["bithu"], who["dangvien"]
    _year(cell, NOW, head)
    for user in others:
        _paper(_pledge(cell, user, NOW, head, "registered"), user, head, "submitted")
    own = _pledge(cell, member, NOW, head, "registered")
    _pledge(cell, head, NOW, who["phobithu"], "registered", collective=True)
    for deed in own.deeds.all()[:rows]:
        for _ in range(rows):
            reporting.report(deed, text="Đã làm", by=member)
    _paper(own, member, head, "draft")
    where = [NOW, own.pk]
    draft = _pledge(cell, who["thuky"], NOW, head, "draft")
    return {
        "pledge_year": [NOW], "pledge": where, "pledge_draft": [NOW, draft.pk],
        "pledge_report": [*where, own.deeds.first().pk], "pledge_paper": [*where, "half"],
    }  # fmt: skip
