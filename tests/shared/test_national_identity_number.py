"""Who may be let in by number: fødselsnummer and D-nummer, by today's rule and the rule of 2032."""

from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dugnad.shared.national_identity_number import (
    REAL_ONLY,
    InvalidNationalIdentityNumberError,
    Kind,
    Refusal,
    Rule,
    Series,
    is_valid,
    numbers_for,
    parse,
    rule_on,
)

sexes = st.sampled_from(["kvinne", "mann"])
births = st.dates(date(1900, 1, 1), date(2039, 12, 31))
DIGDIR_TEST_PERSON = "24079412372"  # published by Digdir as a test person of KRR
SKATTEETATEN_EXAMPLE = (
    "26832648492"  # synthetic (Tenor), published in a public project that shows Folkeregisteret's answers
)


def reason(text: str, rule: Rule = Rule.FROM_1964, accept: frozenset[Series] = frozenset(Series)) -> Refusal:
    with pytest.raises(InvalidNationalIdentityNumberError) as refused:
        parse(text, rule=rule, accept=accept)
    return refused.value.reason


@pytest.mark.parametrize("published", [DIGDIR_TEST_PERSON, "27129324169", "11089499889", "01048800153"])
def test_published_test_persons_are_accepted(published: str) -> None:
    number = parse(published)
    assert (number.kind, number.series, number.synthetic) == (Kind.BIRTH_NUMBER, Series.REAL, False)


def test_skatteetatens_synthetic_number_has_month_plus_eighty() -> None:
    number = parse(SKATTEETATEN_EXAMPLE)
    assert number.series is Series.SKATTEETATEN_SYNTHETIC
    assert number.synthetic


def test_navs_validator_example_has_month_plus_forty() -> None:
    assert parse("13527248013").series is Series.NAV_SYNTHETIC


def test_production_can_refuse_synthetic_numbers() -> None:
    assert reason(SKATTEETATEN_EXAMPLE, accept=REAL_ONLY) is Refusal.SERIES_NOT_ACCEPTED


def test_people_may_type_a_space() -> None:
    assert str(parse(" 240794 12372 ")) == DIGDIR_TEST_PERSON


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Refusal.EMPTY),
        ("   ", Refusal.EMPTY),
        ("2407941237", Refusal.WRONG_LENGTH),
        ("240794123720", Refusal.WRONG_LENGTH),
        ("24079412A72", Refusal.NOT_DIGITS),
        ("٢٤٠٧٩٤١٢٣٧٢", Refusal.NOT_DIGITS),
        ("32079412372", Refusal.NO_SUCH_DATE),
        ("24139412372", Refusal.NO_SUCH_DATE),
        ("29029512372", Refusal.NO_SUCH_DATE),
        ("00000000000", Refusal.NO_SUCH_DATE),
        ("24079412373", Refusal.WRONG_CONTROL_DIGITS),
        ("24079412382", Refusal.WRONG_CONTROL_DIGITS),
    ],
)
def test_each_mistake_has_its_own_reason(text: str, expected: Refusal) -> None:
    assert reason(text) is expected


def test_the_number_does_not_show_in_a_log() -> None:
    assert DIGDIR_TEST_PERSON not in repr(parse(DIGDIR_TEST_PERSON))
    assert DIGDIR_TEST_PERSON not in f"{[parse(DIGDIR_TEST_PERSON)]}"


def test_the_new_rule_is_in_force_from_2032() -> None:
    assert rule_on(date(2031, 12, 31)) is Rule.FROM_1964
    assert rule_on(date(2032, 1, 1)) is Rule.FROM_2032


def with_remainder(number: int, remainder: int) -> str | None:
    """Change a valid number so that its first control digit leaves `remainder`, with the second one right."""
    nine, first = f"{number:011d}"[:9], int(f"{number:011d}"[9]) + remainder
    if first > 9:
        return None
    ten = f"{nine}{first}"
    weighted = sum(int(d) * w for d, w in zip(ten, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True))
    second = -weighted % 11
    return None if second > 9 else f"{ten}{second}"


@given(births, sexes, st.integers(1, 10))
def test_remainders_one_to_three_belong_to_the_rule_of_2032_alone(
    born: date, sex: str, remainder: int
) -> None:
    for number in islice(numbers_for(born, female=sex == "kvinne"), 20):
        changed = with_remainder(number, remainder)
        if changed is not None:
            assert not is_valid(changed, rule=Rule.FROM_1964)
            assert is_valid(changed, rule=Rule.FROM_2032) is (remainder <= 3)


@given(births, sexes, st.sampled_from(Kind), st.sampled_from(Series))
def test_generated_numbers_are_valid_under_both_rules(
    born: date,
    sex: str,
    kind: Kind,
    series: Series,
) -> None:
    for number in islice(
        numbers_for(born, female=sex == "kvinne", series=series, d_number=kind is Kind.D_NUMBER), 10
    ):
        text = f"{number:011d}"
        parsed = parse(text)
        assert parsed.series is series
        assert parsed.kind is kind
        assert is_valid(text, rule=Rule.FROM_2032)


@given(births, sexes)
def test_a_date_has_numbers_enough_and_none_twice(born: date, sex: str) -> None:
    numbers = list(numbers_for(born, female=sex == "kvinne"))
    assert len(numbers) == len(set(numbers))
    assert len(numbers) >= 190


@given(births, sexes, st.integers(0, 10), st.integers(1, 9))
def test_one_mistyped_digit_is_always_found(born: date, sex: str, place: int, wrong_by: int) -> None:
    text = f"{next(numbers_for(born, female=sex == 'kvinne')):011d}"
    digit = (int(text[place]) + wrong_by) % 10
    assert not is_valid(text[:place] + str(digit) + text[place + 1 :])


@given(st.text(max_size=14))
def test_any_text_is_accepted_or_refused_with_a_reason(text: str) -> None:
    if is_valid(text):
        assert len(parse(text).digits) == 11
    else:
        assert reason(text) in Refusal


def test_years_without_a_series_are_refused() -> None:
    with pytest.raises(ValueError, match="year of birth"):
        next(numbers_for(date(2040, 1, 1), female=True))


def test_a_leap_day_needs_a_leap_year() -> None:
    leap = f"{next(numbers_for(date(2000, 2, 29), female=True)):011d}"
    assert is_valid(leap)
    assert not is_valid(leap[:4] + "01" + leap[6:])


def test_neighbouring_days_never_share_a_number() -> None:
    seen: set[int] = set()
    for day in range(40):
        numbers = set(numbers_for(date(2024, 2, 1) + timedelta(day), female=False))
        assert not seen & numbers
        seen |= numbers
