"""What differs between the databases a tree is written for."""

from dataclasses import dataclass

from sqlglot import exp


@dataclass(frozen=True, slots=True)
class Target:
    """A database: its dialect in `sqlglot`, its type for whole numbers beyond 64 bits."""

    dialect: str
    wide: str

    @property
    def floats(self) -> bool:
        """Tell whether wide numbers are divided faster by way of a float: where division goes bit by bit."""
        return self.dialect == "duckdb"

    @property
    def hints(self) -> bool:
        """Tell whether a table expression read several times is kept in memory unless one says otherwise."""
        return self.dialect == "duckdb"

    def exact_quotient(self, left: exp.Expr, right: exp.Expr, *, wide: bool) -> exp.Expr:
        """Divide whole numbers without remainder, or both of one sign: what is cut off is never seen."""
        if self.dialect == "postgres":
            if wide:
                return exp.Anonymous(this="DIV", expressions=[left, right])
            return exp.Paren(this=exp.Div(this=left, expression=right, typed=True, safe=False))
        if self.dialect == "spark" and wide:
            rest = exp.Paren(this=exp.Mod(this=left.copy(), expression=right.copy()))
            divided = exp.Div(
                this=exp.Paren(this=exp.Sub(this=left, expression=rest)), expression=right, typed=True
            )
            return exp.cast(divided, self.wide)
        return exp.Paren(this=exp.IntDiv(this=left, expression=right))

    def joined(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        """Put two texts behind each other; NULL where one is."""
        return exp.Paren(this=exp.DPipe(this=left.copy(), expression=right.copy(), safe=True))

    def part(self, name: str, day: exp.Expr) -> exp.Expr:
        """Give year, month, day or weekday (Monday is 1) of a date."""
        field = "ISODOW" if name == "weekday" else name.upper()
        if self.dialect == "spark" and name == "weekday":
            field = "DAYOFWEEK_ISO"
        return exp.Extract(this=exp.Var(this=field), expression=day.copy())

    def days_between(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        """Give the days from the right date to the left."""
        if self.dialect == "spark":
            return exp.Anonymous(this="DATEDIFF", expressions=[left.copy(), right.copy()])
        return exp.Paren(this=exp.Sub(this=left.copy(), expression=right.copy()))

    def months_later(self, day: exp.Expr, months: exp.Expr) -> exp.Expr:
        """Add months, to the last day of the month where the day does not exist."""
        count = exp.cast(months.copy(), "INT")
        if self.dialect == "spark":
            return exp.Anonymous(this="ADD_MONTHS", expressions=[day.copy(), count])
        if self.dialect == "postgres":
            length: exp.Expr = exp.Anonymous(this="MAKE_INTERVAL", expressions=[exp.Literal.number(0), count])
        else:
            length = exp.Anonymous(this="TO_MONTHS", expressions=[count])
        return exp.cast(exp.Add(this=day.copy(), expression=length), "DATE")

    def days_later(self, day: exp.Expr, days: exp.Expr) -> exp.Expr:
        """Add days."""
        count = exp.cast(days.copy(), "INT")
        if self.dialect == "spark":
            return exp.Anonymous(this="DATE_ADD", expressions=[day.copy(), count])
        return exp.cast(exp.Add(this=day.copy(), expression=count), "DATE")

    def date_of(self, *parts: exp.Expr) -> exp.Expr:
        """Make a date of year, month and day."""
        return exp.Anonymous(this="MAKE_DATE", expressions=[exp.cast(part.copy(), "INT") for part in parts])

    def ordered(self, text: exp.Expr) -> exp.Expr:
        """Give a text as it is ordered: by code points, whatever the database's language."""
        if self.dialect != "postgres":
            return text.copy()
        return exp.Collate(this=exp.Paren(this=text.copy()), expression=exp.to_identifier("C", quoted=True))

    def texts(self) -> exp.Expr:
        """Give the empty list of texts."""
        return exp.cast(exp.Array(expressions=[]), "ARRAY<TEXT>")

    def listed(self, *texts: exp.Expr) -> exp.Expr:
        """Give a list of these texts."""
        return exp.cast(exp.Array(expressions=[text.copy() for text in texts]), "ARRAY<TEXT>")

    def has(self, texts: exp.Expr, text: exp.Expr) -> exp.Expr:
        """Tell whether a text is in a list of texts."""
        if self.dialect == "postgres":
            return exp.Paren(
                this=exp.EQ(
                    this=text.copy(), expression=exp.Anonymous(this="ANY", expressions=[texts.copy()])
                )
            )
        return exp.Anonymous(this="ARRAY_CONTAINS", expressions=[texts.copy(), text.copy()])

    def share(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        """Tell whether two lists of texts have one in common."""
        if self.dialect == "postgres":
            return exp.Paren(this=exp.ArrayOverlaps(this=left.copy(), expression=right.copy()))
        name = "ARRAYS_OVERLAP" if self.dialect == "spark" else "LIST_HAS_ANY"
        return exp.Anonymous(this=name, expressions=[left.copy(), right.copy()])

    def within(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        """Tell whether all texts of the left list are in the right one."""
        if self.dialect == "postgres":
            return exp.Paren(this=exp.ArrayContainedBy(this=left.copy(), expression=right.copy()))
        if self.dialect == "duckdb":
            return exp.Anonymous(this="LIST_HAS_ALL", expressions=[right.copy(), left.copy()])
        rest = exp.Anonymous(this="ARRAY_EXCEPT", expressions=[left.copy(), right.copy()])
        return exp.Paren(
            this=exp.EQ(this=exp.Anonymous(this="SIZE", expressions=[rest]), expression=exp.Literal.number(0))
        )

    def size(self, texts: exp.Expr) -> exp.Expr:
        """Count the texts in a list."""
        name = {"postgres": "CARDINALITY", "duckdb": "LEN", "spark": "SIZE"}[self.dialect]
        return exp.cast(exp.Anonymous(this=name, expressions=[texts.copy()]), "BIGINT")

    def written(self, tree: exp.Expr, *, pretty: bool = False) -> str:
        """Write a tree in the dialect."""
        return tree.sql(self.dialect, pretty=pretty)


DUCKDB = Target("duckdb", "INT128")
POSTGRES = Target("postgres", "DECIMAL(38, 0)")
SPARK = Target("spark", "DECIMAL(38, 0)")
TARGETS = {target.dialect: target for target in (DUCKDB, POSTGRES, SPARK)}
"""The databases by the name of their dialect."""
