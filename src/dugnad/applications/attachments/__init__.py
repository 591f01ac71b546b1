"""What a resident sends in: checked by its content before it is kept, every image made a PDF for the file."""

from dugnad.applications.attachments.content import check, normalise
from dugnad.applications.attachments.verdict import Accepted, AttachmentRefusedError, Limits, MediaType

__all__ = ["Accepted", "AttachmentRefusedError", "Limits", "MediaType", "check", "normalise"]
