"""Look into a stranger's file in a process of its own, so that a bomb or a fault in a decoder ends there.

The child bounds its own memory and processor time before it reads the file. It is asked by a line of JSON and
the file after it, and answers by a line of JSON and what it made. About 0.1 CPU-seconds, nearly all start-up.
"""

import json
import resource
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from dugnad.applications.attachments import image, pdf
from dugnad.applications.attachments.verdict import AttachmentRefusedError, Code, Limits, MediaType

_BROKEN: Final[dict[MediaType, Code]] = {
    "application/pdf": "broken-pdf",
    "image/png": "broken-image",
    "image/jpeg": "broken-image",
}


def inspect(data: bytes, media_type: MediaType, limits: Limits) -> int:
    """Give the pages (an image has 1) of a file that may be taken in, or raise `AttachmentRefusedError`."""
    answer, _ = _ask({"task": "inspect"}, data, media_type, limits)
    return int(answer["pages"])


def draw(data: bytes, media_type: MediaType, caption: image.Caption, limits: Limits) -> bytes:
    """Give an image as PDF, or raise `AttachmentRefusedError`."""
    words = {name: getattr(caption, name) for name in caption.__slots__} | {"at": caption.at.isoformat()}
    _, made = _ask({"task": "draw", "caption": words}, data, media_type, limits)
    return made


def _ask(
    question: dict[str, Any], data: bytes, media_type: MediaType, limits: Limits
) -> tuple[dict[str, Any], bytes]:
    """Ask a child about a file; one that dies or does not answer in time counts as a broken file."""
    bounds = {name: getattr(limits, name) for name in limits.__slots__}
    line = json.dumps(question | {"media_type": media_type, "limits": bounds}).encode() + b"\n"
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and module, nothing of the file on the command line
            [sys.executable, "-I", "-m", __name__],
            input=line + data,
            capture_output=True,
            timeout=limits.seconds + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise AttachmentRefusedError(_BROKEN[media_type]) from None
    if child.returncode < 0:
        raise AttachmentRefusedError(_BROKEN[media_type])
    if child.returncode:
        fault = child.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
        raise RuntimeError(f"The process that looks into attachments failed with {fault}.")
    head, _, made = child.stdout.partition(b"\n")
    answer: dict[str, Any] = json.loads(head)
    if "refused" in answer:
        raise AttachmentRefusedError(answer["refused"], **answer["params"])
    return answer, made


def _answer(question: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """Do what the parent asked for."""
    media_type: MediaType = question["media_type"]
    limits = Limits(**question["limits"])
    try:
        if question["task"] == "draw":
            words = question["caption"]
            caption = image.Caption(**words | {"at": datetime.fromisoformat(words["at"])})
            return {}, image.as_pdf(data, media_type, caption, limits)
        if media_type == "application/pdf":
            return {"pages": pdf.pages_of(data, limits)}, b""
        image.examine(data, media_type, limits)
    except AttachmentRefusedError as refusal:
        return {"refused": refusal.code, "params": refusal.params}, b""
    except MemoryError:
        return {"refused": _BROKEN[media_type], "params": {}}, b""
    return {"pages": 1}, b""


def main() -> None:
    """Be the child: bound oneself, read the question and the file, answer."""
    head = sys.stdin.buffer.readline()
    question = json.loads(head)
    bounds = question["limits"]
    for kind, most in (
        (resource.RLIMIT_CPU, bounds["seconds"]),
        (resource.RLIMIT_AS, bounds["memory"]),
        (resource.RLIMIT_CORE, 0),
    ):
        # Where a system does not know a bound, the others and the parent's clock still hold.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    answer, made = _answer(question, sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + made)


if __name__ == "__main__":
    main()
