"""Draw the pictures of the demo posts.

    python annotation/demo/draw_images.py [FOLDER]

Everything is drawn from plain shapes with a fixed seed, so the pictures belong to this project and
anybody can change one by changing a number. Each scene draws on a canvas of twice the final size;
shrinking it smooths the edges.
"""

import math
import random
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1280, 800
FINAL = (640, 400)
COLOURS = 96  # a palette this small keeps every file under 40 KB
SEED = 2026

Colour = tuple[int, int, int]
Scene = Callable[[ImageDraw.ImageDraw, random.Random], None]
SCENES: dict[str, Scene] = {}

INK = (44, 48, 62)
WHITE = (255, 255, 255)
CREAM = (250, 245, 232)
WOOD = (176, 128, 84)


def scene(draw_it: Scene) -> Scene:
    """Register a scene under its function's name, which is also the file's name."""
    SCENES[draw_it.__name__] = draw_it
    return draw_it


def fade(draw: ImageDraw.ImageDraw, top: Colour, bottom: Colour, until: int = HEIGHT) -> None:
    """Fill the canvas down to row `until`, from one colour to the other."""
    for y in range(until):
        share = y / until
        mixed = tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))
        draw.line([(0, y), (WIDTH, y)], fill=mixed)


def hills(draw: ImageDraw.ImageDraw, base: int, swell: int, phase: float, colour: Colour) -> None:
    """Draw one row of rolling hills whose middle line is `base`."""
    ridge = [
        (x, base + swell * math.sin(x / 190 + phase) + swell / 3 * math.sin(x / 71 + 2 * phase))
        for x in range(0, WIDTH + 9, 8)
    ]
    draw.polygon([*ridge, (WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)


def disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: Colour) -> None:
    draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=colour)


def words(
    draw: ImageDraw.ImageDraw, x: float, y: float, text: str, size: int, colour: Colour = INK
) -> None:
    """Write `text` centred on (x, y)."""
    font = ImageFont.load_default(size=size)
    draw.multiline_text((x, y), text, fill=colour, font=font, anchor="mm", align="center")


@scene
def sunset_hills(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, (72, 62, 122), (255, 190, 120))
    disc(draw, 760, 400, 150, (255, 214, 130))
    disc(draw, 760, 400, 108, (255, 150, 72))
    ridges = [(92, 78, 120), (70, 62, 102), (50, 48, 84), (32, 32, 60)]
    for row, colour in enumerate(ridges):
        hills(draw, 440 + 95 * row, 38, rng.uniform(0, 6), colour)


@scene
def cat_keyboard(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, (246, 232, 214), (228, 206, 182))
    draw.rectangle([0, 660, WIDTH, HEIGHT], fill=WOOD)
    draw.rounded_rectangle([300, 90, 980, 520], 24, fill=INK)
    draw.rectangle([330, 120, 950, 490], fill=(186, 214, 232))
    words(draw, 640, 230, "Dear all,\nmmmmmmmmmmmm", 52)
    draw.polygon([(280, 520), (1000, 520), (1120, 690), (160, 690)], fill=(120, 126, 140))
    for row in range(4):
        for column in range(14):
            x, y = 270 - 22 * row + column * (52 + 3 * row), 540 + 36 * row
            draw.rounded_rectangle([x, y, x + 42, y + 24], 5, fill=(232, 234, 238))
    sleeping_cat(draw, 650, 560)


