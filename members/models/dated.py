"""Rows that hold from a day to a day, both inclusive; an open end means "until further notice"."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class DatedQuerySet(models.QuerySet):
    def on(self, day):
        """Rows that hold on that day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class Dated(models.Model):
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    def holds(self, day) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def dates_in_order(name):
    return models.CheckConstraint(
        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        name=name,
        violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
    )


def never_two(name, *fields, condition=None, message=""):
    """No two rows with the same fields may overlap in time (PostgreSQL exclusion constraint)."""
    span = Func(
        F("starts_on"),
        F("ends_on"),
        RangeBoundary(inclusive_lower=True, inclusive_upper=True),
        function="DATERANGE",
        output_field=DateRangeField(),
    )
    return ExclusionConstraint(
        name=name,
        expressions=[*((field, RangeOperators.EQUAL) for field in fields), (span, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=message,
    )
