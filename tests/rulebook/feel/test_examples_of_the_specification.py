"""Every example of DMN 1.5, chapter 10.3.4 (tables 72 to 81), as the specification gives it."""

import pytest
from feel_runs import evaluated

TRUE = r"""
date("2012-12-25") - date("2012-12-24") = duration("P1D")
date(date and time("2012-12-25T11:00:00Z")) = date("2012-12-25")
date(2012, 12, 25) = date("2012-12-25")
date and time("2012-12-24T23:59:00") = date and time(date("2012-12-24"), time("23:59:00"))
date and time("2012-12-24T23:59:00") + duration("PT1M") = date and time("2012-12-25T00:00:00")
time("23:59:00z") + duration("PT2M") = time("00:01:00@Etc/UTC")
time(date and time("2012-12-25T11:00:00Z")) = time("11:00:00Z")
time("23:59:00z") = time(23, 59, 0, duration("PT0H"))
number("1 000,0", " ", ",") = number("1,000.0", ",", ".")
string(1.1) = "1.1"
string(null) = null
date and time("2012-12-24T23:59:00") - date and time("2012-12-22T03:45:00") = duration("P2DT20H14M")
duration("P2Y2M") = duration("P26M")
years and months duration(date("2011-12-22"), date("2013-08-24")) = duration("P1Y8M")
is(range("[18..21)"), [18..21))
is(range("[2..)"), (>=2))
is(range("(..2)"), (<2))
range("") = null
range("[..]") = null
not(true) = false
not(null) = null
substring("foobar", 3) = "obar"
substring("foobar", 3, 3) = "oba"
substring("foobar", -2, 1) = "a"
substring("\U01F40Eab", 2) = "ab"
string length("foo") = 3
string length("\U01F40Eab") = 3
upper case("aBc4") = "ABC4"
lower case("aBc4") = "abc4"
substring before("foobar", "bar") = "foo"
substring before("foobar", "xyz") = ""
substring after("foobar", "ob") = "ar"
substring after("", "a") = ""
replace("banana", "a", "o") = "bonono"
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") = "[1=ab][2=]cd"
contains("foobar", "of") = false
starts with("foobar", "fo") = true
ends with("foobar", "r") = true
matches("foobar", "^fo*b") = true
split("John Doe", "\\s") = ["John", "Doe"]
split("a;b;c;;", ";") = ["a", "b", "c", "", ""]
string join(["a", "b", "c"], "_and_") = "a_and_b_and_c"
string join(["a", "b", "c"], "") = "abc"
string join(["a", "b", "c"], null) = "abc"
string join(["a"], "X") = "a"
string join(["a", null, "c"], "X") = "aXc"
string join([], "X") = ""
string join(["a", "b", "c"]) = "abc"
string join(["a", null, "c"]) = "ac"
string join([]) = ""
list contains([1, 2, 3], 2) = true
count([1, 2, 3]) = 3
count([]) = 0
count([1, [2, 3]]) = 2
min([1, 2, 3]) = 1
max(1, 2, 3) = 3
min(1) = min([1])
max([]) = null
sum([1, 2, 3]) = 6
sum(1, 2, 3) = 6
sum(1) = 1
sum([]) = null
mean([1, 2, 3]) = 2
mean(1, 2, 3) = 2
mean(1) = 1
mean([]) = null
all([false, null, true]) = false
all(true) = all([true])
all([]) = true
all(0) = null
any([false, null, true]) = true
any(false) = false
any([]) = false
any(0) = null
sublist([4, 5, 6], 1, 2) = [4, 5]
append([1], 2, 3) = [1, 2, 3]
concatenate([1, 2], [3]) = [1, 2, 3]
insert before([1, 3], 1, 2) = [2, 1, 3]
remove([1, 2, 3], 2) = [1, 3]
list replace([2, 4, 7, 8], 3, 6) = [2, 4, 6, 8]
list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) = [5, 5, 7, 8]
reverse([1, 2, 3]) = [3, 2, 1]
index of([1, 2, 3, 2], 2) = [2, 4]
union([1, 2], [2, 3]) = [1, 2, 3]
distinct values([1, 2, 3, 2, 1]) = [1, 2, 3]
flatten([[1, 2], [[3]], 4]) = [1, 2, 3, 4]
product([2, 3, 4]) = 24
product([]) = null
product(2, 3, 4) = 24
median(8, 2, 5, 3, 4) = 4
median([6, 1, 2, 3]) = 2.5
median([]) = null
stddev(2, 4, 7, 5) = 2.081665999466132735282297706979931
stddev([47]) = null
stddev(47) = null
stddev([]) = null
mode(6, 3, 9, 6, 6) = [6]
mode([6, 1, 9, 6, 1]) = [1, 6]
mode([]) = []
decimal(1/3, 2) = .33
decimal(1.5, 0) = 2
decimal(2.5, 0) = 2
floor(1.5) = 1
floor(-1.56, 1) = -1.6
ceiling(1.5) = 2
ceiling(-1.56, 1) = -1.5
floor(1.5, null) = null
round up(5.5, 0) = 6
round up(-5.5, 0) = -6
round up(1.121, 2) = 1.13
round up(-1.126, 2) = -1.13
round down(5.5, 0) = 5
round down(-5.5, 0) = -5
round down(1.121, 2) = 1.12
round down(-1.126, 2) = -1.12
round half up(5.5, 0) = 6
round half up(-5.5, 0) = -6
round half up(1.121, 2) = 1.12
round half up(-1.126, 2) = -1.13
round half down(5.5, 0) = 5
round half down(-5.5, 0) = -5
round half down(1.121, 2) = 1.12
round half down(-1.126, 2) = -1.13
abs(10) = 10
abs(-10) = 10
abs(@"PT5H") = @"PT5H"
abs(@"-PT5H") = @"PT5H"
abs(@"-P5M") = @"P5M"
modulo(12, 5) = 2
modulo(-12, 5) = 3
modulo(12, -5) = -3
modulo(-12, -5) = -2
modulo(10.1, 4.5) = 1.1
modulo(-10.1, 4.5) = 3.4
modulo(10.1, -4.5) = -3.4
modulo(-10.1, -4.5) = -1.1
sqrt(16) = 4
sqrt(-16) = null
decimal(log(10), 11) = 2.30258509299
decimal(exp(5), 12) = 148.413159102577
odd(5) = true
odd(2) = false
even(5) = false
even(2) = true
is(date("2012-12-25"), time("23:00:50")) = false
is(date("2012-12-25"), date("2012-12-25")) = true
is(time("23:00:50z"), time("23:00:50")) = false
is(time("23:00:50z"), time("23:00:50+00:00")) = true
day of year(date(2019, 9, 17)) = 260
day of week(date(2019, 9, 17)) = "Tuesday"
month of year(date(2019, 9, 17)) = "September"
week of year(date(2019, 9, 17)) = 38
week of year(date(2003, 12, 29)) = 1
week of year(date(2004, 1, 4)) = 1
week of year(date(2005, 1, 1)) = 53
week of year(date(2005, 1, 3)) = 1
week of year(date(2005, 1, 9)) = 1
sort(list: [3, 1, 4, 5, 2], precedes: function(x, y) x < y) = [1, 2, 3, 4, 5]
get value({key1: "value1"}, "key1") = "value1"
get value({key1: "value1"}, "unexistent-key") = null
get entries({key1: "value1", key2: "value2"}) = [{key: "key1", value: "value1"}, {key: "key2", value: "value2"}]
get entries({key1: "value1"})[key = "key1"].value = ["value1"]
context([{key: "a", value: 1}, {key: "b", value: 2}]) = {a: 1, b: 2}
context([{key: "a", value: 1}, {key: "b", value: 2, something: "else"}]) = {a: 1, b: 2}
context([{key: "a", value: 1}, {key: "b"}]) = null
context put({x: 1}, "y", 2) = {x: 1, y: 2}
context put({x: 1, y: 0}, "y", 2) = {x: 1, y: 2}
context put({x: 1, y: 0, z: 0}, "y", 2) = {x: 1, y: 2, z: 0}
context put({x: 1}, ["y"], 2) = context put({x: 1}, "y", 2)
context put({x: 1, y: {a: 0}}, ["y", "a"], 2) = context put({x: 1, y: {a: 0}}, "y", context put({a: 0}, ["a"], 2))
context put({x: 1, y: {a: 0}}, ["y", "a"], 2) = {x: 1, y: {a: 2}}
context put({x: 1, y: {a: 0}}, [], 2) = null
context merge([{x: 1}, {y: 2}]) = {x: 1, y: 2}
context merge([{x: 1, y: 0}, {y: 2}]) = {x: 1, y: 2}
"""

