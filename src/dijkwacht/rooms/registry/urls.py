"""The addresses under /registry."""

from django.urls import path

from dijkwacht.rooms.registry.web import (
    changes,
    comparisons,
    exchange,
    history,
    leaving,
    numbers,
    organisations,
    parts,
    retention,
    reviews,
    sectors,
)

app_name = "registry"
urlpatterns = [
    path("organisations", organisations.organisations, name="organisations"),
    path("organisations/new", organisations.new_organisation, name="new-organisation"),
    path("organisations/<uuid:organisation>", organisations.organisation, name="organisation"),
    path("organisations/<uuid:organisation>/edit", organisations.edit_organisation, name="edit-organisation"),
    path("organisations/<uuid:organisation>/contacts/new", parts.new_contact, name="new-contact"),
    path("organisations/<uuid:organisation>/assets/new", parts.new_asset, name="new-asset"),
    path("organisations/<uuid:organisation>/mandates/new", parts.new_mandate, name="new-mandate"),
    path("organisations/<uuid:organisation>/history", history.organisation_history, name="organisation-history"),
    path("numbers", numbers.numbers_page, name="numbers"),
    *(
        path(f"numbers.{ending}", numbers.numbers_file, {"ending": ending}, name=f"numbers-{ending}")
        for ending in ("csv", "json")
    ),
    *(
        path(f"identified.{ending}", numbers.identified_file, {"ending": ending}, name=f"identified-{ending}")
        for ending in ("csv", "json")
    ),
    *(
        path(f"enisa.{ending}", numbers.enisa_file, {"ending": ending}, name=f"enisa-{ending}")
        for ending in ("csv", "json")
    ),
    path("organisations/<uuid:organisation>/change", changes.tell_change, name="tell-change"),
    path("organisations/<uuid:organisation>/change/ask", changes.ask_change, name="ask-change"),
    path("changes", changes.changes, name="changes"),
    path("changes/<uuid:change_notice>/dismiss", changes.dismiss_change, name="dismiss-change"),
    path("organisations/<uuid:organisation>/review", reviews.review, name="review"),
    path("reviews", reviews.reviews, name="reviews"),
    path("reviews/<uuid:review_campaign>", reviews.review_campaign, name="review-campaign"),
    path("reviews/<uuid:review>/confirm", reviews.confirm_review, name="confirm-review"),
    path("organisations/<uuid:organisation>/leave", leaving.leave, name="leave"),
    path("organisations/<uuid:organisation>/reregister", leaving.reregister, name="reregister"),
    path("deregistrations", leaving.deregistrations, name="deregistrations"),
    path("deregistrations/<uuid:deregistration>/withdraw", leaving.withdraw, name="withdraw-deregistration"),
    path("deregistrations/<uuid:deregistration>/confirm", leaving.confirm, name="confirm-deregistration"),
    path("deregistrations/<uuid:deregistration>/refuse", leaving.refuse, name="refuse-deregistration"),
    path("comparisons", comparisons.comparisons, name="comparisons"),
    path("comparisons/<uuid:comparison>", comparisons.comparison, name="comparison"),
    path("comparisons/<uuid:comparison>/differences.csv", comparisons.differences_file, name="differences"),
    path("comparisons/<uuid:comparison>/accept", comparisons.accept_all, name="accept-differences"),
    path("differences/<uuid:difference>/accept", comparisons.accept, name="accept-difference"),
    path("differences/<uuid:difference>/ask", comparisons.ask, name="ask-difference"),
    path("differences/<uuid:difference>/dismiss", comparisons.dismiss, name="dismiss-difference"),
    path("kept", retention.kept, name="kept"),
    path("retention", retention.retention, name="retention"),
    path("sectors", sectors.my_sectors, name="sectors"),
    path("designations", sectors.designations, name="designations"),
    path("designations/<uuid:designation>/end", sectors.end_designation, name="end-designation"),
    path("mine", organisations.mine, name="mine"),
    path("contacts/<uuid:contact>", parts.edit_contact, name="contact"),
    path("contacts/<uuid:contact>/remove", parts.remove_contact, name="remove-contact"),
    path("contacts/<uuid:contact>/secret", parts.renew_secret, name="renew-secret"),
    *(
        path(f"assets/<uuid:asset>/{step}", parts.step_asset, {"step": step}, name=f"{step}-asset")
        for step in ("verify", "dispute", "expire", "remove")
    ),
    *(
        path(f"mandates/<uuid:mandate>/{step}", parts.step_mandate, {"step": step}, name=f"{step}-mandate")
        for step in ("suspend", "resume", "withdraw")
    ),
    path("conflicts", exchange.conflicts, name="conflicts"),
    path("conflicts/<uuid:conflict>", exchange.decide, name="decide"),
    path("import", exchange.import_page, name="import"),
    *(
        path(f"export/registry.{ending}", exchange.export, {"ending": ending}, name=f"export-{ending}")
        for ending in ("csv", "json")
    ),
]
