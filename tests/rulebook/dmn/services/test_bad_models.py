"""Whatever has happened to a model on its way, it is read, explained, or refused with a sentence; never a crash."""

import contextlib
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import services
from lxml import etree

from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.reading import read
from dugnad.rulebook.dmn.services.inward.importing import import_model
from dugnad.rulebook.dmn.services.outward.exporting import export_service
from dugnad.rulebook.dmn.writing import write

JUNK = st.sampled_from(
    ["", "((((", '"', "| a |", "- { from: x }", "for x in", "ø" * 300, "null", "0.1", "#nowhere", "\u2028"]
)


def hurt(root: Any, draw: st.DataObject) -> None:
    """Do one thing to one element: take it out, double it, empty it, write junk in it, rename or drop an attribute."""
    elements = [one for one in root.iter() if isinstance(one.tag, str) and one is not root]
    one = elements[draw.draw(st.integers(0, len(elements) - 1))]
    act = draw.draw(st.sampled_from(["remove", "double", "text", "drop", "value"]))
    parent = one.getparent()
    if act == "remove":
        parent.remove(one)
    elif act == "double":
        parent.append(etree.fromstring(etree.tostring(one)))
    elif act == "text":
        one.text = draw.draw(JUNK)
    elif one.attrib:
        name = draw.draw(st.sampled_from(sorted(one.attrib)))
        if act == "drop":
            del one.attrib[name]
        else:
            one.attrib[name] = draw.draw(JUNK)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(services(), st.data(), st.booleans())
def test_a_damaged_model_never_crashes(service: Any, data: st.DataObject, ours: bool) -> None:  # noqa: FBT001 - Hypothesis gives it
    root = etree.fromstring(write(export_service(service.files)))
    if not ours:
        for extension in root.findall(".//{*}extensionElements"):
            parent = extension.getparent()
            assert parent is not None
            parent.remove(extension)
    for _ in range(data.draw(st.integers(1, 4))):
        hurt(root, data)
    with contextlib.suppress(DmnError):
        found = import_model(read(etree.tostring(root)))
        assert set(found.files) >= {"service.yaml", "facts.yaml", "rules.yaml", "rates.yaml"}
        assert all(one.what and one.mend for one in found.findings)
