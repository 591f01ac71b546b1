"""What expressions give at the edges: one line each, ``expression => value`` (sections of DMN 1.5)."""

import pytest
from feel_runs import cell_outcome, evaluate

from dugnad.rulebook.feel import Value

CASES = r"""
# types, 10.3.2.9 and table 61
123 instance of list => null
[1] instance of list<number> => true
[1,"a"] instance of list<number> => false
[1,null] instance of list<number> => true
[] instance of list<number> => true
null instance of Null => true
null instance of Any => false
null instance of string => false
1 instance of Any => true
(function(a) a) instance of function<Any> -> Any => true
(function(a: number) a) instance of function<number> -> number => true
(function(a: number) a) instance of function<string> -> number => false
(function(a: number, b) a) instance of function<number> -> number => false
(function() 1) instance of function<> -> number => true
@"P1D" instance of days and time duration => true
@"P1D" instance of years and months duration => false
@"P1Y" instance of years and months duration => true
@"2020-01-01T00:00:00" instance of date and time => true
@"2020-01-01" instance of date => true
@"2020-01-01T00:00:00" instance of date => false
@"10:00:00" instance of time => true
[1..10] instance of range<number> => true
(> 10) instance of range<number> => true
["a".."b"] instance of range<number> => false
[1..10] instance of range => null
{a:1,b:2} instance of context<a: number> => true
{a:"x",b:2} instance of context<a: number> => false
{a:null} instance of context<a: number> => true
{} instance of context<a: number> => false
1 instance of unknown_type => null
# operators, literals, contexts and functions, 10.3.2.15
1.2e3 => 1200
1e400 > 1 => true
.5 + 0.5 => 1
"\u00e9" = "é" => true
"\U01F40E" = "🐎" => true
"a\"b" = "a\u0022b" => true
@"2012-12-25".hour => null
1 + "a" => null
"a" + null => null
"a" + "b" => "ab"
2 ** 3 ** 2 => 64
-4 ** 2 => 16
2 ** -1 => 0.5
0 ** 0 => 1
10 ** 6145 => null
2 ** 0.5 > 1.414 => true
1/0 => null
0/0 => null
null + 1 => null
-null => null
--1 => 1
1 - -1 => 2
"a" < "b" => true
true < false => null
1 < null => null
1 = "1" => null
1 = null => false
null = null => true
[1,2] = [1,2] => true
[1,2] = [2,1] => false
{a:1,b:2} = {b:2,a:1} => true
(function(a, b) a - b)(b: 1, a: 3) => 2
(function(a, b) a)(1) => null
(function(a: number) a)("x") => null
(function(a: number) a)([1]) => 1
(function(a: list<number>) a)(1) => [1]
(function(a: date and time) a)(@"2020-01-01") = @"2020-01-01T00:00:00Z" => true
if null then 1 else 2 => 2
if "x" then 1 else 2 => 2
true and null => null
false and null => false
true or null => true
false or "x" => null
not("x") => null
not(not(true)) => true
@"2020-01-31" + @"P1M" = @"2020-02-29" => true
@"2020-03-31" - @"P1M" = @"2020-02-29" => true
@"P1Y" / 2 = @"P6M" => true
@"P1D" / @"PT12H" => 2
@"P1D" * 1.5 = @"PT36H" => true
# functions, 10.3.4
string length("\n\t\\") => 3
date("2012-12-25").weekday => 2
date and time("2012-12-25T10:11:12.5Z").second => 12.5
time("10:11:12+02:00").time offset = duration("PT2H") => true
time("10:11:12").time offset => null
date and time("2012-12-25T10:11:12@Europe/Paris").timezone => "Europe/Paris"
date and time("2012-12-25T10:11:12@Europe/Paris").time offset = duration("PT1H") => true
duration("P1DT2H3M4.5S").seconds => 4.5
duration("P1DT2H").years => null
duration("P1Y2M").months => 2
duration("-P1Y2M").months => -2
duration("P1Y2M").days => null
count(null) => null
min(null) => null
sum(null) => null
append(null, 1) => null
concatenate(null, [1]) => null
list contains(null, 1) => null
list contains([1,null], null) => true
list contains([1,"a"], "b") => false
flatten(null) => null
flatten(1) => [1]
count(1) => 1
count([null]) => 1
distinct values([null,null,1]) => [null,1]
distinct values([1,1.0,"1"]) => [1,"1"]
union([1],[null]) => [1,null]
reverse(null) => null
sum([1,null]) => null
sum(["a"]) => null
min([1,null]) => null
min(1,"a") => null
max("a","b") => "b"
max(@"P1D",@"P2D") = @"P2D" => true
mean([1,"a"]) => null
all([null]) => null
all([true,null]) => null
all([]) => true
all(true,false) => false
any(null,true) => true
sort(null) => null
sort([3,1,2]) => [1,2,3]
sort([3,1,2], function(a,b) a > b) => [3,2,1]
append([1], null) => [1,null]
append(1, 2) => [1,2]
substring before("foobar","") => ""
substring after("foobar","") => "foobar"
substring after("foobar","x") => ""
contains("","") => true
contains(null,"") => null
starts with("foo", "") => true
ends with("foo", null) => null
substring("foobar", 0) => null
substring("foobar", 8) => null
substring("foobar", -8) => null
substring("foobar", 3, 0) => null
substring("foobar", 3, -1) => null
substring("foobar", 3, 3.8) => "oba"
substring("foobar", 6) => "r"
sublist([1,2,3], 4) => null
sublist([1,2,3], -1) => [3]
sublist([1,2,3], 2, 5) => null
sublist([1,2,3], 0) => null
remove([1,2,3], 4) => null
remove([1,2,3], -1) => [1,2]
insert before([1,2], -1, 9) => [1,9,2]
insert before([1,2], 0, 9) => null
insert before([1,2], 5, 9) => null
insert before(null, 1, 9) => null
index of([1,2,null,2], null) => [3]
index of(null, 2) => null
number("abc", null, null) => null
number("1e3", null, null) => 1000
number("1.000,5", ".", ",") => 1000.5
number("1 000", " ", null) => 1000
number("1", "x", null) => null
number("1", ".", ".") => null
number(null, ",", ".") => null
number(from: "1.5", grouping separator: null, decimal separator: null) => 1.5
string(1.10) => "1.10"
string(true) => "true"
string("a") => "a"
string([1,"a",null,true]) => "[1, \"a\", null, true]"
string({a: 1, b: "x"}) => "{a: 1, b: \"x\"}"
string({"a b": 1}) => "{a b: 1}"
string({"{": 1}) => "{\"{\": 1}"
string(@"P1D") => "P1D"
string(@"PT0S") => "PT0S"
string(@"P0M") => "P0M"
string(@"P13M") => "P1Y1M"
string(@"PT36H") => "P1DT12H"
string(time("10:00:00@Europe/Paris")) => "10:00:00@Europe/Paris"
string(time("10:00:00+00:00")) => "10:00:00Z"
string(10**40) => "10000000000000000000000000000000000000000"
string([1..5)) => "[1..5)"
date("2020-01-01") < date and time("2020-01-02T00:00:00") => null
date and time("2018-12-08T10:00:00Z") = date and time("2018-12-08T11:00:00+01:00") => true
time("10:00:00+01:00") < time("10:00:00Z") => true
date and time("2018-12-08T10:00:00") < date and time("2018-12-08T11:00:00Z") => true
get value({a: {b: 1}}, ["a","b"]) => 1
get value(null, "a") => null
get value({a:1}, null) => null
get entries(null) => null
get entries({}) => []
context([]) => {}
context(null) => null
context merge([]) => {}
context put(null, "a", 1) => null
years and months duration(date("2020-01-31"), date("2020-02-29")) = @"P0M" => true
years and months duration(date("2020-02-29"), date("2020-01-31")) = @"P0M" => true
years and months duration(date("2013-08-24"), date("2011-12-22")) = @"-P1Y8M" => true
date(2020, 2, 30) => null
date("2020-02-30") => null
date(date and time("2020-02-03T10:00:00")) = date("2020-02-03") => true
time(25,0,0) => null
time(10,0,0, null) = time("10:00:00") => true
duration("P1Y1D") => null
duration("P") => null
duration("") => null
round half up(2.5, 0) => 3
round half up(1.115, 2) => 1.12
decimal(1234.567, -2) => 1200
decimal(1.5, 7000) => null
ceiling(null) => null
sqrt("a") => null
log(0) => null
modulo(5, 0) => null
odd(1.5) => false
even(0) => true
abs(n: -1) => 1
floor(n: 1.5) => 1
floor(n: 1.55, scale: 1) => 1.5
median([1, null]) => null
stddev([1,"a"]) => null
mode([1,null]) => null
product([2,"a"]) => null
split("foo bar", " ") => ["foo","bar"]
split("", " ") => [""]
split(null, " ") => null
string join("a") => "a"
string join([1]) => null
upper case(null) => null
upper case("ß") => "SS"
replace("abc", "b", "$") => null
replace("abc", "x*", "y") => null
replace("abc", "(b)", "[$1$0]") => "a[bb]c"
matches("abc", "B", "i") => true
matches("a\nb", "a.b", "s") => true
matches("a\nb", "a.b") => false
matches("abc", null) => null
sum([@"P1D",@"PT1H"]) = @"P1DT1H" => true
list replace([1,2,3], 0, 9) => null
list replace([1,2,3], -1, 9) => [1,2,9]
list replace([1,2,3], function(a,b) "x", 9) => null
list replace(null, 1, 9) => null
day of year(null) => null
day of week("2020-01-01") => null
day of year(@"-2020-12-31") => 366
week of year(@"10000-01-03") => 1
concatenate([1],[2],[3]) => [1,2,3]
concatenate(1, [2]) => [1,2]
distinct values(1) => [1]
count([1,2,3][item > 1]) => 2
max([]) => null
is(1, 1.0) => true
is(null, null) => true
is([1],[1]) => true
is("a", 1) => false
# iteration, 10.3.2.14
for i in [1,2] return i => [1,2]
for i in 3..1 return i => [3,2,1]
for i in null return i => null
for i in [] return i => []
for i in "a" return i => ["a"]
for i in 1..2, j in [10,20] return i*j => [10,20,20,40]
for i in 0..4 return if i = 0 then 1 else i * partial[-1] => [1,1,2,6,24]
for i in @"2021-01-01"..@"2021-01-03" return i.day => [1,2,3]
for i in 1..3, j in i..3 return j => [1,2,3,2,3,3]
for i in [1..3] return i => [1,2,3]
some x in [] satisfies x = 1 => false
every x in [] satisfies x = 1 => true
some x in [null,1] satisfies x = 1 => true
some x in [1,2], y in [2,3] satisfies x = y => true
every x in [1,null] satisfies x > 0 => null
every x in [-1,null] satisfies x > 0 => false
some x in [-1,null] satisfies x > 0 => null
some x in 1..3 satisfies x = 2 => true
some x in null satisfies x = 1 => null
# filters and paths, 10.3.2.5
[1,2,3][0] => null
[1,2,3][4] => null
[1,2,3][-3] => 1
[1,2,3][1.5] => null
5[1] => 5
5[2] => null
5[item > 2] => [5]
5[item > 6] => []
null[1] => null
null[item = 1] => null
[1,2,3][true] => [1,2,3]
[1,2,3]["a"] => null
[1,2,3][item > 1 and item < 3] => [2]
[{item: 1},{item: 2}][item > 1] => [{item: 2}]
[{x:1,y:2},{x:null,y:3}][x < 2] => [{x:1,y:2}]
[{x:1,y:2},{x:2}].y => [2,null]
[{a:{b:1}},{a:{b:2}}].a.b => [1,2]
[].a => []
null.a => null
{a:1}.b => null
{a:1}.b = null => true
{a: 1, b: a + 1}.b => 2
{"a b": 1, c: a b + 1}.c => 2
{a: {b: 1}, c: a.b + 1}.c => 2
{foo+bar: 1, c: foo+bar}.c => 1
{f: function(x) x + 1, r: f(2)}.r => 3
{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(5)}.r => 120
[1..3].start => 1
[1,2,3][item = 2] = [2] => true
{a: [1,2,3]}.a[2] => 2
[[1,2],[3]][2][1] => 3
{b: 1}.b + {c: 2}.c => 3
[1,2,3] [ 2 ] => 2
# membership, table 55
1 between null and 2 => null
5 between null and 2 => false
1 in [2,3] => false
1 in ([1..3], 5) => true
1 in (<5) => true
1 in <5 => true
1 in >= 5 => false
"a" in "a" => true
[1] in [[1]] => true
null in null => true
1 in [] => false
1 in null => false
null in [1,null] => true
null in [1..2] => null
5 in (null..2] => false
1 in (null..2] => null
1 in ["a"] => false
1 in [1..3] => true
1 in !=2 => true
1 in (2,3,1) => true
1 in [[0..3],[10..11]] => true
# ranges, 10.3.2.7
string((= 5)) => "(= 5)"
string((!= 5)) => "(!= 5)"
string((<= 5)) => "(<= 5)"
string([null..5]) => "[null..5]"
3 in (!= 5) => true
(!= 5) = (!= 5) => true
(= 5) = [5..5] => false
range("[1..3]") = [1..3] => true
range("[\"a\"..\"c\"]") = ["a".."c"] => true
range("[@\"2020-01-01\"..@\"2020-01-02\"]") = [@"2020-01-01"..@"2020-01-02"] => true
range("[date(\"2020-01-01\")..date(\"2020-01-02\"))").end = @"2020-01-02" => true
range("[3..1]") => null
range("[1..\"a\"]") => null
range(null) => null
[5..1] => null
[1.."a"] => null
(<10).end => 10
(<10).start => null
(>=10).start included => true
before(null, 1) => null
before(1, "a") => null
includes([1..10], null) => null
overlaps([1..2], null) => null
includes([@"2020-01-01"..@"2020-12-31"], @"2020-05-05") => true
"""


