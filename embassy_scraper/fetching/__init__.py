"""Fetching: manners, robots.txt, addresses, encodings: how the site and the archives are asked."""
