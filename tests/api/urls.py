"""The portal's addresses with an API that holds the testing router only."""

from django.urls import include, path

from dijkwacht.api.shell import build

urlpatterns = [
    path("api/v1/", build(("dijkwacht.api.own", "tests.api.notes"), "testing").urls),
    path("account/", include("dijkwacht.platform.accounts.urls")),
]
