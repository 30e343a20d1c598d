"""The addresses of deciding, under /phishing."""

from django.urls import path

from dijkwacht.rooms.phishing.deciding import web, web_more, web_own, web_waves

urlpatterns = [
    path("queue", web.queue, name="queue"),
    path("campaigns/<uuid:phishing_campaign>", web.campaign, name="campaign"),
    path("campaigns/<uuid:phishing_campaign>/mail", web_more.mail, name="mail"),
    path("decisions/<uuid:phishing_decision>", web.decision, name="decision"),
    path("decisions/<uuid:phishing_decision>/again", web_more.look, name="look"),
    path("waves/<uuid:phishing_wave>", web_waves.wave, name="wave"),
    path("entries/block", web_own.block, name="block"),
    path("proposals/<uuid:phishing_proposal>", web_own.proposal, name="proposal"),
    path("contacts", web_more.contacts, name="contacts"),
]
