"""The addresses under /proof."""

from django.urls import path

from dijkwacht.rooms.proof import confirming, web, web_evidence, web_officer

app_name = "proof"
urlpatterns = [
    path("mine", web.mine, name="mine"),
    path("organisations/<uuid:organisation>", web.assets, name="assets"),
    path("assets/<uuid:asset>", web.asset, name="asset"),
    path("assets/<uuid:asset>/start", web.start, name="start"),
    path("assets/<uuid:asset>/evidence", web_evidence.send, name="send"),
    path("pieces/<uuid:piece>", web_evidence.piece, name="piece"),
    path("challenges/<uuid:challenge>/check", web.check, name="check"),
    path("challenges/<uuid:challenge>/withdraw", web.withdraw, name="withdraw"),
    path("waiting", web_officer.waiting, name="waiting"),
    path("challenges/<uuid:challenge>/judge", web_officer.judge, name="judge"),
    path("confirm/<str:token>", confirming.confirm, name="confirm"),
]
