"""The addresses of the room; each part adds its own `urls`."""

from django.urls import URLPattern, URLResolver

from dijkwacht.rooms.phishing.answers.urls import urlpatterns as answers
from dijkwacht.rooms.phishing.deciding.urls import urlpatterns as deciding
from dijkwacht.rooms.phishing.figures.urls import urlpatterns as figures
from dijkwacht.rooms.phishing.intake.urls import urlpatterns as intake
from dijkwacht.rooms.phishing.listing.urls import urlpatterns as listing
from dijkwacht.rooms.phishing.warning.urls import urlpatterns as warning

app_name = "phishing"
urlpatterns: list[URLPattern | URLResolver] = [*answers, *deciding, *figures, *intake, *listing, *warning]
