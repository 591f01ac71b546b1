"""What can be wrong with a model."""


class DmnError(ValueError):
    """A model that cannot be read, written or run: which file, which line, what, and how to mend it.

    ``line`` counts from 1; 0 is the file as a whole.
    """

    def __init__(self, file: str, line: int, what: str, mend: str) -> None:
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {what} {mend}")
        self.file = file
        self.line = line
        self.what = what
        self.mend = mend
