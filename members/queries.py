"""Questions about people and dated rules that everybody above asks."""

from collections import defaultdict

from django.db.models import Exists, OuterRef
from django.utils import timezone

from members.models import Member, Membership, Organisation, Placement, Post, Setting, Status, User
from members.queries_days import DayOff as DayOff
from members.queries_days import days_off as days_off
from members.queries_days import official_days as official_days
from members.queries_days import upwards
from members.states import COMMITTEE_TITLES, ON_ROLL, PlacementKind, PostTitle
from regulations.lookup import Answer, latest
from regulations.models import Rule


def rule_for(cell, key, on=None):
    """The dated rule as it holds for a cell (or superior) on a day: regulations.lookup.Answer.

    The cell's own value where the key may be set locally, else that of the nearest superior which laid one,
    else the national row. Raises Rule.DoesNotExist for a key that no data file knows.
    """
    national, own = standing_rule(cell, key, on or timezone.localdate())
    if own is not None:
        origin = own.organisation.short_name
        return Answer(key, national.title, own.value, national.unit, own.source, True, origin=origin)
    return Answer(key, national.title, national.value, national.unit, national.source, national.verified)


def standing_rule(cell, key, on):
    """(national row, the Setting laid over it or None) as they hold for an organisation on a day."""
    rows, overlays = rule_rows(cell)
    national = latest([row for row in rows if row.key == key], on)
    if national is None:
        raise Rule.DoesNotExist(f"{key} on {on}")
    for organisation in upwards(cell):
        if organisation.pk == cell.pk and cell.is_cell and not national.locally_settable:
            continue
        for row in overlays:
            if row.organisation_id == organisation.pk and row.key == key and row.holds(on):
                return national, row
    return national, None


def rule_rows(cell):
    """All national rows and the overlays of the cell and those above: two queries, kept on the object."""
    if not hasattr(cell, "_rules"):
        above = [organisation.pk for organisation in upwards(cell)]
        overlays = Setting.objects.filter(organisation__in=above).select_related("organisation")
        cell._rules = (list(Rule.objects.all()), list(overlays))
    return cell._rules


def with_rules(organisations) -> list:
    """The organisations with their rules at hand (``rule_rows``): three queries for all of them."""
    known = {row.pk: row for row in Organisation.objects.filter(kind=Organisation.Kind.SUPERIOR)}
    for row in known.values():
        row.parent = known.get(row.parent_id)
    national, laid = list(Rule.objects.all()), defaultdict(list)
    found = list(organisations)
    theirs = [*known, *(cell.pk for cell in found)]
    for row in Setting.objects.filter(organisation__in=theirs).select_related("organisation"):
        laid[row.organisation_id].append(row)
    for cell in found:
        cell.parent = known.get(cell.parent_id)
        cell._rules = (national, [row for above in upwards(cell) for row in laid.get(above.pk, ())])
    return found


def roll(cell, on=None):
    """The roll of a cell on a day, sorted by given name, with standing."""
    on = on or timezone.localdate()
    return Member.objects.on_roll(cell, on).with_standing(on, cell)


def attenders(cell, on=None):
    """Everybody who belongs on the attendance sheet: the roll and the visiting members."""
    on = on or timezone.localdate()
    return (Member.objects.on_roll(cell, on) | Member.objects.visiting(cell, on)).with_standing(on, cell).distinct()


def attending(member: str, cell: str, on):
    """The same as a condition for rows of many cells: lookups of the member and of the cell, and the day."""
    person, where = OuterRef(member), OuterRef(cell)
    on_roll = Exists(Membership.objects.on(on).filter(member=person, cell=where)) & Exists(
        Status.objects.on(on).filter(member=person, kind__in=ON_ROLL)
    )
    visiting = Placement.objects.on(on).filter(member=person, cell=where, kind=PlacementKind.TEMP_HERE)
    return on_roll | Exists(visiting)


def committee(cell, on=None):
    """Members of the chi ủy on a day, secretary first; empty where there is none."""
    on = on or timezone.localdate()
    rows = Post.objects.on(on).filter(organisation=cell, title__in=COMMITTEE_TITLES).select_related("member")
    order = {title: place for place, title in enumerate(COMMITTEE_TITLES)}
    found = {}
    for row in sorted(rows, key=lambda row: (order[row.title], row.member.sort_key)):
        found.setdefault(row.member_id, row.member)
    return list(found.values())


