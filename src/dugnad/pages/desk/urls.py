"""Addresses of the desk pages."""

from django.urls import URLPattern, path

from dugnad.pages.desk import acts, case, listing, papers

_CASE = "saker/<uuid:case_id>"

urlpatterns: list[URLPattern] = [
    path("saker", listing.list_page, name="desk-list"),
    path("saker/sok", listing.search, name="desk-search"),
    path("saker/ta", listing.take, name="desk-take"),
    path(_CASE, case.case_page, name="desk-case"),
    path(f"{_CASE}/fordel", acts.assign, name="desk-assign"),
    path(f"{_CASE}/notat", acts.note, name="desk-note"),
    path(f"{_CASE}/sporsmal", acts.ask, name="desk-ask"),
    path(f"{_CASE}/utkast", acts.draft, name="desk-draft"),
    path(f"{_CASE}/forslag", acts.propose, name="desk-propose"),
    path(f"{_CASE}/godkjenn", acts.approve, name="desk-approve"),
    path(f"{_CASE}/send-tilbake", acts.send_back, name="desk-send-back"),
    path(f"{_CASE}/klageinstans", acts.forward, name="desk-forward"),
    path(f"{_CASE}/forhandsvis", papers.preview, name="desk-preview"),
    path(f"{_CASE}/vedlegg/<uuid:attachment_id>", papers.attachment, name="desk-attachment"),
    path(f"{_CASE}/brev/<uuid:dispatch_id>", papers.letter, name="desk-letter"),
]
