"""Logos as pictures: small enough for a report to carry them in what it freezes."""

import base64
import io

from django.utils.translation import gettext_lazy as _
from PIL import Image

from best_portal.files.refusals import DAMAGED, RefusedFile

# Printed at a height of 14 mm, this is more than a printer shows.
LARGEST = (900, 360)
MOST_BYTES = 200 * 1024
COLOURS = 256
SMALLER = 0.8

NO_PICTURE = _("A logo is a picture. Save it as PNG or JPEG and upload that file.")


def logo_of(checked):
    """What the guard has let in, as the text of a PNG that fits the row; refuses what is none."""
    if not checked.kind.is_picture:
        raise RefusedFile(NO_PICTURE, "no_picture")
    try:
        with Image.open(checked.content, formats=("JPEG", "PNG")) as picture:
            content = png_of(opaque(picture))
    except Exception as error:  # what a broken picture does to its reader is nobody's guess
        raise RefusedFile(DAMAGED, "damaged") from error
    return base64.b64encode(content).decode()


def opaque(picture):
    """The picture on white, as on paper, in the colours of a screen."""
    if picture.mode == "CMYK":
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture)
    return paper


def png_of(picture):
    """A PNG within the limits: in fewer colours where it must be, and smaller where that is not
    enough."""
    picture.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    while True:
        for shown in (picture, picture.quantize(COLOURS)):
            content = saved(shown)
            if len(content) <= MOST_BYTES:
                return content
        size = [max(1, int(side * SMALLER)) for side in picture.size]
        picture = picture.resize(size, Image.Resampling.LANCZOS)


def saved(picture):
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()
