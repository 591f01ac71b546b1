"""Addresses of the resident's pages. They hold ids, never anything about a person."""

from django.urls import URLPattern, path

from dugnad.pages.resident import attaching, case, form, home, looks, mailbox, replies, sending

urlpatterns: list[URLPattern] = [
    path("min-side", home.home, name="resident-home"),
    path("min-side/saker", home.my_cases, name="resident-cases"),
    path("min-side/kontaktinformasjon", home.contact, name="resident-contact"),
    path("min-side/hvem-har-sett", looks.looks, name="resident-looks"),
    path("min-side/postkasse", mailbox.mailbox, name="resident-mailbox"),
    path("min-side/postkasse/<uuid:letter_id>", mailbox.letter, name="resident-letter"),
    path("min-side/postkasse/<uuid:letter_id>/brev.pdf", mailbox.document, name="resident-letter-pdf"),
    path("min-side/postkasse/<uuid:letter_id>/arkiv", mailbox.archive, name="resident-letter-archive"),
    path("soknad/<slug:slug>/start", form.start, name="resident-start"),
    path("soknad/<uuid:application_id>", form.resume, name="resident-draft"),
    path("soknad/<uuid:application_id>/<int:number>", form.page, name="resident-page"),
    path("soknad/<uuid:application_id>/oppsummering", sending.summary, name="resident-summary"),
    path("soknad/<uuid:application_id>/send", sending.send, name="resident-send"),
    path("soknad/<uuid:application_id>/kast", form.discard, name="resident-discard"),
    path("vedlegg/<uuid:attachment_id>", attaching.attachment, name="resident-attachment"),
    path("sak/<uuid:case_id>", case.case, name="resident-case"),
    path("sak/<uuid:case_id>/brev", case.letters_part, name="resident-case-letters"),
    path("sak/<uuid:case_id>/trekk", case.withdraw, name="resident-withdraw"),
    path("sak/<uuid:case_id>/klage", replies.appeal, name="resident-appeal"),
    path("sak/<uuid:case_id>/svar/<uuid:request_id>", replies.answer, name="resident-answer"),
]
