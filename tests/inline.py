"""Texts, e-mail addresses and links as HTML, in whatever markup they stand."""

from __future__ import annotations

from html import escape

from .page_model import NBSP

HOSTS = ("", "https://www.rusemb.org.uk", "http://rusemb.org.uk", "//www.rusemb.org.uk")


def safe(text: str) -> str:
    return escape(text, quote=False).replace(NBSP, "&nbsp;")


def email_link(address: str, how: str) -> str:
    if how == "cf":  # a key, then every byte xor the key, in hex
        hidden = bytes([90, *(byte ^ 90 for byte in address.encode())]).hex()
        return (
            '<a href="/cdn-cgi/l/email-protection" class="__cf_email__" '
            f'data-cfemail="{hidden}">[email&#160;protected]</a>'
        )
    if how == "hidden":
        return "<span>[email&#160;protected]</span>"
    return f'<a href="mailto:{address}">{address}</a>'
