"""Files as people, careless programs and attackers make them; all made here, none from elsewhere."""

import io
import random
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image


def pdf(pages: int = 1, *, lock: pikepdf.Encryption | None = None) -> bytes:
    """Give a plain PDF, locked if a lock is given."""
    made, file = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.save(file, deterministic_id=lock is None, encryption=lock)
    return file.getvalue()


def pdf_with(change: str) -> bytes:
    """Give a PDF that does more than show pages, in one of many ways."""
    made, file = pikepdf.new(), io.BytesIO()
    page = made.add_blank_page().obj
    name, action = pikepdf.Name, pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    match change:
        case "script on opening":
            made.Root.OpenAction = action
        case "script on a page":
            page.AA = pikepdf.Dictionary(O=action)
        case "script by name":
            tree = pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), made.make_indirect(action)]))
            made.Root.Names = pikepdf.Dictionary(JavaScript=tree)
        case "script in a chain":
            turn = pikepdf.Dictionary(
                S=name.GoTo, D=pikepdf.Array([page, name.Fit]), Next=pikepdf.Array([action])
            )
            made.Root.OpenAction = turn
        case "start a program":
            made.Root.OpenAction = pikepdf.Dictionary(S=name.Launch, F=pikepdf.String("cmd.exe"))
        case "send a form":
            made.Root.OpenAction = pikepdf.Dictionary(S=name.SubmitForm, F=pikepdf.String("http://x.example"))
        case "file inside":
            made.attachments["secret.exe"] = b"MZ"
        case "film":
            film = pikepdf.Dictionary(Type=name.Annot, Subtype=name.RichMedia, Rect=[0, 0, 9, 9])
            page.Annots = pikepdf.Array([made.make_indirect(film)])
        case "form of one maker":
            made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=made.make_stream(b"<xdp/>"))
    made.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()


def pdf_with_links() -> bytes:
    """Give a PDF that only turns to a page when opened and has a link to the web."""
    made, file = pikepdf.new(), io.BytesIO()
    page = made.add_blank_page().obj
    made.Root.OpenAction = pikepdf.Array([page, pikepdf.Name.Fit])
    link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://stord.example"))
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=link)
    page.Annots = pikepdf.Array([made.make_indirect(note)])
    made.save(file)
    return file.getvalue()


def stream_bomb(megabytes: int) -> bytes:
    """Give a small PDF whose object stream is that many megabytes of spaces once unpacked."""
    packer, packed = zlib.compressobj(1), bytearray()
    for _ in range(megabytes):
        packed += packer.compress(b" " * 1_000_000)
    packed += packer.flush()
    body = bytearray(b"%PDF-1.5\n")
    stream = len(body)
    body += b"1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    body += packed + b"\nendstream endobj\n"
    table = len(body)
    rows = b"".join(
        struct.pack(">BIB", *row) for row in ((0, 0, 255), (1, stream, 0), (2, 1, 0), (1, table, 0))
    )
    body += b"3 0 obj<</Type/XRef/Size 4/W[1 4 1]/Root 2 0 R/Length %d>>stream\n" % len(rows)
    return bytes(body + rows + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % table)


def picture(kind: str = "JPEG", size: tuple[int, int] = (120, 80), mode: str = "RGB") -> bytes:
    """Give an image of noise."""
    grains = random.Random(1).randbytes(3 * size[0] * size[1])  # noqa: S311 - no secret
    noise = Image.frombytes("RGB", size, grains)
    file = io.BytesIO()
    noise.convert(mode).save(file, kind)
    return file.getvalue()


def photo(orientation: int) -> bytes:
    """Give a JPEG, black at the left and white at the right, as a phone takes it: with place and owner."""
    scene = Image.new("RGB", (200, 100), "white")
    scene.paste("black", (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "Kari Nordmann"
    exif.get_ifd(0x8825).update({1: "N", 2: (59.0, 46.0, 49.0), 3: "E", 4: (5.0, 30.0, 1.0)})
    file = io.BytesIO()
    scene.save(file, "JPEG", exif=exif, comment=b"GPS 59.78 5.50")
    return file.getvalue()


def bomb(side: int = 50_000) -> bytes:
    """Give a PNG of a few kilobytes that says it has side × side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def archive() -> bytes:
    """Give a ZIP archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("program.exe", b"MZ")
    return file.getvalue()