def has_committee(cell, on=None) -> bool:
    """Whether the cell has elected a chi ủy: somebody holds the post of committee member."""
    on = on or timezone.localdate()
    return Post.objects.on(on).filter(organisation=cell, title=PostTitle.COMMITTEE_MEMBER).exists()


def holder(organisation, title, on=None):
    """The member who holds a post on a day, or None."""
    on = on or timezone.localdate()
    row = Post.objects.on(on).filter(organisation=organisation, title=title).select_related("member").first()
    return row.member if row else None


def titles_on(organisation, on=None) -> dict:
    """member id -> label of the highest post in that organisation on a day ("Bí thư")."""
    on = on or timezone.localdate()
    order = {title: place for place, title in enumerate(PostTitle.values)}
    rows = sorted(Post.objects.on(on).filter(organisation=organisation), key=lambda row: -order[row.title])
    return {row.member_id: row.get_title_display() for row in rows}


def posts_of(organisation, on=None):
    """Rows of the posts held in an organisation on a day, highest first, then by given name."""
    on = on or timezone.localdate()
    order = {title: place for place, title in enumerate(PostTitle.values)}
    rows = Post.objects.on(on).filter(organisation=organisation).select_related("member")
    return sorted(rows, key=lambda row: (order[row.title], row.member.sort_key))


def alerts(cell, *, official, titles, on=None):
    """Sentences for the committee when the number of official members asks for something (DOMAIN §6.4).

    ``official``: official members on the roll; ``titles``: the titles held in the cell, with repetitions.
    """
    found = []
    least = rule_for(cell, "cell.min_official", on)
    committee_from = rule_for(cell, "committee.min_official", on)
    most = rule_for(cell, "committee.max_members", on)
    members_of_committee = titles.count(PostTitle.COMMITTEE_MEMBER)
    if least.configured and official < least.integer:
        found.append(
            f"Chi bộ còn {official} đảng viên chính thức, dưới {least.value}. Báo cáo cấp ủy cấp trên ({least.source})."
        )
    if committee_from.configured and official >= committee_from.integer and not members_of_committee:
        found.append(
            f"Chi bộ có {official} đảng viên chính thức, từ {committee_from.value} trở lên thì bầu chi ủy "
            f"({committee_from.source}). Bầu xong, ghi chức vụ chi ủy viên ở trang từng đồng chí."
        )
    if most.configured and members_of_committee > most.integer:
        found.append(f"Đang ghi {members_of_committee} chi ủy viên, nhiều hơn {most.value} ({most.source}).")
    return found


def sysadmins(on=None):
    """Open accounts whose member holds the post of sysadmin on a day."""
    rows = Post.objects.on(on or timezone.localdate()).filter(title=PostTitle.SYSADMIN)
    return User.objects.filter(is_active=True, member__in=rows.values("member"))


def diary_home(member):
    """The organisation in whose diary acts on a person stand: the cell, else of the newest post, else the top."""
    if member.cell_id:
        return member.cell_id
    newest = Post.objects.filter(member=member).order_by("-starts_on").values_list("organisation", flat=True).first()
    return newest or Organisation.objects.filter(parent=None).order_by("pk").values_list("pk", flat=True).first()


def superiors_following(cell, on=None):
    """Officers of the superior committees who follow a cell and are told of its meetings."""
    on = on or timezone.localdate()
    above = [organisation.pk for organisation in upwards(cell)][1:]
    rows = Post.objects.on(on).filter(organisation__in=above, title=PostTitle.SUPERIOR_OFFICER)
    return Member.objects.filter(pk__in=rows.values("member"))


def is_demo_data() -> bool:
    """Whether this database was filled with the demo cell."""
    return Organisation.objects.filter(is_demo=True).exists()


def demo_accounts_exist() -> bool:
    """Whether accounts with the public demo password exist (the server then binds loopback only)."""
    return User.objects.filter(is_demo=True, is_active=True).exists()
