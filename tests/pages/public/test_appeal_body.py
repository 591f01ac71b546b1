"""Who decides an appeal: what the service says of it, for the municipality that decided (forvaltningsloven § 28)."""

from dataclasses import replace

import pytest

from dugnad.catalogue import queries as catalogue
from dugnad.flows.letters import appeal_body
from dugnad.tenancy import queries as organisations
from portal import Portal


@pytest.mark.parametrize(
    ("to", "code", "language", "body"),
    [
        ("statsforvalteren", "4614", "nb", "Statsforvalteren i Vestland"),
        ("statsforvalteren", "4614", "nn", "Statsforvaltaren i Vestland"),
        ("statsforvalteren", "5610", "en", "County Governor of Troms og Finnmark"),
        ("klagenemnda", "4601", "nb", "klagenemnda i Bergen kommune"),
        ("klagenemnda", "4601", "en", "the appeals board of Bergen Municipality"),
        ("udir", "4601", "nb", "Utdanningsdirektoratet"),
    ],
)
def test_the_service_chooses_the_appeal_body(
    portal: Portal, to: str, code: str, language: str, body: str
) -> None:
    adopted = catalogue.adopted(portal.organisation(code), "redusert-foreldrebetaling")
    service = replace(adopted.service, info=replace(adopted.service.info, appeal_to=to))
    assert (
        appeal_body(replace(adopted, service=service), organisations.organisation_by_code(code), language)
        == body
    )
