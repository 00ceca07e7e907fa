"""Addresses of meetings: preparing, holding, minutes."""

from meetings import routes_minutes, routes_prep, routes_session

app_name = "meetings"
urlpatterns = [*routes_prep.urls, *routes_session.urls, *routes_minutes.urls]
