"""Texts, e-mail addresses and links as HTML, in whatever markup they stand."""

from __future__ import annotations

from html import escape

NBSP = "\u00a0"
HOSTS = ("", "https://www.rusemb.org.uk", "http://rusemb.org.uk", "//www.rusemb.org.uk")


def safe(text: str) -> str:
    return escape(text, quote=False).replace(NBSP, "&nbsp;")


def email_link(address: str, how: str) -> str:
    if how == "cf":
        return (
            '<a href="/cdn-cgi/l/email-protection" class="__cf_email__" '
            f'data-cfemail="{cf_encode(address)}">[email&#160;protected]</a>'
        )
    if how == "hidden":
        return "<span>[email&#160;protected]</span>"
    return f'<a href="mailto:{address}">{address}</a>'


def cf_encode(email: str, key: int = 0x5A) -> str:
    """Cloudflare's hiding: the key, then every byte xor the key, in hex."""
    return bytes([key, *(b ^ key for b in email.encode())]).hex()
