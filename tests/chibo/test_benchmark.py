"""The measuring works with the hosts that an installation answers to."""

from django.urls import reverse

from chibo.benchmark import count_queries


def test_queries_are_counted_under_the_hosts_of_production(secretary, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert count_queries(secretary, reverse("floor")) == 4
