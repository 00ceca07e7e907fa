"""The clock opens the months of all cells, one transaction per cell, and goes on where it was stopped."""

import datetime

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chibo.celery import app
from fees import tasks
from fees.models import Due, FeeMonth
from fees.services import months, opening
from fees.states import DueKind
from members.models import FeeCategory, Membership
from tests.factories import LONG_AGO, CellFactory
from tests.fees.conftest import NOW, first
from tests.fees.people import lay, payer

DECEMBER_FIRST = datetime.datetime(2026, 12, 1, 0, 2, tzinfo=NOW.tzinfo)


@pytest.fixture
def cells(frozen, superior_body):
    """Six cells of one member, five with a book that began in November."""
    found = CellFactory.create_batch(6, parent=superior_body)
    for cell in found:
        payer(cell)
    for cell in found[:5]:
        months.open_month(cell, first(11), by=None)
    return found


@pytest.fixture
def december(cells):
    with time_machine.travel(DECEMBER_FIRST, tick=False):
        yield


def opened(month):
    return FeeMonth.objects.filter(month=month).count()


@pytest.mark.django_db
def test_the_clock_opens_the_month_of_every_begun_book(cells, december):
    assert tasks.open_months() == 5
    assert (opened(first(12)), Due.objects.filter(month=first(12), amount=70_200).count()) == (5, 5)
    assert FeeMonth.objects.filter(cell=cells[5]).count() == 0  # the first month is the collector's to open
    assert tasks.open_months() == 0


@pytest.mark.django_db
def test_before_the_first_day_nothing_happens(cells):
    with time_machine.travel(DECEMBER_FIRST - datetime.timedelta(minutes=5), tick=False):
        assert tasks.open_months() == 0


@pytest.mark.django_db
def test_a_clock_that_stood_still_opens_what_was_missed(cells):
    with time_machine.travel(datetime.datetime(2027, 2, 10, tzinfo=NOW.tzinfo), tick=False):
        assert tasks.open_months() == 15
    assert [opened(month) for month in (first(12), first(1, 2027), first(2, 2027))] == [5, 5, 5]


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_killed_goes_on_where_it_stopped(cells, december):
    def killed(done, total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opening.open_all(first(12), progress=killed)
    assert opened(first(12)) == 3
    assert Due.objects.filter(month=first(12)).count() == 3  # no month without its dues
    seen = []
    assert opening.open_all(first(12), progress=lambda *step: seen.append(step)) == 2
    assert (seen, opened(first(12))) == ([(1, 2), (2, 2)], 5)


@pytest.mark.django_db(transaction=True)
def test_killed_inside_a_cell_leaves_nothing_of_it(cells, december, monkeypatch):
    real = months.copy_dues

    def killed(*args):
        real(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(months, "copy_dues", killed)
    with pytest.raises(KeyboardInterrupt):
        opening.open_all(first(12))
    monkeypatch.undo()
    assert (opened(first(12)), Due.objects.filter(month=first(12)).count()) == (0, 0)
    assert opening.open_all(first(12)) == 5


@pytest.mark.django_db
def test_one_cell_that_fails_holds_up_no_other(cells, december, caplog):
    FeeCategory.objects.filter(member__in=Membership.objects.filter(cell=cells[1]).values("member")).update(kind="none")
    with pytest.raises(RuntimeError, match="opening: 1 of 5 fee books failed"):
        tasks.open_months()
    assert opened(first(12)) == 4
    assert f"opening the fee book of cell {cells[1].pk}" in caplog.text


@pytest.mark.django_db
def test_open_cell_brings_one_book_up_to_date(cells, december):
    assert opening.open_cell(cells[0], first(1, 2027), by=None) == 2
    assert opening.open_cell(cells[0], first(12), by=None) == 0
    assert opening.open_cell(cells[5], first(12), by=None) == 0
    assert opened(first(12)) == 1


@pytest.mark.django_db
def test_at_night_open_months_are_counted_again(cells, superior_body):
    """A rule was laid and a category entered during the day."""
    waiting = payer(cells[0], "min_wage_working", None)
    months.recompute_open(cells[0], by=None)
    row = Due.objects.get(member=waiting)
    assert row.kind == DueKind.INCOMPLETE
    lay(superior_body, "fee.region", "I")
    assert tasks.recount_open_months() == 1
    row.refresh_from_db()
    assert (row.kind, row.amount) == (DueKind.PAYABLE, 15_930)
    months.close_month(FeeMonth.objects.get(cell=cells[1]), by=None)
    assert tasks.recount_open_months() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("old", "new"), [(1, 0), (0, 1)])
def test_a_move_entered_late_is_counted_in_one_night(cells, old, new):
    """Whoever moved is due in exactly one of two books, whichever of them the night comes to first."""
    stay = Membership.objects.get(cell=cells[old])
    stay.starts_on, stay.ends_on = LONG_AGO, first(11) - datetime.timedelta(days=1)
    stay.save()
    Membership.objects.create(member=stay.member, cell=cells[new], starts_on=first(11))
    opening.recompute_all()
    dues = Due.objects.filter(member=stay.member).values_list("cell", "kind", "amount")
    assert list(dues) == [(cells[new].pk, DueKind.PAYABLE, 70_200)]


@pytest.mark.django_db
def test_at_night_only_cells_that_changed_are_written(cells):
    payer(cells[2])
    with CaptureQueriesContext(connection) as captured:
        assert opening.recompute_all() == 1
    locked = [query for query in captured if "fees_feemonth" in query["sql"] and "FOR NO KEY UPDATE" in query["sql"]]
    assert len(locked) == 1


@pytest.mark.django_db
def test_reads_do_not_grow_with_the_cells(cells, december):
    def reads(run):
        with CaptureQueriesContext(connection) as captured:
            run()
        return len([query for query in captured if query["sql"].startswith("SELECT") and "member_id" in query["sql"]])

    few = reads(lambda: opening.open_all(first(12)))
    for cell in CellFactory.create_batch(12, parent=cells[0].parent):
        payer(cell)
        FeeMonth.objects.create(cell=cell, month=first(11))
    assert reads(lambda: opening.open_all(first(12))) == few


@pytest.mark.django_db(transaction=True)
def test_commits_wait_for_the_disk_again_after_a_run(cells, december):
    def setting():
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            return cursor.fetchone()[0]

    before, seen = setting(), []
    opening.open_all(first(12), progress=lambda *_: seen.append(setting()))
    assert (set(seen), setting()) == ({"off"}, before)


@pytest.mark.django_db
def test_rules_of_many_cells_are_read_once(cells, december):
    with CaptureQueriesContext(connection) as captured:
        opening.open_all(first(12))
    rules = [query for query in captured if "regulations_rule" in query["sql"]]
    assert len(rules) == 1


@pytest.mark.django_db
def test_command_shows_its_progress(cells, december, capsys):
    call_command("open_fee_months")
    assert capsys.readouterr().out == "5/5 chi bộ\nĐã mở 5 tháng.\n"


def test_the_clock_knows_both_tasks():
    entries = app.conf.beat_schedule
    assert entries["open-fee-months"]["task"] == tasks.open_months.name
    assert entries["recount-fee-months"]["task"] == tasks.recount_open_months.name
