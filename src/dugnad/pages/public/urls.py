"""Addresses of the public pages, of login and logout, and of acting for another."""

from django.urls import URLPattern, path

from dugnad.pages.public import about, acting, login, logout, services, workplaces

urlpatterns: list[URLPattern] = [
    path("", services.front, name="public-front"),
    path("tjenester", services.list_services, name="public-services"),
    path("tjenester/<slug:slug>", services.service_page, name="public-service"),
    path("logg-inn", login.login, name="public-login"),
    path("logg-inn/tilbake", login.callback, name="public-callback"),
    path("arbeidssted", workplaces.choose, name="public-workplaces"),
    path("logg-ut", logout.logout, name="public-logout"),
    path("logg-ut/front", logout.frontchannel, name="public-frontchannel"),
    path("logg-ut/bak", logout.backchannel, name="public-backchannel"),
    path("logget-ut", logout.goodbye, name="public-goodbye"),
    path("min-side/innlogginger", logout.devices, name="public-devices"),
    path("min-side/representasjon", acting.represent, name="public-represent"),
    path("min-side/stopp-representasjon", acting.stop, name="public-stop-acting"),
    path("personvern", about.privacy, name="public-privacy"),
    path("tilgjengelighet", about.accessibility, name="public-accessibility"),
    path("kontakt", about.contact, name="public-contact"),
    path("utboks", about.outbox, name="public-outbox"),
    path("helse", about.health, name="public-health"),
    path("robots.txt", about.robots, name="public-robots"),
    path("favicon.ico", about.favicon, name="public-favicon"),
]
