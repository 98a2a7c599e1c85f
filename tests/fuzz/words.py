"""Words that mean something to a reader: what is put into the bytes that it is given."""

TAGS = tuple(
    b"<%s>" % name
    for name in b"p div b a br td tr table ul li pre span font title script style form h1 nav"
    b" aside footer article iframe svg template noscript textarea dialog base".split()
)
PAGE = (
    *TAGS, b"</p>", b"</div>", b"</a>", b"</td>", b"</table>", b"<!--", b"-->", b"</script>",
    b"</body></html>", b"\n", b" ", b"\xc2\xa0", b"&nbsp;", b"&#3;", b"&", b"<", b'"', b"'",
    b"\x00", b'<a href="/fnapr/7001">', b' hidden', b' style="display:none"', b'<p class="x">',
    b"12.03.2018", b"12.03.2018 - A title", b"31.02.2018", b" - ", b"all messages",
    b"LATEST EVENTS", b"VIDEO", b"Pages: \xc2\xab\xc2\xab 1 2 3", b"24 November 2020",
    b"Moscow: 15:22", b"London: 12:22", b"Consular queries:", b"+44 20 1234 5678",
    b"info@rusemb.org.uk", b"3 April 2020, 18:05",
    b"996 days have passed since the flood - no answer", b"TWITTER NEWS", b"<base href='//['>",
    b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->", b"<!-- END WAYBACK TOOLBAR INSERT -->",
    b"<!-- saved from url=(0025)https://www.rusemb.org.uk/ -->",
    b"<!-- Page saved with SingleFile ",
    b"<link rel=canonical href=https://www.rusemb.org.uk/fnapr/6956>", b"\xd0\x9f\xd1\x80",
)  # fmt: skip
HTTP = (
    b"HTTP/1.1 200 OK\r\n", b"Content-Type: text/html\r\n", b"Content-Length: 12\r\n",
    b"\r\n\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n",
    b"Content-Encoding: br\r\n", b"Content-Encoding: deflate\r\n",
    b"Date: Tue, 24 Nov 2020 12:30:00 GMT\r\n", b"\r\n", b"\n", b" ", b"0\r\n\r\n", b"-1",
    b"99999999999999999999", b"\t", b":", b"Content-Encoding: zstd\r\n",
)  # fmt: skip
WARC = (
    *HTTP, b"WARC/1.0\r\n", b"WARC/1.1\r\n", b"WARC-Type: response\r\n",
    b"WARC-Type: revisit\r\n", b"WARC-Type: conversion\r\n", b"warc-type: resource\r\n",
    b"WARC-Date: 2020-11-24T12:30:00Z\r\n",
    b"WARC-Target-URI: https://www.rusemb.org.uk/fnapr/6956\r\n", b"WARC-Truncated: length\r\n",
    b"WARC-Refers-To-Date: 2020-11-24T12:30:00Z\r\n", b"WARC-Segment-Number: 2\r\n",
    b"\x1f\x8b\x08", b"http://a.example/ 1.2.3.4 20201124123000 text/html 12\n",
    b"\x28\xb5\x2f\xfd", b"PK\x03\x04",
    b"filedesc://a 0.0.0.0 20201124123000 text/plain 9\n1 0 A\n",
    b"WARC-Block-Digest: sha1:A\r\n",
)  # fmt: skip
MAIL = (
    *HTTP, b"MIME-Version: 1.0\r\n", b"boundary=\"x\"\r\n", b"--x\r\n", b"--x--\r\n",
    b"From: <Saved by>\r\n", b"Content-Type: multipart/related; boundary=\"x\"\r\n",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Location: http://a.example/\r\n",
    b"Snapshot-Content-Location: https://www.rusemb.org.uk/\r\n", b"=?utf-8?B?", b"?=", b"=3D",
    b";",
)  # fmt: skip
JSON = tuple(
    b'[ ] { } , : " \\u0000 \\ud800 null -1 1e999 NaN 99999999999999999999 "timestamp" "original"'
    b' "20201124123000" "url" "http://a.example/" "status" "200" "filename" "offset" "length"'
    b' "digest" [] [[ ]]'.split()
)
ROBOTS = (
    b"User-agent: *\n", b"Disallow: /", b"Allow: /", b"Crawl-delay: ", b"*", b"$", b"%", b"\n",
    b"#", b"Sitemap: ", b"Request-rate: 1/9", b"Visit-time: 0600-0845", b"nan", b"inf", b"1e999",
    b"//[", b"%2F", b"%zz", b"\xef\xbb\xbf", b"?", b"embassy-scraper", b":", b"\xc3\xa9",
)  # fmt: skip
HEAD = (
    b"Retry-After: ", b"Date: ", b"Content-Type: ", b"text/html; charset=",
    b"Tue, 24 Nov 2020 12:30:00", b" GMT", b" +9999", b" -0000", b"99999999999999999999",
    b"31 Dec 9999", b"1 Jan 1", b"\n", b"\x00", b"Location: ", b"\xff", b"=?utf-8?q?", b"(", b",",
)  # fmt: skip
TOML = (
    b"[site]\n", b"base_url = ", b'"http://[::"', b"[crawl]\n", b"delay = ", b"nan", b"inf",
    b"-1", b"[[", b"]]", b"[", b"]", b"{", b"}", b"=", b'"', b"'''", b'"""', b"\n", b".",
    b"[[layout]]\n", b"[[jobs]]\n", b"[[alerts]]\n", b"to = []", b"name = ", b'"x"', b"true",
    b"1979-05-27T07:32:00Z", b"99999999999999999999", b"[archives]\n", b"wayback = ",
    b'"https://a:b@c/"', b"\\u0000", b"[log]\n", b"cron = ", b"main = \":has(\"", b"from = ",
    b"until = 2020-01-01", b"# ", b"budget = ", b"a.b.c = 1", b"\x00", b"\\", b",",
)  # fmt: skip
MANIFEST = (
    b"file", b"url", b"captured_at", b"\t", b"\n", b"\r\n", b'"', b",", b"../", b"/", b"\x00",
    b"\xff\xfe", b"\xef\xbb\xbf", b"2020-11-24T12:30:00Z", b"20201124123000",
    b"9999-12-31T23:59:60+99:99", b"capture_at", b"https://www.rusemb.org.uk/", b"manifest.tsv",
    b"\x1f\x8b\x08", b"\r",
)  # fmt: skip
WORDS = (
    b"http://", b"https://www.rusemb.org.uk/", b"[", b"]", b"//", b"@", b":", b"%", b"#", b"?",
    b"&start=11", b"fnapr/", b"6956", b"web.archive.org/web/", b"20201124123000", b"id_/",
    b"archive.today/", b"..", b"\\", b"2020-11-24T12:30:00Z", b"24.11.2020", b"24 November 2020",
    b", 18:05", b"T24:00", b"+14:00", b"-99:99", b"9999-12-31T23:59:59-01:00",
    b"0001-01-01T00:00:00+01:00", b"\xd9\xa0", b"xn--", b"W53-7", b" ",
)  # fmt: skip
