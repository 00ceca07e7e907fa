"""Lays down the demo's organisations and people."""

from django.db import transaction

from chibo.demo.texts import PASSWORD, read
from members import models as m
from members.activity import record

ROLES = {
    "bithu": "Bí thư",
    "phobithu": "Phó bí thư",
    "chiuy": "Chi ủy viên",
    "thuky": "Thư ký cuộc họp",
    "thuquy": "Người thu đảng phí",
    "dangvien": "Đảng viên",
    "dubi": "Đảng viên dự bị",
    "captren": "Cấp trên",
    "quantri": "Quản trị hệ thống",
    "chibokhac": "Bí thư chi bộ khác",
}
ORGANISATION_FIELDS = ("kind", "name", "short_name", "slug", "document_name", "place", "symbol", "term")
CELL_FIELDS = ("regular_day", "regular_time", "meeting_place")
MEMBER_FIELDS = ("sex", "card_no", "dossier_no", "occupation", "email", "phone")


@transaction.atomic
def load_organisations():
    """key -> Organisation."""
    found = {}
    for row in read("organisations")["organisation"]:
        values = {field: row[field] for field in ORGANISATION_FIELDS + CELL_FIELDS if field in row}
        parent = found.get(row["parent"])
        found[row["key"]] = m.Organisation.objects.create(parent=parent, is_demo=True, **values)
    for organisation in found.values():
        record(organisation, "organisation.added", by=None)
    return found


@transaction.atomic
def load_people(organisations, almanac):
    """key -> Member; the ten people of the login page get their accounts."""
    members = {}
    for row in read("people")["member"]:
        members[row["key"]] = _person(row, organisations, almanac)
    return members


def _person(row, organisations, almanac):
    cell = organisations[row["cell"]]
    dates = {field: almanac.date(row.get(field)) for field in ("birth_date", "admitted_on", "official_on")}
    member = m.Member.objects.create(
        full_name=row["name"], **dates, **{field: row.get(field, "") for field in MEMBER_FIELDS}
    )
    joined, left = almanac.date(row["joined_on"]), almanac.date(row.get("left_on"))
    m.Membership.objects.create(member=member, cell=cell, starts_on=joined, ends_on=left)
    if kind := row.get("fee_category"):
        m.FeeCategory.objects.create(member=member, kind=kind, starts_on=joined)
    for model, name in ((m.Status, "statuses"), (m.Exemption, "exemptions"), (m.Placement, "placements")):
        for entry in row.get(name, ()):
            model.objects.create(member=member, **_values(model, entry, cell, organisations, almanac))
    record(member, "member.added", by=None, organisation=cell)
    for entry in row.get("posts", ()):
        post = m.Post.objects.create(
            member=member, **_values(m.Post, entry, cell, organisations, almanac), term=cell.term
        )
        record(post, "post.added", by=None, member=member.pk)
    if username := row.get("username"):
        user = m.User.objects.create_user(username, PASSWORD, member=member, is_demo=True)
        record(user, "account.given", by=None, organisation=cell)
    return member


def _values(model, entry, cell, organisations, almanac):
    """The fields of a dated row: dates computed, the organisation's key resolved."""
    values = {key: value for key, value in entry.items() if key != "organisation"}
    for field in ("starts_on", "ends_on"):
        if field in values:
            values[field] = almanac.date(values[field])
    where = organisations[entry["organisation"]] if "organisation" in entry else cell
    if model is m.Placement:
        values["cell"] = where
    if model is m.Post:
        values["organisation"] = where
    return values


def demo_people():
    """Who the login page offers: username, name, role."""
    users = m.User.objects.filter(is_demo=True, is_active=True).select_related("member")
    found = {user.username: user.member.full_name for user in users}
    return [{"username": name, "name": found[name], "role": role} for name, role in ROLES.items() if name in found]
