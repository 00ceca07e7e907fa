"""Addresses of work given to people."""

from django.urls import path

from assignments.views import board, parts, tasks

app_name = "assignments"
urlpatterns = [
    path("", tasks.listing, name="list"),
    path("new/", tasks.new, name="new"),
    path("board/", board.board, name="board"),
    path("board.pdf", board.board_pdf, name="board_pdf"),
    path("<int:pk>/", tasks.detail, name="detail"),
    path("<int:pk>/do/<slug:action>/", tasks.move, name="move"),
    path("<int:pk>/parts/new/", parts.new, name="part_new"),
    path("<int:pk>/parts/<int:part>/do/tick/", parts.tick, {"done": True}, name="part_tick"),
    path("<int:pk>/parts/<int:part>/do/untick/", parts.tick, {"done": False}, name="part_untick"),
    path("<int:pk>/parts/<int:part>/delete/", parts.delete, name="part_delete"),
    path("evidence/<int:pk>/", tasks.evidence, name="evidence"),
]
