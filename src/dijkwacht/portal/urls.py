"""Every address of the portal. The portal only assembles the rooms' doors."""

from django.conf.urls.i18n import urlpatterns as language
from django.urls import include, path

from dijkwacht.portal import metrics, reference, web

urlpatterns = [
    path("", web.home, name="home"),
    path("about", web.about, name="about"),
    path("about/api", reference.page, name="api-reference"),
    path("healthz", web.healthz, name="healthz"),
    path("metrics", metrics.page, name="metrics"),
    path("readyz", web.readyz, name="readyz"),
    path(".well-known/security.txt", web.security_txt, name="security-txt"),
    path("i18n/", include(language)),
    path("account/", include("dijkwacht.platform.accounts.urls")),
    path("api/", include("dijkwacht.api.urls")),
    path("", include("dijkwacht.rooms.assessment.urls")),
    path("f/", include("dijkwacht.rooms.notification.feedback_urls")),
    path("", include("dijkwacht.platform.audit.urls")),
    path("", include("dijkwacht.platform.outbox.urls")),
    path("", include("dijkwacht.rooms.enrolment.urls")),
    path("", include("dijkwacht.rooms.reporting.urls")),
    path("phishing/", include("dijkwacht.rooms.phishing.urls")),
    path("", include("dijkwacht.rooms.advisories.urls")),
    path("", include("dijkwacht.rooms.knowledge.urls")),
    path("registry/", include("dijkwacht.rooms.registry.urls")),
    path("proof/", include("dijkwacht.rooms.proof.urls")),
    path("merging/", include("dijkwacht.rooms.linkage.urls")),
    path("", include("dijkwacht.rooms.home.urls")),
    path("", include("dijkwacht.rooms.services.urls")),
    path("", include("dijkwacht.rooms.notification.urls_officer")),
    path("", include("dijkwacht.rooms.notification.urls_organisation")),
]
handler400 = "dijkwacht.portal.errors.bad_request"
handler403 = "dijkwacht.portal.errors.forbidden"
handler404 = "dijkwacht.portal.errors.not_found"
handler500 = "dijkwacht.portal.errors.server_error"
