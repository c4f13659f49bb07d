"""Names that stand for raters and people in a snapshot.

A pseudonym is the HMAC-SHA256 of the person's key under the campaign's secret and the snapshot's
name. So the same state and arguments give the same bytes, another name gives other pseudonyms, and
nobody without the database can go back, not even by trying all keys. PostgreSQL computes it
(`ALIAS`), because it sorts by it: the order of the rows then tells nothing of who came first.
"""

import hmac

BLOCK = 64  # bytes that SHA-256 works on at a time; HMAC's two pads have this length
#: Hex digits, 80 bits: two of ten million people share one with a chance of 1 in 24 billion.
DIGITS = 20
#: SQL of one pseudonym. The letter in front keeps programs from reading digits as a number.
ALIAS = """
    {kind} || left(encode(sha256(%(outer_pad)s || sha256(
        %(inner_pad)s || convert_to({kind} || {key}, 'UTF8')
    )), 'hex'), {digits})
"""


def alias_sql(kind: str, column: str) -> str:
    """The SQL of the pseudonym of `column`; `kind` keeps a rater apart from a person of one key."""
    return ALIAS.format(kind=f"'{kind}_'", key=column, digits=DIGITS)


def pads(secret: bytes, name: str) -> dict[str, bytes]:
    """HMAC's two padded keys (RFC 2104) for a snapshot of that name, as `ALIAS` needs them."""
    key = hmac.digest(secret, name.encode(), "sha256").ljust(BLOCK, b"\0")
    return {
        "inner_pad": bytes(byte ^ 0x36 for byte in key),
        "outer_pad": bytes(byte ^ 0x5C for byte in key),
    }
