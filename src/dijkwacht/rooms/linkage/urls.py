"""The addresses under /merging."""

from django.urls import path

from dijkwacht.rooms.linkage import web, web_join, web_review

app_name = "linkage"
urlpatterns = [
    path("", web.merges, name="merges"),
    path("new", web.hand_in, name="hand-in"),
    path("merges/<uuid:merge>", web.merge, name="merge"),
    path("merges/<uuid:merge>/apply", web.apply, name="apply"),
    path("merges/<uuid:merge>/withdraw", web.withdraw, name="withdraw"),
    path("join", web_join.join, name="join"),
    path("pairs", web_review.pairs, name="pairs"),
    path("pairs/<uuid:pair>", web_review.pair, name="pair"),
    path("organisations/<uuid:organisation>", web_review.organisation, name="organisation"),
    path("records/<uuid:record>/apart", web_review.take_apart, name="take-apart"),
    path("joinings/<uuid:joining>/undo", web_review.undo, name="undo"),
]