def same(left: Value, right: Value) -> bool:
    """Compare exactly: as data, kind by kind, numbers by value."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return type(left) is type(right) and bool(left == right)


@pytest.mark.parametrize("line", [line for line in CASES.strip().splitlines() if not line.startswith("#")])
def test_it_gives(line: str) -> None:
    text, _, wanted = line.rpartition(" => ")
    assert same(evaluate(text), evaluate(wanted)), evaluate(text)


def test_a_function_of_another_expression_stays_as_it_is_in_a_context() -> None:
    """Section 10.3.2.13.2: a function sees the names of where it was written, not of where it is put."""
    function = evaluate("{y: 7, z: 8, f: function(x) [x, y, z]}.f")
    assert evaluate("{g: f, r: g(4)}.r", {"f": function}) == [4, 7, 8]
    assert evaluate("{a: 1, b: 2, c: 3, d: 4, e: 5, g: f, r: g(4)}.r", {"f": function}) == [4, 7, 8]


@pytest.mark.parametrize("cell", ['"a" in ?', 'not("c" in ?)', "2 in [count(?)..3]"])
def test_a_cell_may_look_in_its_input(cell: str) -> None:
    """Table 55: the input of a cell can stand on either side of ``in``."""
    assert cell_outcome(cell, ["a", "b"]) is True
