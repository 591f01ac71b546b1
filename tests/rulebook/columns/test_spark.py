"""The same in Spark. Run by `make test-spark`; ordinary tests skip this, since Spark is large and slow to start."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from dugnad.rulebook.columns import SPARK, Asked, Layout, compile_service
from dugnad.rulebook.columns.relations import APPLICANTS
from rulebook.columns import alike, test_services
from rulebook.columns.mixing import Mixer, rows_of
from rulebook.columns.mixing import compare as compare_services
from rulebook.columns.test_formulas import DATES, LISTS, LOGIC, NUMBERS

WANTED = os.environ.get("DUGNAD_TEST_SPARK") == "1"
JAVA = shutil.which("java") or os.environ.get("JAVA_HOME")
pytestmark = [
    pytest.mark.skipif(not WANTED, reason="Spark is tested by `make test-spark`"),
    pytest.mark.skipif(
        WANTED and not JAVA, reason="no Java: install one (Debian: apt install default-jre-headless)"
    ),
    pytest.mark.filterwarnings("ignore"),
]
PEOPLE = alike.people(120, seed=29)
ON = date(2026, 11, 21)
# Each takes a second or two: one formula of each kind, and of those several that stand or fall together, one.
FORMULAS = [*NUMBERS, *LOGIC, *DATES, *LISTS]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    building = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
    )
    try:
        session = building.getOrCreate()
    except Exception as error:  # noqa: BLE001 - whatever it is, Java is the cause to look at first
        pytest.fail(f"Spark did not start. It needs Java 17 or newer (`java -version`): {error}")
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def fill(spark: Any, layout: Layout, applicants: list[dict[str, Any]]) -> None:
    """Make a view of each relation."""
    for name, rows in rows_of(layout, applicants).items():
        spark.createDataFrame(rows, schema(layout, name)).createOrReplaceTempView(f"`{name}`")


def schema(layout: Layout, name: str) -> Any:
    from pyspark.sql import types

    kinds = {
        "number": types.LongType(),
        "boolean": types.BooleanType(),
        "text": types.StringType(),
        "date": types.DateType(),
        "list": types.ArrayType(types.StringType()),
        "persons": types.BooleanType(),
    }
    first = (
        [("k", types.LongType()), ("apart", types.BooleanType())]
        if name == APPLICANTS
        else [("k", types.LongType()), ("p", types.IntegerType())]
    )
    facts = layout.facts(None if name == APPLICANTS else name)
    columns = [*first, *((fact.attribute, kinds[fact.kind]) for fact in facts)]
    return types.StructType([types.StructField(column, kind) for column, kind in columns])


@pytest.fixture(scope="module")
def run(spark: Any) -> Callable[[str], list[tuple[Any, ...]]]:
    # A session of its own: the services below make views of the same names.
    own = spark.newSession()
    fill(own, alike.LAYOUT, PEOPLE)
    return lambda sql: [tuple(row) for row in own.sql(sql).collect()]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas(text: str, run: Callable[[str], list[tuple[Any, ...]]]) -> None:
    result = alike.compare(text, PEOPLE, run, SPARK)
    assert result.agreed + result.unknown > 20


@pytest.mark.parametrize("folder", test_services.FOLDERS, ids=lambda folder: folder.name)
def test_services_too(folder: Any, spark: Any) -> None:
    service, tailorings = test_services.loaded(folder)
    patches = {code: tailoring.patch for code, tailoring in tailorings.items()}
    columns = compile_service(Asked(service.ruleset(), ON, patches), SPARK)
    applicants = Mixer(service, seed=3).applicants(80)
    fill(spark, columns.layout, applicants)
    rows = [tuple(row) for row in spark.sql(columns.sql).collect()]
    tally = compare_services(
        columns, lambda facts: test_services.rules_of(folder, facts), applicants, ON, rows
    )
    assert tally.agreed > 30
