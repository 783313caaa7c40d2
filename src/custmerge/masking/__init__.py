"""A result's tables in which what tells a person is masked, and still can be linked.

A masked value is its kind and a keyed hash of its normalized form: HMAC-SHA-256
(RFC 2104) cut to 64 bits. One customer's e-mail address has one token wherever it
stands and however it is written, also in another file masked with the same key; and
nobody without the key can find it by trying.
"""

from __future__ import annotations

from custmerge.masking.masks import Mask
from custmerge.masking.tables import Masked

__all__ = ["Mask", "Masked"]
