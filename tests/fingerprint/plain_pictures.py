"""Pictures that look like a hundred others: blacks, tints, bars, slates, titles, gradients. Drawn from a seed."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIZE = (960, 540)
_SENTENCE = (
    "the river remembers an untold story of harvest year nine archive reel camera roll episode part one two three "
    "directed by produced written editor music previously chapter berlin 1945 london 1961 morning after silence"
)
_WORDS = _SENTENCE.split()
_TINTS = ("#000", "#fff", "#111", "#e8e4da", "#0a1a3a", "#7a1010", "#145214", "#808080", "#c9b37e", "#202028")
SMPTE_TOP = ((180, 180, 180), (180, 180, 16), (16, 180, 180), (16, 180, 16), (180, 16, 180), (180, 16, 16), (16, 16, 180))
EBU = ((255, 255, 255), (255, 255, 0), (0, 255, 255), (0, 255, 0), (255, 0, 255), (255, 0, 0), (0, 0, 255), (0, 0, 0))


def plain_pictures(count: int, seed: int = 1) -> Iterator[tuple[str, Image.Image]]:
    """Yield (kind, picture), the kinds in turn."""
    random = np.random.default_rng(seed)
    kinds = tuple(_KINDS)
    for index in range(count):
        kind = kinds[index % len(kinds)]
        yield kind, _KINDS[kind](random)


def _tint(random):
    return Image.new("RGB", SIZE, tuple(int(value) for value in random.integers(0, 256, 3)))


def _black_with_grain(random):
    level, strength = random.uniform(2, 24), random.uniform(0.5, 6)
    noise = random.normal(level, strength, (SIZE[1], SIZE[0], 1)) + np.zeros(3)
    return Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))


def _tint_with_grain(random):
    level, strength = random.uniform(30, 225), random.uniform(0.5, 8)
    noise = random.normal(level, strength, (SIZE[1], SIZE[0], 1)) + random.uniform(-20, 20, 3)
    return Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))


def _bars(random):
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    colours = SMPTE_TOP if random.random() < 0.5 else EBU
    level = random.uniform(0.6, 1.0)
    split = SIZE[1] if colours is EBU and random.random() < 0.5 else int(SIZE[1] * random.uniform(0.6, 0.8))
    width = SIZE[0] / len(colours)
    for index, colour in enumerate(colours):
        shade = tuple(int(value * level) for value in colour)
        draw.rectangle((index * width, 0, (index + 1) * width, split), fill=shade)
        other = tuple(int(value * level) for value in colours[-1 - index])
        draw.rectangle((index * width, split, (index + 1) * width, split + 40), fill=other if index % 2 == 0 else (10, 10, 10))
    return image


def _words(random, count):
    return " ".join(str(word) for word in random.choice(_WORDS, count))


def _font(random, low, high):
    return ImageFont.load_default(int(random.integers(low, high)))


def _title(random):
    ground, ink = ("#000", "#fff") if random.random() < 0.6 else tuple(str(t) for t in random.choice(_TINTS, 2, replace=False))
    image = Image.new("RGB", SIZE, ground)
    draw = ImageDraw.Draw(image)
    for line in range(int(random.integers(1, 4))):
        draw.text(
            (SIZE[0] / 2, 200 + 70 * line),
            _words(random, int(random.integers(1, 5))),
            fill=ink,
            font=_font(random, 24, 72),
            anchor="mm",
        )
    return image


def _low_contrast_card(random):
    level = int(random.integers(20, 220))
    image = Image.new("L", SIZE, level)
    ink = level + int(random.choice((-1, 1)) * random.integers(6, 18))
    draw = ImageDraw.Draw(image)
    for line in range(int(random.integers(1, 7))):
        text = _words(random, int(random.integers(2, 7)))
        draw.text((SIZE[0] / 2, 100 + 60 * line), text, fill=ink, font=_font(random, 20, 48), anchor="mm")
    return image


def _slate(random):
    image = Image.new("RGB", SIZE, str(random.choice(("#1a1a1a", "#f0f0f0", "#20305a"))))
    ink = "#e0e0e0" if image.getpixel((0, 0))[0] < 100 else "#101010"
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(30)
    draw.rectangle((30, 30, SIZE[0] - 30, SIZE[1] - 30), outline=ink, width=4)
    for row, label in enumerate(("PROD", "DATE", "ROLL", "SCENE", "TAKE", "DIR", "CAM")):
        top = 50 + row * 64
        draw.line((30, top + 56, SIZE[0] - 30, top + 56), fill=ink, width=3)
        draw.text((60, top + 8), f"{label}:  {_words(random, 3)} {int(random.integers(1, 999))}", fill=ink, font=font)
    return image


def _credits(random):
    image = Image.new("RGB", SIZE, "#000")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(24)
    shift = int(random.integers(0, 40))
    for row in range(14):
        top = shift + row * 40
        draw.text((SIZE[0] / 2 - 20, top), _words(random, 2), fill="#ddd", font=font, anchor="ra")
        draw.text((SIZE[0] / 2 + 20, top), _words(random, 2), fill="#ddd", font=font, anchor="la")
    return image


def _gradient(random):
    angle = random.uniform(0, 2 * np.pi)
    x, y = np.meshgrid(np.linspace(-1, 1, SIZE[0]), np.linspace(-1, 1, SIZE[1]))
    ramp = (x * np.cos(angle) + y * np.sin(angle)) / 1.5
    low, high = np.sort(random.uniform(0, 255, 2))
    values = low + (high - low) * (ramp + 1) / 2
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _vignette(random):
    x, y = np.meshgrid(np.linspace(-1, 1, SIZE[0]), np.linspace(-1, 1, SIZE[1]))
    centre = random.uniform(-0.6, 0.6, 2)
    reach = np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / random.uniform(0.2, 1.5))
    values = reach * random.uniform(60, 250) + random.normal(0, random.uniform(0, 2), reach.shape)
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _checkerboard(random):
    cell = int(random.integers(8, 200))
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    low, high = np.sort(random.integers(0, 256, 2))
    shift = random.integers(0, cell, 2)
    return Image.fromarray(np.where(((x + shift[0]) // cell + (y + shift[1]) // cell) % 2, high, low).astype(np.uint8))


def _grey_steps(random):
    steps = int(random.integers(4, 21))
    ramp = np.repeat(np.linspace(0, 255, steps), SIZE[0] // steps + 1)[: SIZE[0]]
    values = np.tile(ramp, (SIZE[1], 1))
    if random.random() < 0.5:
        values[SIZE[1] // 2 :] = values[SIZE[1] // 2 :, ::-1]
    return Image.fromarray(values.astype(np.uint8))


def _countdown(random):
    image = Image.new("L", SIZE, int(random.integers(90, 200)))
    draw, (x, y) = ImageDraw.Draw(image), (SIZE[0] / 2, SIZE[1] / 2)
    for radius in (180, 220):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=10, width=6)
    draw.line((0, y, SIZE[0], y), fill=10, width=4)
    draw.line((x, 0, x, SIZE[1]), fill=10, width=4)
    draw.text((x, y), str(int(random.integers(2, 10))), fill=10, font=ImageFont.load_default(240), anchor="mm")
    return image


def _logo_on_black(random):
    image = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(image)
    side = int(random.integers(60, 200))
    x, y = int(random.integers(300, 600)), int(random.integers(200, 340))
    draw.ellipse((x - side, y - side, x + side, y + side), fill=int(random.integers(120, 255)))
    draw.rectangle((x - side // 2, y - side // 3, x + side // 2, y + side // 3), fill=int(random.integers(0, 100)))
    return image


def _title_over_gradient(random):
    image = _gradient(random) if random.random() < 0.5 else _vignette(random)
    draw = ImageDraw.Draw(image)
    for line in range(int(random.integers(1, 4))):
        text = _words(random, int(random.integers(1, 5)))
        draw.text((SIZE[0] / 2, 200 + 70 * line), text, fill=255, font=_font(random, 24, 72), anchor="mm")
    return image


def _labelled_bars(random):
    image = _bars(random)
    draw = ImageDraw.Draw(image)
    draw.rectangle((250, 420, 710, 500), fill=(0, 0, 0))
    draw.text((480, 460), _words(random, 3).upper(), fill=(235, 235, 235), font=_font(random, 24, 40), anchor="mm")
    return image


def _text_page(random):
    image = Image.new("L", SIZE, int(random.integers(225, 256)))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(int(random.integers(12, 20)))
    for row in range(24):
        draw.text((80, 20 + row * 21), _words(random, int(random.integers(3, 14))), fill=25, font=font)
    return image


def _clouds(random):
    values = np.zeros((SIZE[1], SIZE[0]))
    for side in (3, 5, 9):
        coarse = Image.fromarray(random.normal(0, 1, (side, side)).astype(np.float32))
        values += np.asarray(coarse.resize(SIZE, Image.Resampling.BICUBIC)) / side
    values = 128 + 60 * values / values.std()
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _stripes(random):
    period, angle = random.uniform(10, 160), random.uniform(0, np.pi)
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    wave = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / period + random.uniform(0, 6))
    values = 128 + random.uniform(20, 120) * (np.sign(wave) if random.random() < 0.5 else wave)
    return Image.fromarray(values.astype(np.uint8))


def _compressed(random):
    kind = str(random.choice(("title", "slate", "bars", "gradient", "logo on black", "low-contrast card")))
    stream = io.BytesIO()
    _KINDS[kind](random).convert("RGB").save(stream, "JPEG", quality=int(random.integers(30, 90)))
    return Image.open(stream).convert("RGB")


_KINDS = {
    "title over gradient": _title_over_gradient,
    "labelled bars": _labelled_bars,
    "text page": _text_page,
    "clouds": _clouds,
    "stripes": _stripes,
    "compressed": _compressed,
    "tint": _tint,
    "black with grain": _black_with_grain,
    "tint with grain": _tint_with_grain,
    "bars": _bars,
    "title": _title,
    "low-contrast card": _low_contrast_card,
    "slate": _slate,
    "credits": _credits,
    "gradient": _gradient,
    "vignette": _vignette,
    "checkerboard": _checkerboard,
    "grey steps": _grey_steps,
    "countdown": _countdown,
    "logo on black": _logo_on_black,
}
