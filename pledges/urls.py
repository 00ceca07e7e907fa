"""Addresses of the year's pledges."""

from django.urls import path, register_converter

from pledges.states import Period
from pledges.views import assessments, papers, pledge, progress, years


class PeriodConverter:
    """half or year."""

    regex = "|".join(Period.values)

    def to_python(self, value):
        return Period(value)

    def to_url(self, value):
        return str(value)


register_converter(PeriodConverter, "pledge_period")

ONE = "<int:year>/<int:pk>/"
PAPER = f"{ONE}<pledge_period:period>/"
app_name = "pledges"
urlpatterns = [
    path("", years.home, name="home"),
    path("proof/<int:pk>/", progress.proof, name="proof"),
    path("<int:year>/", years.year, name="year"),
    path("<int:year>/start/", years.start, name="start"),
    path("<int:year>/open/", years.year_open, name="year_open"),
    path("<int:year>/assess/<pledge_period:period>/", years.year_assess, name="year_assess"),
    path("<int:year>/remind/", years.year_remind, name="year_remind"),
    path("<int:year>/summary.pdf", papers.summary_pdf, name="summary_pdf"),
    path("<int:year>/summary.xlsx", papers.summary_xlsx, name="summary_xlsx"),
    path(ONE, pledge.pledge, name="pledge"),
    path(f"{ONE}write/", pledge.write, name="pledge_write"),
    path(f"{ONE}do/<slug:action>/", pledge.move, name="pledge_move"),
    path(f"{ONE}discard/", pledge.discard, name="pledge_discard"),
    path(f"{ONE}print.pdf", papers.pledge_pdf, name="pledge_pdf"),
    path(f"{ONE}deeds/<int:deed>/report/", progress.report, name="report"),
    path(PAPER, assessments.assessment, name="assessment"),
    path(f"{PAPER}start/", assessments.start, name="assessment_start"),
    path(f"{PAPER}write/", assessments.write, name="assessment_write"),
    path(f"{PAPER}do/<slug:action>/", assessments.move, name="assessment_move"),
]
