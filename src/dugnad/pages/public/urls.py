"""Addresses of the public pages, of login and logout, and of acting for another."""

from django.urls import URLPattern, path

from dugnad.pages.public import login, logout, workplaces

urlpatterns: list[URLPattern] = [
    path("logg-inn", login.login, name="public-login"),
    path("logg-inn/tilbake", login.callback, name="public-callback"),
    path("arbeidssted", workplaces.choose, name="public-workplaces"),
    path("logg-ut", logout.logout, name="public-logout"),
    path("logg-ut/front", logout.frontchannel, name="public-frontchannel"),
    path("logg-ut/bak", logout.backchannel, name="public-backchannel"),
    path("logget-ut", logout.goodbye, name="public-goodbye"),
    path("min-side/innlogginger", logout.devices, name="public-devices"),
]
