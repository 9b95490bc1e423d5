"""Photos as they are kept: upright, of a size one can open, and nothing but the picture."""

import io

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from best_portal.files.refusals import DAMAGED, RefusedFile

# Unpacked, a picture of this size takes 160 MB of memory at most.
MAX_PIXELS = 40_000_000
# Of what stands beside the picture only this is needed to show it; place, time and device go.
KEPT = ("icc_profile", "transparency")
QUALITY = 92


def cleaned(file):
    """The picture as a new file, without its notes and whatever else was in the old one."""
    try:
        with Image.open(file, formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise RefusedFile(TOO_MANY_PIXELS, "too_many_pixels")
            return written(picture)
    except RefusedFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedFile(TOO_MANY_PIXELS, "too_many_pixels") from error
    except Exception as error:  # what a broken picture does to its reader is nobody's guess
        raise RefusedFile(DAMAGED, "damaged") from error


def written(picture):
    is_jpeg = picture.format in ("JPEG", "MPO")
    # The numbers of its own compression are lost with the first change; the look is not.
    options = {"quality": QUALITY} if is_jpeg else {}
    ImageOps.exif_transpose(picture, in_place=True)
    picture.info = {name: picture.info[name] for name in KEPT if name in picture.info}
    if is_jpeg and picture.mode not in ("L", "RGB", "CMYK"):
        picture = picture.convert("RGB")
    file = io.BytesIO()
    picture.save(file, "JPEG" if is_jpeg else "PNG", **options)
    file.seek(0)
    return file


TOO_MANY_PIXELS = _(
    "The picture has more than 40 million pixels. Make it smaller and upload that one."
)
