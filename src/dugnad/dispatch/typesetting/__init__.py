"""Letters as PDF/A-2a and PDF/UA-1 at once, by Typst: same letter, same time, same bytes everywhere."""

from dugnad.dispatch.typesetting.press import TypesettingError, page_images, typeset, typeset_many

__all__ = ["TypesettingError", "page_images", "typeset", "typeset_many"]
