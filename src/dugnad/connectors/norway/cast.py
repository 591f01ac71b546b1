"""The named test persons: who they are and what each is there to show.

Every role has a stable key. The persons come first in every population, so that their identity numbers are
the same whatever the size and the seed (they follow the year of the population's date).
"""

from dataclasses import dataclass

Born = tuple[int, int, int]  # years before the population's year, month, day

STORD, BERGEN, FITJAR, KARASJOK = "4614", "4601", "4615", "5610"
STATSFORVALTEREN_VESTLAND = "statsforvalteren-vestland"


@dataclass(frozen=True, slots=True)
class Place:
    """A kindergarten place: where, which of the municipality's kindergartens, hours a week."""

    municipality: str
    kindergarten: int = 0
    hours: int = 45


@dataclass(frozen=True, slots=True)
class Adult:
    """A grown-up of the cast. `income` is (personal income, capital income) of the last two assessed years."""

    key: str
    name: str
    sex: str
    born: Born
    about: tuple[str, str, str] | None = None  # nb, nn, en: only those offered at login
    income: tuple[int, int] | None = (480_000, 1_000)
    civil: str = "ugift"
    contact: str = "good"
    language: str = "nn"
    roles: tuple[tuple[str, str], ...] = ()

    @property
    def given(self) -> str:
        """The first name."""
        return self.name.split(" ", 1)[0]

    @property
    def family(self) -> str:
        """The family name."""
        return self.name.split(" ", 1)[1]


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the cast. `parents` are keys of adults; `shared` is the key of one who is a second home."""

    key: str
    given: str
    sex: str
    born: Born
    parents: tuple[str, ...]
    place: Place | None = None
    shared: str | None = None
    alone: str | None = None  # the one parent with parental responsibility, where not both have it


@dataclass(frozen=True, slots=True)
class House:
    """Who lives at one address."""

    municipality: str
    adults: tuple[Adult, ...]
    children: tuple[Child, ...] = ()
    protection: str = "ugradert"


def _staff(
    key: str, name: str, sex: str, home: str, role: tuple[str, str], about: tuple[str, str, str]
) -> House:
    language = "nn" if home == STORD else "nb"
    return House(home, (Adult(key, name, sex, (41, 5, 20), about=about, roles=(role,), language=language),))


FAMILIES: tuple[House, ...] = (
    House(
        STORD,
        (
            Adult("mor i Stord", "Ingrid Sunde", "kvinne", (33, 3, 14), income=(148_500, 1_100), civil="gift", about=(
                "Mor i Stord med to barn i barnehage. Husholdningens inntekt er så lav at seksprosentsregelen gjelder.",
                "Mor i Stord med to barn i barnehage. Inntekta i hushaldet er så låg at seksprosentregelen gjeld.",
                "Mother in Stord with two children in kindergarten and an income low enough for the six per cent rule.")),
            Adult("far i Stord", "Lars Sunde", "mann", (35, 9, 2), income=(52_000, 400), civil="gift", about=(
                "Gift med moren i Stord.", "Gift med mora i Stord.", "Married to the mother in Stord.")),
        ),
        (
            Child("datter i Stord", "Nora", "kvinne", (4, 5, 6), ("mor i Stord", "far i Stord"), Place(STORD)),
            Child("sønn i Stord", "Odin", "mann", (1, 2, 11), ("mor i Stord", "far i Stord"), Place(STORD)),
        ),
    ),
    House(
        STORD,
        (
            Adult("nabo i Stord", "Hilde Eide", "kvinne", (38, 11, 23), income=(612_000, 3_000), civil="gift", about=(
                "Nabo i Stord som har fått varig lavere inntekt i år.",
                "Nabo i Stord som har fått varig lågare inntekt i år.",
                "Neighbour in Stord whose income has fallen lastingly this year.")),
            Adult("ektefelle til nabo i Stord", "Morten Eide", "mann", (40, 1, 9), income=(488_000, 2_000), civil="gift"),
        ),
        (Child("barn av nabo i Stord", "Tobias", "mann", (3, 7, 1), ("nabo i Stord", "ektefelle til nabo i Stord"), Place(STORD, 1)),),
    ),
    House(
        STORD,
        (Adult("mor med delt bosted", "Marianne Berge", "kvinne", (34, 6, 17), income=(402_000, 0), civil="skilt", about=(
            "Mor med delt bosted; barnet har folkeregistrert adresse hos henne.",
            "Mor med delt bustad; barnet har folkeregistrert adresse hos henne.",
            "Mother with shared residence; the child is registered at her address.")),),
        (Child("barn med delt bosted", "Emil", "mann", (3, 4, 30), ("mor med delt bosted", "far med delt bosted"), Place(STORD), shared="far med delt bosted"),),
    ),
    House(
        STORD,
        (Adult("far med delt bosted", "Øyvind Haugland", "mann", (36, 8, 5), income=(455_000, 0), civil="skilt", about=(
            "Far med delt bosted; barnet har folkeregistrert adresse hos moren.",
            "Far med delt bustad; barnet har folkeregistrert adresse hos mora.",
            "Father with shared residence; the child is registered with the mother.")),),
    ),
    House(
        STORD,
        (Adult("verge", "Astrid Vatne", "kvinne", (58, 2, 3), about=(
            "Verge for en slektning i Stord.", "Verje for ein slektning i Stord.", "Guardian of a relative in Stord.")),),
    ),
    House(STORD, (Adult("person med verge", "Kåre Vatne", "mann", (81, 10, 12), income=(298_000, 4_000), contact="none", about=(
        "Person som har verge.", "Person som har verje.", "Person who has a guardian.")),)),
    House(
        STORD,
        (Adult("fortrolig adresse", "Tonje Dahl", "kvinne", (31, 12, 1), income=(286_000, 0), about=(
            "Mor med fortrolig adresse (kode 7).", "Mor med fortruleg adresse (kode 7).", "Mother whose address is confidential (code 7).")),),
        (Child("barn med fortrolig adresse", "Alma", "kvinne", (3, 1, 19), ("fortrolig adresse",), Place(STORD)),),
        protection="fortrolig",
    ),
    House(
        STORD,
        (Adult("strengt fortrolig adresse", "Renate Lund", "kvinne", (29, 4, 8), income=(251_000, 0), about=(
            "Mor med strengt fortrolig adresse (kode 6).", "Mor med strengt fortruleg adresse (kode 6).", "Mother whose address is strictly confidential (code 6).")),),
        (Child("barn med strengt fortrolig adresse", "Leon", "mann", (2, 6, 25), ("strengt fortrolig adresse",), Place(STORD)),),
        protection="strengtFortrolig",
    ),
    House(
        STORD,
        (Adult("uten skattefastsetting", "Silje Økland", "kvinne", (24, 3, 27), income=None, about=(
            "Mor uten skattefastsetting de siste årene.", "Mor utan skattefastsetjing dei siste åra.", "Mother without any recent tax assessment.")),),
        (Child("barn uten skattefastsetting", "Trym", "mann", (2, 9, 13), ("uten skattefastsetting",), Place(STORD)),),
    ),
    House(
        STORD,
        (Adult("reservert i KRR", "Frode Helland", "mann", (39, 5, 29), income=(231_000, 0), contact="reserved", about=(
            "Far som har reservert seg mot digital kommunikasjon.", "Far som har reservert seg mot digital kommunikasjon.", "Father who has reserved himself against digital communication.")),),
        (Child("barn av reservert", "Live", "kvinne", (5, 1, 3), ("reservert i KRR",), Place(STORD)),),
    ),
    House(
        STORD,
        (
            Adult("stefamilie", "Guro Birkeland", "kvinne", (37, 7, 7), income=(205_000, 0), civil="gift", about=(
                "Mor i stefamilie: ett barn fra før, ett stebarn og ett felles barn i barnehage.",
                "Mor i stefamilie: eitt barn frå før, eitt stebarn og eitt felles barn i barnehage.",
                "Mother in a step family: a child of her own, a step-child and a joint child in kindergarten.")),
            Adult("stefar", "Stian Næss", "mann", (38, 3, 31), income=(148_000, 0), civil="gift"),
        ),
        (
            Child("særkullsbarn", "Ada", "kvinne", (5, 2, 14), ("stefamilie", "tidligere partner"), Place(STORD), alone="stefamilie"),
            Child("stebarn", "Birk", "mann", (4, 8, 20), ("stefar",), Place(STORD)),
            Child("felles barn i stefamilie", "Runa", "kvinne", (2, 3, 9), ("stefamilie", "stefar"), Place(STORD)),
        ),
    ),
    House(STORD, (Adult("tidligere partner", "Roger Tysnes", "mann", (38, 6, 6), income=(530_000, 0)),)),
    House(STORD, (Adult("uten barn", "Marte Strand", "kvinne", (27, 8, 16), about=(
        "Person uten barn.", "Person utan barn.", "Person without children.")),)),
    House(
        STORD,
        (Adult("grense i Stord", "Kristin Digernes", "kvinne", (32, 10, 10), income=(360_000, 6_667), about=(
            "Forelder med inntekt 366 667 kr: nøyaktig der full pris begynte i Stord i 2024.",
            "Forelder med inntekt 366 667 kr: nøyaktig der full pris tok til i Stord i 2024.",
            "Parent with an income of NOK 366,667: exactly where full price began in Stord in 2024.")),),
        (Child("barn på grensen", "Sander", "mann", (3, 3, 3), ("grense i Stord",), Place(STORD)),),
    ),
    House(
        STORD,
        (Adult("like under gratis kjernetid", "Ida Solheim", "kvinne", (34, 1, 22), income=(640_000, 2_699), about=(
            "Forelder med inntekt 642 699 kr: én krone under grensen for gratis kjernetid fra august 2024.",
            "Forelder med inntekt 642 699 kr: éi krone under grensa for gratis kjernetid frå august 2024.",
            "Parent with an income of NOK 642,699: one krone below the limit for free core hours of August 2024.")),),
        (Child("barn med gratis kjernetid", "Hedda", "kvinne", (3, 5, 17), ("like under gratis kjernetid",), Place(STORD)),),
    ),
    House(
        STORD,
        (
            Adult("samboer uten felles barn", "Heidi Moe", "kvinne", (35, 2, 2), income=(262_000, 0), about=(
                "Mor som bor med en samboer hun ikke har barn med; det vet ikke registeret.",
                "Mor som bur med ein sambuar ho ikkje har barn med; det veit ikkje registeret.",
                "Mother living with a partner who is no parent of her child, which no register knows.")),
            Adult("samboeren", "Vidar Aasen", "mann", (36, 11, 11), income=(540_000, 0)),
        ),
        (Child("barn av samboer", "Iver", "mann", (4, 10, 4), ("samboer uten felles barn",), Place(STORD)),),
    ),
    House(
        STORD,
        (
            Adult("tre barn i barnehage", "Camilla Myhre", "kvinne", (36, 4, 18), income=(310_000, 0), about=(
                "Samboere med tre felles barn i to barnehager i Stord.", "Sambuarar med tre felles barn i to barnehagar i Stord.", "Cohabitants with three joint children in two kindergartens in Stord.")),
            Adult("far til tre", "Eirik Rønning", "mann", (37, 12, 24), income=(298_000, 900)),
        ),
        (
            Child("eldste av tre", "Sigurd", "mann", (5, 5, 5), ("tre barn i barnehage", "far til tre"), Place(STORD, 1)),
            Child("midterste av tre", "Selma", "kvinne", (3, 6, 15), ("tre barn i barnehage", "far til tre"), Place(STORD, 0)),
            Child("yngste av tre", "Ulrik", "mann", (1, 1, 28), ("tre barn i barnehage", "far til tre"), Place(STORD, 0)),
        ),
    ),
    House(
        STORD,
        (Adult("søsken i to kommuner", "Line Bakken", "kvinne", (33, 9, 9), income=(199_000, 0), contact="stale", about=(
            "Mor med ett barn i barnehage i Stord (deltid) og ett i Fitjar. Kontaktinformasjonen er utdatert.",
            "Mor med eitt barn i barnehage i Stord (deltid) og eitt i Fitjar. Kontaktinformasjonen er utdatert.",
            "Mother with one child in kindergarten in Stord (part time) and one in Fitjar. Her contact data are out of date.")),),
        (
            Child("barn i Stord, deltid", "Aksel", "mann", (4, 2, 27), ("søsken i to kommuner",), Place(STORD, 0, 24)),
            Child("barn i Fitjar", "Jenny", "kvinne", (2, 8, 31), ("søsken i to kommuner",), Place(FITJAR)),
        ),
    ),
    House(
        STORD,
        (
            Adult("fosterforelder", "Solfrid Hagen", "kvinne", (47, 6, 1), income=(182_000, 0), civil="gift", about=(
                "Fostermor; folkeregisteret vet ikke at hun er det.", "Fostermor; folkeregisteret veit ikkje at ho er det.", "Foster mother, which the population register does not know.")),
            Adult("fosterfar", "Hallvard Hagen", "mann", (48, 1, 15), income=(160_000, 0), civil="gift"),
        ),
        (Child("fosterbarn", "Noah", "mann", (4, 11, 30), ("mor til fosterbarn",), Place(STORD)),),
    ),
    House(STORD, (Adult("mor til fosterbarn", "Janne Lie", "kvinne", (28, 5, 12), income=(90_000, 0), contact="none"),)),
    House(
        STORD,
        (Adult("engelskspråklig far", "Tomasz Nowak", "mann", (33, 7, 19), income=(214_000, 0), language="en", about=(
            "Far som har valgt engelsk.", "Far som har valt engelsk.", "Father who has chosen English.")),),
        (Child("barn av engelskspråklig far", "Ewa", "kvinne", (3, 2, 5), ("engelskspråklig far",), Place(STORD)),),
    ),
    House(
        BERGEN,
        (Adult("mor i Bergen", "Nina Halvorsen", "kvinne", (32, 8, 27), income=(203_000, 0), language="nb", about=(
            "Mor i Bergen med ett barn i barnehage.", "Mor i Bergen med eitt barn i barnehage.", "Mother in Bergen with one child in kindergarten.")),),
        (Child("barn i Bergen", "Ella", "kvinne", (3, 9, 14), ("mor i Bergen",), Place(BERGEN)),),
    ),
    House(
        KARASJOK,
        (Adult("mor i Karasjok", "Máret Utsi", "kvinne", (30, 6, 23), income=(217_000, 0), language="se", about=(
            "Mor i Karasjok som har valgt nordsamisk.", "Mor i Karasjok som har valt nordsamisk.", "Mother in Karasjok who has chosen Northern Sámi.")),),
        (Child("barn i Karasjok", "Áilo", "mann", (2, 4, 2), ("mor i Karasjok",), Place(KARASJOK)),),
    ),
)  # fmt: skip

STAFF: tuple[House, ...] = (
    _staff("saksbehandler i Stord", "Elin Haugen", "kvinne", STORD, (STORD, "case_worker"), (
        "Saksbehandler i Stord kommune.", "Saksbehandlar i Stord kommune.", "Case worker in Stord.")),
    _staff("godkjenner i Stord", "Trond Solberg", "mann", STORD, (STORD, "approver"), (
        "Godkjenner vedtak i Stord kommune.", "Godkjenner vedtak i Stord kommune.", "Approves decisions in Stord.")),
    _staff("administrator i Stord", "Vibeke Iversen", "kvinne", STORD, (STORD, "administrator"), (
        "Administrator i Stord kommune.", "Administrator i Stord kommune.", "Administrator in Stord.")),
    _staff("revisor i Stord", "Dag Martinsen", "mann", STORD, (STORD, "auditor"), (
        "Revisor i Stord kommune.", "Revisor i Stord kommune.", "Auditor in Stord.")),
    _staff("saksbehandler i Bergen", "Anita Myhre", "kvinne", BERGEN, (BERGEN, "case_worker"), (
        "Saksbehandler i Bergen kommune.", "Saksbehandlar i Bergen kommune.", "Case worker in Bergen.")),
    _staff("godkjenner i Bergen", "Ståle Knutsen", "mann", BERGEN, (BERGEN, "approver"), (
        "Godkjenner vedtak i Bergen kommune.", "Godkjenner vedtak i Bergen kommune.", "Approves decisions in Bergen.")),
    _staff("klagebehandler i Vestland", "Siv Aasen", "kvinne", BERGEN, (STATSFORVALTEREN_VESTLAND, "case_worker"), (
        "Behandler klager hos Statsforvalteren i Vestland.", "Behandlar klager hos Statsforvaltaren i Vestland.", "Handles appeals at the County Governor of Vestland.")),
)  # fmt: skip

GUARDIANS = (("person med verge", "verge", "personligeOgOekonomiskeInteresser"),)
HOUSES = FAMILIES + STAFF
