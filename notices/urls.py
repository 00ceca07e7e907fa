"""Addresses of what people were told; two of them stand at the root because they are copied from mails and phones."""

from django.urls import path

from notices.views import feeds, mailed, pages

app_name = "notices"
notice_urls = [
    path("notices/", pages.listing, name="list"),
    path("notices/seen/", pages.seen, name="seen"),
    path("notices/settings/", pages.settings, name="settings"),
    path("notices/phone-list/", pages.phone_list, name="phone_list"),
    path("notices/people/<int:pk>/", pages.person, name="person"),
    path("notices/<int:pk>/", pages.detail, name="detail"),
]
own_urls = [
    path("me/calendar/new/", feeds.feed_new, name="feed_new"),
    path("me/calendar/revoke/", feeds.feed_revoke, name="feed_revoke"),
]
secret_urls = [
    path("a/<str:token>/", mailed.act, name="act"),
    path("feed/<str:token>.ics", feeds.feed, name="feed"),
]
urlpatterns = [*notice_urls, *own_urls, *secret_urls]
