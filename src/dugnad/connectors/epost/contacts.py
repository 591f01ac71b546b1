"""Contact data from the contact and reservation register, for telling people that a letter has come."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from dugnad.dispatch.ports import Contact, ContactsUnavailableError
from dugnad.facts.ports import Register, RegisterUnavailableError

_FIELDS = frozenset({"kan varsles", "språk", "e-post"})


class RegisteredContacts:
    """Implements dispatch.ports.ContactRegister over the client of the register."""

    def __init__(self, register: Register, today: Callable[[], date]) -> None:
        self._register, self._today = register, today

    def contacts(self, identity_numbers: Sequence[str]) -> Mapping[str, Contact]:
        """Return contacts; one who may not be told has no address. Raises ContactsUnavailableError."""
        try:
            answers = self._register.lookup(identity_numbers, fields=_FIELDS, on=self._today())
        except RegisterUnavailableError as error:
            raise ContactsUnavailableError(error.reason) from None
        return {
            number: Contact(
                email=str(answer.values.get("e-post") or "") if answer.values.get("kan varsles") else "",
                language=str(answer.values.get("språk") or "nb"),
            )
            for number, answer in answers.items()
        }