RANGES = """
before(1, 10): true | before(10, 1): false | before(1, [1..10]): false | before(1, (1..10]): true
before(1, [5..10]): true | before([1..10], 10): false | before([1..10), 10): true | before([1..10], 15): true
before([1..10], [15..20]): true | before([1..10], [10..20]): false | before([1..10), [10..20]): true
before([1..10], (10..20]): true | after(10, 5): true | after(5, 10): false | after(12, [1..10]): true
after(10, [1..10)): true | after(10, [1..10]): false | after([11..20], 12): false | after([11..20], 10): true
after((11..20], 11): true | after([11..20], 11): false | after([11..20], [1..10]): true
after([1..10], [11..20]): false | after([11..20], [1..11)): true | after((11..20], [1..11]): true
meets([1..5], [5..10]): true | meets([1..5), [5..10]): false | meets([1..5], (5..10]): false
meets([1..5], [6..10]): false | met by([5..10], [1..5]): true | met by([5..10], [1..5)): false
met by((5..10], [1..5]): false | met by([6..10], [1..5]): false | overlaps([1..5], [3..8]): true
overlaps([3..8], [1..5]): true | overlaps([1..8], [3..5]): true | overlaps([3..5], [1..8]): true
overlaps([1..5], [6..8]): false | overlaps([6..8], [1..5]): false | overlaps([1..5], [5..8]): true
overlaps([1..5], (5..8]): false | overlaps([1..5), [5..8]): false | overlaps([1..5), (5..8]): false
overlaps([5..8], [1..5]): true | overlaps((5..8], [1..5]): false | overlaps([5..8], [1..5)): false
overlaps((5..8], [1..5)): false | overlaps before([1..5], [3..8]): true | overlaps before([1..5], [6..8]): false
overlaps before([1..5], [5..8]): true | overlaps before([1..5], (5..8]): false
overlaps before([1..5), [5..8]): false | overlaps before([1..5), (1..5]): true
overlaps before([1..5], (1..5]): true | overlaps before([1..5), [1..5]): false
overlaps before([1..5], [1..5]): false | overlaps after([3..8], [1..5]): true
overlaps after([6..8], [1..5]): false | overlaps after([5..8], [1..5]): true
overlaps after((5..8], [1..5]): false | overlaps after([5..8], [1..5)): false
overlaps after((1..5], [1..5)): true | overlaps after((1..5], [1..5]): true
overlaps after([1..5], [1..5)): false | overlaps after([1..5], [1..5]): false | finishes(10, [1..10]): true
finishes(10, [1..10)): false | finishes([5..10], [1..10]): true | finishes([5..10), [1..10]): false
finishes([5..10), [1..10)): true | finishes([1..10], [1..10]): true | finishes((1..10], [1..10]): true
finished by([1..10], 10): true | finished by([1..10), 10): false | finished by([1..10], [5..10]): true
finished by([1..10], [5..10)): false | finished by([1..10), [5..10)): true
finished by([1..10], [1..10]): true | finished by([1..10], (1..10]): true | includes([1..10], 5): true
includes([1..10], 12): false | includes([1..10], 1): true | includes([1..10], 10): true
includes((1..10], 1): false | includes([1..10), 10): false | includes([1..10], [4..6]): true
includes([1..10], [1..5]): true | includes((1..10], (1..5]): true | includes([1..10], (1..10)): true
includes([1..10), [5..10)): true | includes([1..10], [1..10)): true | includes([1..10], (1..10]): true
includes([1..10], [1..10]): true | during(5, [1..10]): true | during(12, [1..10]): false
during(1, [1..10]): true | during(10, [1..10]): true | during(1, (1..10]): false | during(10, [1..10)): false
during([4..6], [1..10]): true | during([1..5], [1..10]): true | during((1..5], (1..10]): true
during((1..10), [1..10]): true | during([5..10), [1..10)): true | during([1..10), [1..10]): true
during((1..10], [1..10]): true | during([1..10], [1..10]): true | starts(1, [1..10]): true
starts(1, (1..10]): false | starts(2, [1..10]): false | starts([1..5], [1..10]): true
starts((1..5], (1..10]): true | starts((1..5], [1..10]): false | starts([1..5], (1..10]): false
starts([1..10], [1..10]): true | starts([1..10), [1..10]): true | starts((1..10), (1..10)): true
started by([1..10], 1): true | started by((1..10], 1): false | started by([1..10], 2): false
started by([1..10], [1..5]): true | started by((1..10], (1..5]): true | started by([1..10], (1..5]): false
started by((1..10], [1..5]): false | started by([1..10], [1..10]): true | started by([1..10], [1..10)): true
started by((1..10), (1..10)): true | coincides(5, 5): true | coincides(3, 4): false
coincides([1..5], [1..5]): true | coincides((1..5), [1..5]): false | coincides([1..5], [2..6]): false
"""


@pytest.mark.parametrize("example", TRUE.strip().splitlines())
def test_an_example_holds(example: str) -> None:
    assert evaluated(example)[0] is True, evaluated(example)


@pytest.mark.parametrize(
    "example", [part.strip() for line in RANGES.strip().splitlines() for part in line.split("|")]
)
def test_an_example_of_table_78(example: str) -> None:
    call, _, expected = example.rpartition(":")
    assert evaluated(call) == (expected.strip() == "true", [])
