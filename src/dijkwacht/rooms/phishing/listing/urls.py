"""The addresses of the list: files for everybody, pages for the centre."""

from django.urls import path

from dijkwacht.rooms.phishing.listing import web_officer, web_public

urlpatterns = [
    path("list", web_public.about, name="list"),
    path("list/<str:list_file>", web_public.download, name="list-file"),
    path("entries", web_officer.entries, name="entries"),
    path("entries/<uuid:entry>", web_officer.entry, name="entry"),
    path("entries/<uuid:entry>/unblock", web_officer.unblock, name="unblock"),
    path("entries/<uuid:entry>/renew", web_officer.renew, name="renew"),
    path("consumers", web_officer.followers, name="consumers"),
    path("consumers/add", web_officer.add_follower, name="consumer-add"),
    path("consumers/<uuid:consumer>/revoke", web_officer.revoke_follower, name="consumer-revoke"),
    path("misp/<str:misp_file>", web_public.misp, name="list-misp"),
]
