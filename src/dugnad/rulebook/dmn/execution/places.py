"""Where in a model a diagnostic belongs: all its texts laid end to end, so that one offset names text and place."""

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """A text of the model: the element it belongs to, its file and line (0 where the model was not read)."""

    file: str
    line: int
    element: str
    text: str


@dataclass(slots=True)
class Places:
    """The texts of a model."""

    starts: list[int] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    end: int = 0

    def add(self, place: Place) -> int:
        """Take in a text; gives the offset it begins at."""
        start = self.end
        self.starts.append(start)
        self.places.append(place)
        self.end += len(place.text) + 1
        return start

    def at(self, offset: int) -> Place | None:
        """Give the text at an offset, with the line counted down to it."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0:
            return None
        found = self.places[index]
        down = found.text[: max(offset - self.starts[index], 0)].count("\n")
        return Place(found.file, found.line + down if found.line else 0, found.element, found.text)
