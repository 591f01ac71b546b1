"""Addresses of the console pages."""

from django.urls import URLPattern, path

from dugnad.pages.console import health, jobs, log, roles, services, tailoring
from dugnad.pages.console.rules.page import rules_page

urlpatterns: list[URLPattern] = [
    path("konsoll", health.overview, name="console-home"),
    path("konsoll/jobber", jobs.job_list, name="console-jobs"),
    path("konsoll/jobber/<int:job_id>/prov-igjen", jobs.retry_job, name="console-retry-job"),
    path("konsoll/brev/<uuid:dispatch_id>/prov-igjen", jobs.retry_letter, name="console-retry-letter"),
    path("konsoll/tjenester", services.adoption_list, name="console-services"),
    path("konsoll/tjenester/<slug:slug>", services.service_page, name="console-service"),
    path("konsoll/tjenester/<slug:slug>/lokalt", tailoring.overview, name="console-tailoring"),
    path("konsoll/tjenester/<slug:slug>/lokalt/bekreft", tailoring.confirm_rate, name="console-confirm-rate"),
    path("konsoll/tjenester/<slug:slug>/lokalt/bestem", tailoring.set_place, name="console-set-place"),
    path("konsoll/tjenester/<slug:slug>/lokalt/tilbake", tailoring.restore, name="console-restore-tailoring"),
    path("konsoll/tjenester/<slug:slug>/regler", rules_page, name="console-rules"),
    path("konsoll/saksgang", services.states, name="console-states"),
    path("konsoll/roller", roles.role_list, name="console-roles"),
    path("konsoll/roller/gi", roles.give, name="console-give-role"),
    path("konsoll/roller/ta", roles.take, name="console-take-role"),
    path("konsoll/logg", log.entries, name="console-log"),
    path("konsoll/komponenter", health.styleguide, name="console-styleguide"),
]
