"""Single keys from the terminal that the process runs in."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

__all__ = ["Pressed", "pressed_keys"]

Pressed = tuple[Iterator[str], Callable[[], object]]
"""What is pressed, and what forgets the keys that nobody has asked for yet."""
_ENDS = ("\x04", "\x1a")
"""Control with D and, as Windows has it, with Z."""

if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def pressed_keys() -> Iterator[Pressed]:
        """Let keys come one by one, as of other systems."""
        yield iter(_pressed, ""), _forget

    def _pressed() -> str:
        key = msvcrt.getwch()
        if key == "\x03":
            raise KeyboardInterrupt
        if key in ("\0", "\xe0"):  # an arrow or the like; which one comes after it
            return key + msvcrt.getwch()
        return "" if key in _ENDS else key

    def _forget() -> None:
        while msvcrt.kbhit():
            msvcrt.getwch()

else:
    import select
    import termios
    import tty

    @contextmanager
    def pressed_keys() -> Iterator[Pressed]:
        """Let keys come one by one, unechoed, until the context is left.

        Yields:
            Keys, until the one that ends the input; and a function to call before each
            question, so that no key is an answer to what was not in sight.
        """
        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
        try:
            # Setting the mode forgets, and helps where Control-Z has changed it.
            yield (
                iter(partial(_pressed, terminal), ""),
                partial(tty.setcbreak, terminal),
            )
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)

    def _pressed(terminal: int) -> str:
        """Return what one key sends, or what is put in at once; empty at the end."""
        # Python sees an interruption that comes just before a wait only after it.
        while not select.select([terminal], [], [], _LONGEST_WAIT)[0]:
            pass
        text = os.read(terminal, _MOST).decode(errors="replace")
        return "" if text in _ENDS else text

    _LONGEST_WAIT = 0.5
    _MOST = 64
    """Bytes of a key: arrows send several, and so do Chinese characters."""
