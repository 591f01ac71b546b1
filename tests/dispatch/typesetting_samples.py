"""Letters as a municipality sends them, for the tests, the benchmark and the eye."""

from dugnad.dispatch.types import (
    Box,
    Branding,
    Bullets,
    Fact,
    Facts,
    Heading,
    LetterContent,
    Paragraph,
    Recipient,
    Signatory,
    Signature,
    Step,
    Steps,
    Strong,
    Table,
    marked,
)

STORD = Branding(
    name="Stord kommune",
    colour="#1e5f74",
    orgnr="939 866 914",
    address=("Postboks 304", "5402 Stord"),
    phone="53 49 66 00",
    email="post@stord.kommune.example",
    website="stord.kommune.example",
)
OSLO = Branding(name="Oslo kommune", colour="#2a2859", orgnr="958 935 420", email="post@oslo.kommune.example")

APPEAL = Box(
    "Du kan klage",
    (
        marked("Du kan klage på vedtaket innan **{days}** frå du fekk melding om det.", days="tre veker"),
        (
            "Skriv kva du meiner er feil, og send klaga til oss på Min side eller i brev. "
            "Vi ser på saka på nytt. Held vi fast ved vedtaket, sender vi klaga til "
            "Statsforvaltaren, som avgjer ho."
        ),
        "Du har rett til å sjå dokumenta i saka (forvaltningslova §§ 18 og 19). Treng du hjelp, ta kontakt.",
    ),
)

DECISION = LetterContent(
    language="nn",
    sender=STORD,
    recipient=Recipient("Ingebjørg Čáhppe-Ødegård", ("Leirvikvegen 14 B", "5411 Stord")),
    case_number="2026/1234-3",
    date="21. november 2026",
    title="Vedtak om redusert foreldrebetaling i barnehage",
    blocks=(
        Paragraph(
            marked(
                "Du skal betale **{amount} kroner i månaden** for barnehageplassane til barna dine "
                "frå {start} til {end}.",
                amount="2 749",
                start="1. desember 2026",
                end="31. juli 2027",
            )
        ),
        Table(
            ("Barn", "Barnehage", "Før", "No"),
            (
                ("Åse Ødegård", "Leirvik barnehage", "2 000 kr", "1 617 kr"),
                ("Øystein Ødegård", "Sagvåg barnehage", "1 400 kr", "1 132 kr"),
                ("Til saman", "", "3 400 kr", "2 749 kr"),
            ),
            ("left", "left", "right", "right"),
            caption="Det du skal betale i månaden",
        ),
        Heading("Slik kom vi fram til beløpet"),
        Steps(
            (
                Step(
                    "Seks prosent av inntekta",
                    "Ingen skal betale meir enn seks prosent av inntekta til hushaldet.",
                    "296 450 kr × 6 % / 11",
                    "1 617 kr",
                    "forskrift om foreldrebetaling i barnehagar § 3 b",
                ),
                Step(
                    "Søskenrabatt",
                    "Barn nummer to får 30 prosent rabatt.",
                    "1 617 kr × (1 − 30 %)",
                    "1 132 kr",
                    "forskrift om foreldrebetaling i barnehagar § 3 a",
                ),
            )
        ),
        Heading("Opplysningane vi har brukt"),
        Facts(
            (
                Fact("Inntekta til hushaldet", "296 450 kr", "Skatteetaten, fastsett for 2025"),
                Fact("Kven som bur saman", "1 vaksen, 2 barn", "Folkeregisteret, 21. november 2026"),
                Fact("Barnehageplassar", "2 heildagsplassar", "Barnehageregisteret i Stord"),
            )
        ),
        Paragraph("Er noko av dette feil, må du seie frå. Då ser vi på saka på nytt."),
        APPEAL,
        Signature(),
    ),
)

APPEAL_RECEIVED = LetterContent(
    language="nb",
    sender=OSLO,
    recipient=Recipient("Per Hansen"),
    case_number="2026/98-1",
    date="3. desember 2026",
    title="Vi har mottatt klagen din",
    blocks=(
        Paragraph("Vi mottok 2. desember 2026 klagen din på vedtaket om redusert foreldrebetaling."),
        Paragraph(
            (Strong("Du får svar innen 2. januar 2027."), " Trenger vi flere opplysninger, tar vi kontakt.")
        ),
        Heading("Hva skjer nå?"),
        Paragraph(
            "En annen saksbehandler enn den som fattet vedtaket, går gjennom saken. Får du ikke medhold, "
            "sender vi klagen til Statsforvalteren, og du får kopi av det vi skriver."
        ),
        Signature((Signatory("Kari Nordmann", "saksbehandler"), Signatory("Ola Berg", "seksjonsleder"))),
    ),
    handlers=("Kari Nordmann",),
)

REQUEST = LetterContent(
    language="en",
    sender=STORD,
    recipient=Recipient("Maria Kowalska", ("Sagvågvegen 2", "5408 Sagvåg")),
    case_number="2026/1301-2",
    date="24 November 2026",
    title="We need more information from you",
    blocks=(
        Paragraph(
            "You have told us that your income has fallen for good. We need to see how before we can decide."
        ),
        Paragraph(marked("Send us this by **{day}**:", day="8 December 2026")),
        Bullets(
            ("pay slips for the last three months", "a letter from your employer, if your hours have changed")
        ),
        Paragraph("Upload the documents on Min side. If you do not send them, we decide on what we know."),
        Signature((Signatory("Kari Nordmann", "case worker"),)),
    ),
    handlers=("Kari Nordmann",),
)

RECEIPT = LetterContent(
    language="nb",
    sender=OSLO,
    recipient=Recipient("Per Hansen"),
    case_number="2026/98",
    date="21. november 2026 kl. 14.03",
    title="Kvittering: Søknad om redusert foreldrebetaling",
    blocks=(
        Paragraph("Vi har mottatt søknaden din. Den har saksnummer 2026/98."),
        Facts((Fact("Varig nedgang i inntekt", "Ja", "Deg"), Fact("Vedlegg", "lønnsslipp.pdf", "Deg"))),
        Paragraph("Du får svar innen 21. desember 2026."),
        Signature(),
    ),
)

ALL = {"decision": DECISION, "appeal": APPEAL_RECEIVED, "request": REQUEST, "receipt": RECEIPT}
