"""The addresses of enrolment: /register for whoever registers, /registrations for officers, /receipt for anybody."""

from django.urls import path

from dijkwacht.rooms.enrolment import web, web_account, web_confirmed, web_officer, web_receipts
from dijkwacht.rooms.enrolment.questions import STEPS

app_name = "enrolment"
urlpatterns = [
    path("register", web.start, name="start"),
    path("register/account", web_account.account, name="account"),
    *(path(f"register/{name}", web.step, {"name": name}, name=name) for name in STEPS),
    path("register/check", web.check, name="check"),
    path("register/check-field", web.check_field, name="check-field"),
    path("register/holdings/refused.csv", web_confirmed.refused, name="refused"),
    path("register/<uuid:registration>", web_confirmed.registration, name="registration"),
    path("register/<uuid:registration>/correct", web_confirmed.correct, name="correct"),
    path("register/<uuid:registration>/withdraw", web_confirmed.withdraw, name="withdraw"),
    path("register/<uuid:registration>/assets.csv", web_confirmed.assets, name="assets"),
    path("register/<uuid:registration>/receipt.json", web_receipts.as_json, name="receipt-json"),
    path("register/<uuid:registration>/receipt.pdf", web_receipts.as_pdf, name="receipt-pdf"),
    path("receipt", web_receipts.verify, name="verify"),
    path("registrations", web_officer.registrations, name="registrations"),
    path("registrations/<uuid:registration>", web_officer.registration, name="decide"),
    path("registrations/<uuid:registration>/assets.csv", web_officer.assets, name="claimed"),
]
