"""Addresses of turns, self-reviews and shortcomings."""

from django.urls import path

from reviews.views import shortcomings, turn, turns

ONE, THING = "turn/<int:pk>/", "shortcomings/<int:pk>/"
app_name = "reviews"
urlpatterns = [
    path("turns/", turns.home, name="turns_home"),
    path("turns/<int:year>/", turns.turns, name="turns"),
    path("turns/new/<int:pk>/", turns.new, name="turn_new"),
    path(ONE, turn.turn, name="turn"),
    path(f"{ONE}write/", turn.write, name="turn_write"),
    path(f"{ONE}open/", turn.open_text, name="turn_open"),
    path(f"{ONE}remark/", turn.remark, name="turn_remark"),
    path(f"{ONE}answer/", turn.answer, name="turn_answer"),
    path(f"{ONE}reply/", turn.reply, name="turn_reply"),
    path(f"{ONE}do/<slug:action>/", turn.move, name="turn_move"),
    path("shortcomings/", shortcomings.shortcomings, name="shortcomings"),
    path("shortcomings/new/", shortcomings.new, name="shortcoming_new"),
    path(THING, shortcomings.shortcoming, name="shortcoming"),
    path(f"{THING}do/<slug:action>/", shortcomings.move, name="shortcoming_move"),
]
