"""Mails made for the tests: in every form that people forward them, and made to hurt a parser."""
# ruff: noqa: E501 - bytes as they are

import base64
import binascii
import io
import quopri
from email.message import EmailMessage

LINK = "http://pakket-betalen.example/nl"
HOST = "pakket-betalen.example"


def suspicious(body: str = f"Betaal hier: {LINK}", kind: str = "plain") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "PostNL <info@pakket.example>"
    mail["To"] = "jan@burger.example"
    mail["Subject"] = "Uw pakket wacht"
    mail.set_content(body, subtype=kind)
    return mail


def forward(**parts) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Jan de Burger <jan@burger.example>"
    mail["To"] = "verdacht@centre.example"
    mail["Subject"] = "Fwd: Uw pakket wacht"
    mail.set_content(parts.get("text", "Is dit echt?"))
    return mail


def with_file(content: bytes, main: str, sub: str, name: str) -> bytes:
    mail = forward()
    mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def attached() -> bytes:
    mail = forward()
    mail.add_attachment(suspicious())
    return mail.as_bytes()


def qr_image() -> bytes:
    import zxingcpp
    from PIL import Image

    code = zxingcpp.create_barcode(LINK, zxingcpp.BarcodeFormat.QRCode)
    image = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=4))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def qr_jpeg() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(qr_image())).convert("RGB").save(out, "JPEG", quality=60)
    return out.getvalue()


def scanned() -> bytes:
    """A PDF that holds nothing but a picture."""
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(qr_image())).convert("RGB").save(out, "PDF")
    return out.getvalue()


def uuencoded(content: bytes) -> bytes:
    lines = [binascii.b2a_uu(content[start : start + 45]) for start in range(0, len(content), 45)]
    return b"begin 644 a.txt\r\n" + b"".join(lines).replace(b"\n", b"\r\n") + b"`\r\nend\r\n"


def pdf() -> bytes:
    from pypdf import PdfWriter
    from pypdf.annotations import Link

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_annotation(0, Link(rect=(10, 10, 90, 90), url=LINK))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def winmail() -> bytes:
    """The least of a TNEF stream: its signature, a key and one attribute, the plain body."""
    body = f"Betaal hier: {LINK}\0".encode()
    attribute = b"\x01" + (0x0002800C).to_bytes(4, "little") + len(body).to_bytes(4, "little") + body
    return b"\x78\x9f\x3e\x22" + b"\x01\x00" + attribute + (sum(body) % 65_536).to_bytes(2, "little")


FORWARDED = {
    "inline text": forward(text=f"> From: PostNL <info@pakket.example>\n> Betaal hier: {LINK}\n").as_bytes(),
    "a link of HTML": suspicious(f'<p><a href="{LINK}">www.postnl.example</a></p>', "html").as_bytes(),
    "as an attached message": attached(),
    "as an .eml in base64": with_file(suspicious().as_bytes(), "application", "octet-stream", "verdacht.eml"),
    "a message without a name that says so": with_file(suspicious().as_bytes(), "application", "octet-stream", "ATT1"),
    "a code in an image": with_file(qr_image(), "image", "png", "scan.png"),
    "a code in a JPEG": with_file(qr_jpeg(), "image", "jpeg", "scan.jpg"),
    "a code in a file that says it is no image": with_file(qr_image(), "application", "octet-stream", "scan"),
    "a code in an image within the page": suspicious(
        f'<img src="data:image/png;base64,{base64.b64encode(qr_image()).decode()}">', "html"
    ).as_bytes(),
    "a code in a PDF": with_file(scanned(), "application", "pdf", "scan.pdf"),
    "a file in uuencode": b"From: a@b.example\r\nTo: jan@burger.example\r\n\r\nZie de bijlage.\r\n\r\n"
    + uuencoded(f"Betaal hier: {LINK}\n".encode()),
    "a link in a PDF": with_file(pdf(), "application", "pdf", "factuur.pdf"),
    "winmail.dat": with_file(winmail(), "application", "ms-tnef", "winmail.dat"),
    "an attached page": with_file(f'<form action="{LINK}"><input type=password></form>'.encode(), "text", "html", "a.html"),
    "quoted-printable with soft line ends": b"From: a@b.example\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    + quopri.encodestring(("x" * 60 + f" {LINK} ").encode()),
    "a script that goes there": suspicious(f'<script>location="{LINK.replace("/", chr(92) + "/")}"</script>', "html").as_bytes(),
    "a page that refreshes": suspicious(f'<meta http-equiv="refresh" content="0; url={LINK}">', "html").as_bytes(),
    "a base and a relative link": suspicious('<base href="http://pakket-betalen.example/"><a href="nl">x</a>', "html").as_bytes(),
    "defanged with words": forward(text="pakket-betalen[dot]example/nl").as_bytes(),
    "defanged with round brackets": forward(text="hxxp[://]pakket-betalen(.)example/nl").as_bytes(),
    "with what nobody sees in its scheme": forward(text="htt\u200bp://pakket-betalen.example/nl").as_bytes(),
    "with what nobody sees in its host": forward(text="http://pakket-\u200bbetalen.exam\u00adple/nl").as_bytes(),
    "defanged": forward(text="hxxp://pakket-betalen[.]example/nl").as_bytes(),
    "without a scheme": forward(text="pakket-betalen.example/nl").as_bytes(),
    "behind a mail filter": forward(
        text="https://eur01.safelinks.protection.outlook.com/?url=http%3A%2F%2Fpakket-betalen.example%2Fnl&data=05"
    ).as_bytes(),
}  # fmt: skip

