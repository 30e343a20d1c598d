"""Every address of the portal. The portal only assembles the rooms' doors."""

from django.urls import include, path

from dijkwacht.portal import web

urlpatterns = [
    path("", web.home, name="home"),
    path("healthz", web.healthz, name="healthz"),
    path("account/", include("dijkwacht.platform.accounts.urls")),
    path("api/", include("dijkwacht.api.urls")),
    path("", include("dijkwacht.platform.audit.urls")),
]