def sleeping_cat(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """A curled cat: body, tail, head, ears, shut eyes."""
    fur, shade = (128, 130, 142), (98, 100, 114)
    draw.ellipse([x - 250, y - 110, x + 230, y + 110], fill=fur)
    draw.arc([x - 230, y - 20, x + 260, y + 130], 0, 175, fill=shade, width=44)
    for left in (-232, -112):
        draw.polygon(
            [(x + left, y - 20), (x + left + 34, y - 112), (x + left + 80, y - 34)], fill=shade
        )
    draw.ellipse([x - 252, y - 70, x - 52, y + 92], fill=(146, 148, 160))
    for left in (-220, -140):
        draw.arc([x + left, y - 12, x + left + 52, y + 26], 10, 170, fill=INK, width=6)
    draw.polygon([(x - 162, y + 30), (x - 142, y + 30), (x - 152, y + 42)], fill=(226, 150, 150))
    for stripe in (-10, 50, 110):
        draw.arc([x + stripe, y - 100, x + stripe + 70, y + 10], 190, 300, fill=shade, width=12)


@scene
def vaccination_chart(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, CREAM, CREAM)
    words(draw, 640, 70, "Children vaccinated against measles, %", 46)
    draw.line([(150, 670), (1180, 670)], fill=INK, width=5)
    shares = {"Harbour": 94, "Old Town": 91, "Mill Hill": 88, "Eastgate": 85, "Northfield": 81}
    for number, (district, share) in enumerate(shares.items()):
        left = 190 + number * 200
        top = 670 - share * 5.4
        draw.rectangle([left, top, left + 120, 670], fill=(58, 134, 142))
        words(draw, left + 60, top - 30, str(share), 40)
        words(draw, left + 60, 710, district, 34)


@scene
def birthday_cake(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, (212, 232, 240), (240, 246, 246))
    draw.rectangle([0, 640, WIDTH, HEIGHT], fill=(204, 170, 140))
    draw.ellipse([300, 600, 980, 710], fill=WHITE)
    draw.rounded_rectangle([360, 400, 920, 660], 30, fill=(150, 96, 66))
    draw.rounded_rectangle([350, 360, 930, 470], 40, fill=(244, 162, 188))
    for drip in range(7):
        x = 390 + drip * 80
        draw.rounded_rectangle([x, 420, x + 44, 490 + rng.randrange(50)], 22, fill=(244, 162, 188))
    for candle in range(5):
        x = 440 + candle * 100
        draw.rectangle([x - 10, 250, x + 10, 365], fill=(96, 150, 200))
        draw.ellipse([x - 14, 196, x + 14, 250], fill=(255, 200, 70))


@scene
def village_storm(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, (38, 42, 58), (96, 104, 118))
    for _ in range(26):
        disc(
            draw, rng.randrange(WIDTH), rng.randrange(20, 190), rng.randrange(60, 120), (58, 62, 78)
        )
    bolt = [(900, 150), (840, 330), (890, 330), (820, 520), (980, 290), (920, 290), (970, 150)]
    draw.polygon(bolt, fill=(255, 240, 160))
    village(draw, roof=(92, 58, 54))
    draw.rectangle([0, 650, WIDTH, HEIGHT], fill=(70, 96, 116))
    for _ in range(220):
        x, y = rng.randrange(WIDTH), rng.randrange(HEIGHT)
        draw.line([(x, y), (x - 14, y + 44)], fill=(168, 184, 200), width=3)


@scene
def village_snow(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, (176, 194, 212), (226, 232, 238))
    hills(draw, 470, 46, 1.4, (206, 216, 228))
    village(draw, roof=WHITE)
    draw.rectangle([0, 680, WIDTH, HEIGHT], fill=(244, 247, 250))
    for _ in range(190):
        disc(draw, rng.randrange(WIDTH), rng.randrange(HEIGHT), rng.choice([4, 5, 7]), WHITE)


def village(draw: ImageDraw.ImageDraw, roof: Colour) -> None:
    """Five houses and a church tower, standing on row 690."""
    for left, top, wide in [(60, 520, 190), (280, 480, 170), (640, 500, 210), (1020, 510, 200)]:
        draw.rectangle([left, top, left + wide, 700], fill=(196, 178, 154))
        draw.polygon(
            [(left - 20, top), (left + wide + 20, top), (left + wide / 2, top - 110)], fill=roof
        )
        for window in (left + wide * 0.2, left + wide * 0.6):
            draw.rectangle([window, top + 50, window + 40, top + 100], fill=(252, 214, 120))
    draw.rectangle([480, 340, 590, 700], fill=(178, 162, 142))
    draw.polygon([(465, 340), (605, 340), (535, 170)], fill=roof)
    disc(draw, 535, 410, 28, CREAM)


@scene
def garden(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, (180, 220, 240), (224, 240, 236), until=360)
    draw.rectangle([0, 350, WIDTH, HEIGHT], fill=(126, 176, 98))
    draw.rectangle([905, 260, 945, 420], fill=(124, 86, 58))
    disc(draw, 925, 200, 120, (82, 140, 78))
    draw.polygon([(590, 352), (690, 352), (900, HEIGHT), (380, HEIGHT)], fill=(224, 206, 172))
    petals = [(226, 88, 96), (250, 196, 70), (164, 108, 196), (250, 250, 250), (240, 140, 180)]
    for row in range(6):
        y = 420 + row * 66
        for x in range(30, WIDTH, 58 + 4 * row):
            if abs(x - 640) > 90 + 34 * row:
                flower(draw, x + rng.randrange(-9, 9), y, 10 + 3 * row, rng.choice(petals))


def flower(draw: ImageDraw.ImageDraw, x: float, y: float, size: int, colour: Colour) -> None:
    draw.line([(x, y), (x, y + 3 * size)], fill=(66, 116, 62), width=6)
    for turn in range(5):
        angle = turn * 2 * math.pi / 5
        disc(draw, x + size * math.cos(angle), y + size * math.sin(angle), size * 0.7, colour)
    disc(draw, x, y, size * 0.55, (250, 220, 120))


@scene
def protest_sign(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, (206, 216, 224), (236, 232, 222))
    draw.rectangle([625, 400, 655, 720], fill=WOOD)
    draw.rounded_rectangle([240, 80, 1040, 420], 12, fill=(222, 188, 140))
    words(draw, 640, 250, "8 HOURS WORKED\n6 HOURS PAID", 84)
    coats = [(88, 104, 150), (160, 84, 88), (84, 130, 104), (196, 150, 70), (110, 90, 130)]
    skins = [(246, 214, 184), (206, 160, 120), (150, 104, 74), (104, 70, 50)]
    for number in range(11):
        x, y = 40 + number * 120, 650 + rng.randrange(-30, 40)
        disc(draw, x, y + 170, 110, rng.choice(coats))
        disc(draw, x, y, 54, rng.choice(skins))
        draw.pieslice([x - 58, y - 62, x + 58, y + 50], 180, 360, fill=rng.choice(coats))


@scene
def lost_glove(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, (190, 198, 206), (226, 228, 228))
    for x in range(-40, WIDTH, 170):
        draw.polygon(
            [(x, 420), (x + 50, 360), (x + 100, 420), (x + 100, HEIGHT), (x, HEIGHT)], fill=WOOD
        )
    for y in (500, 680):
        draw.rectangle([0, y, WIDTH, y + 46], fill=(150, 106, 70))
    red, cuff = (206, 62, 66), (170, 44, 52)
    for x, top, bottom in [(556, 150, 300), (606, 120, 300), (656, 124, 300), (704, 160, 300)]:
        draw.rounded_rectangle([x, top, x + 42, bottom], 20, fill=red)
    draw.rounded_rectangle([550, 230, 752, 400], 46, fill=red)
    draw.polygon([(556, 360), (480, 290), (500, 250), (570, 280)], fill=red)
    draw.rounded_rectangle([566, 384, 736, 446], 14, fill=cuff)


@scene
def score_board(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, (150, 196, 226), (214, 232, 240))
    draw.rectangle([0, 640, WIDTH, HEIGHT], fill=(96, 150, 84))
    for post in (260, 980):
        draw.rectangle([post, 480, post + 40, 700], fill=(112, 112, 118))
    draw.rounded_rectangle([160, 100, 1120, 520], 20, fill=(34, 48, 44))
    for x, side in [(400, "HOME"), (880, "AWAY")]:
        words(draw, x, 180, side, 60, CREAM)
        words(draw, x, 320, "2", 190, (255, 214, 90))
    words(draw, 640, 470, "2nd half   78:00", 46, CREAM)


@scene
def night_sky(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, (14, 18, 46), (70, 74, 122))
    for _ in range(150):
        disc(draw, rng.randrange(WIDTH), rng.randrange(560), rng.choice([2, 2, 3, 5]), CREAM)
    disc(draw, 380, 430, 62, (250, 240, 206))
    disc(draw, 354, 416, 60, (44, 48, 87))
    disc(draw, 620, 470, 9, WHITE)
    for x in range(-30, WIDTH + 30, 56):
        tall = rng.randrange(90, 210)
        draw.polygon(
            [(x - 46, HEIGHT), (x + 46, HEIGHT), (x, HEIGHT - 60 - tall)], fill=(10, 14, 26)
        )


@scene
def clown(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, CREAM, CREAM)
    stripes = [(214, 76, 72), CREAM]
    for stripe in range(30):
        x = stripe * 80 - 560
        draw.polygon([(640, -500), (x, HEIGHT), (x + 80, HEIGHT)], fill=stripes[stripe % 2])
    for x in (400, 880):
        for _ in range(14):
            disc(
                draw, x + rng.randrange(-70, 70), 400 + rng.randrange(-120, 120), 52, (240, 136, 48)
            )
    draw.ellipse([420, 200, 860, 740], fill=(252, 240, 228))
    draw.polygon([(520, 250), (760, 250), (700, 20), (580, 20)], fill=(82, 104, 176))
    draw.rounded_rectangle([450, 236, 830, 274], 18, fill=INK)
    for x in (540, 740):
        draw.polygon([(x, 330), (x + 34, 420), (x, 510), (x - 34, 420)], fill=(92, 160, 196))
        disc(draw, x, 420, 22, INK)
    draw.chord([480, 440, 800, 700], 12, 168, fill=(206, 48, 56))
    draw.chord([516, 500, 764, 668], 12, 168, fill=WHITE)
    disc(draw, 640, 490, 54, (220, 44, 50))


@scene
def tea_cup(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, (222, 212, 196), (238, 230, 216))
    draw.rectangle([0, 560, WIDTH, HEIGHT], fill=WOOD)
    pot = (88, 122, 110)
    draw.arc([230, 330, 400, 560], 70, 290, fill=pot, width=30)
    draw.polygon([(640, 480), (760, 360), (780, 380), (660, 560)], fill=pot)
    draw.ellipse([290, 310, 690, 640], fill=pot)
    draw.ellipse([400, 286, 580, 350], fill=(70, 102, 92))
    disc(draw, 490, 278, 24, (70, 102, 92))
    draw.arc([990, 500, 1110, 620], 250, 110, fill=WHITE, width=24)
    draw.chord([780, 340, 1040, 700], 0, 180, fill=WHITE)
    draw.ellipse([780, 484, 1040, 560], fill=(158, 96, 46))
    for puff in range(3):
        x = 840 + puff * 70
        draw.arc([x - 30, 330, x + 30, 400], 90, 270, fill=WHITE, width=8)
        draw.arc([x - 30, 400, x + 30, 470], 270, 90, fill=WHITE, width=8)


@scene
def bus_timetable(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    fade(draw, (206, 212, 216), (230, 230, 226))
    draw.rectangle([620, 600, 660, HEIGHT], fill=(104, 108, 114))
    draw.rounded_rectangle([260, 60, 1020, 640], 18, fill=WHITE, outline=INK, width=8)
    draw.rectangle([268, 68, 1012, 190], fill=(40, 88, 140))
    words(draw, 640, 130, "22   STATION - QUAY", 60, WHITE)
    words(draw, 640, 260, "Mon - Fri", 48)
    words(draw, 640, 400, "06:10    06:30    06:50\nthen every 20 min\nuntil 19:50", 54)


def render(draw_it: Scene) -> Image.Image:
    """Draw one scene and bring it to its final size and palette."""
    canvas = Image.new("RGB", (WIDTH, HEIGHT), WHITE)
    draw_it(ImageDraw.Draw(canvas), random.Random(SEED))
    small = canvas.resize(FINAL, Image.Resampling.LANCZOS)
    return small.quantize(COLOURS, dither=Image.Dither.NONE)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw_it in SCENES.items():
        render(draw_it).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "images")