HEAD = b"From: a@b.example\r\nTo: jan@burger.example\r\n"
BODY = f"\r\n\r\n{LINK}\r\n".encode()


def nested(depth: int) -> bytes:
    inner = b"Content-Type: text/plain" + BODY
    for number in range(depth):
        border = b"b%d" % number
        inner = b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n%s\r\n--%s--\r\n' % (
            border, border, inner, border,
        )  # fmt: skip
    return HEAD + inner


def parts(number: int) -> bytes:
    border = b"\r\n--x\r\n"
    return (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=x\r\n"
        + border
        + (b"\r\nhi" + border) * number
        + BODY
        + b"--x--"
    )


HOSTILE = {
    "20,000 encoded words": HEAD + b"Subject: " + b" ".join([b"=?utf-8?q?h=C3=A9?="] * 20_000) + BODY,
    "100,000 addresses": HEAD + b"Cc: " + b", ".join(b"N <a%d@b.example>" % n for n in range(100_000)) + BODY,
    "50,000 parts": parts(50_000),
    "2,000 parts within each other": nested(2_000),
    "30 parts within each other": nested(30),
    "only CR": HEAD.replace(b"\r\n", b"\r") + BODY.replace(b"\r\n", b"\r"),
    "only LF": (HEAD + b"Subject: x" + BODY).replace(b"\r\n", b"\n"),
    "no header": BODY,
    "no end of the header": HEAD + b"Subject: " + LINK.encode(),
    "uuencode": HEAD + b"\r\nbegin 644 a.txt\r\n#" + b"M" * 60 + b"\r\n`\r\nend\r\n" + BODY,
    "NUL": HEAD + b"Subject: \0x\0" + BODY + b"\0" * 1000,
    "a charset that nobody knows": HEAD + b"Content-Type: text/plain; charset=klingon" + BODY,
    "base64 that is none": HEAD + b"Content-Transfer-Encoding: base64\r\nContent-Type: text/plain" + BODY,
    "an encoding that nobody knows": HEAD + b"Content-Transfer-Encoding: rot13" + BODY,
    "a border that never comes": HEAD + b"Content-Type: multipart/mixed; boundary=never" + BODY,
    "an empty border": HEAD + b'Content-Type: multipart/mixed; boundary=""' + BODY,
    "a border of spaces": HEAD + b'Content-Type: multipart/mixed; boundary="   "' + BODY,
    "a header of 1 MB": HEAD + b"X-Long: " + b"a" * (1 << 20) + BODY,
    "an image that is none": HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: image/png\r\n"
    b"\r\nno image\r\n--x\r\n" + BODY + b"--x--",
    "a bomb of an image": with_file(
        base64.b64decode("iVBORw0KGgoAAAANSUhEUgAA/////wgCAAAA") + b"\0" * 100, "image", "png", "bomb.png"
    ).replace(b"Is dit echt?", LINK.encode()),
    "HTML 5,000 deep": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 5_000 + b'<a href="' + LINK.encode() + b'">',
    "bytes that are no text": HEAD + b"Subject: \xff\xfe\xfa" + BODY + bytes(range(256)),
}  # fmt: skip
