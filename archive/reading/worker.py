"""A worker process: pickled pages on standard input, one after the other, pickled answers on standard output.

It knows nothing of the program that started it but where modules are found: a script that reads pages is not run again
in each of its workers, as it would be by multiprocessing. It ends when its standard input does, so with its parent.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.extraction import Page
    from archive.reading.once import Read

# What it takes to read these is loaded before a fork. The first is plainly English, with a name, a day and a place;
# nearly every batch has a text that is not English, too.
SAMPLES = {
    "en": """The council and the bridge

Mayor Ada Brandt of Philadelphia said on Monday that the council will meet in the old town hall, and that it is to
decide on the bridge by January 31, 2025, as the people of the town have asked for it.

The Department of Transportation has been told of what was found, and it will say by the end of the week whether
the road that leads to it can be used, she said in a letter that was read to all who had come.""",
    "fr": """Le conseil et le pont

Anne Dupont, maire de Lyon, a dit mardi que le conseil municipal se réunira mercredi dans l'ancienne mairie, et
qu'il doit se prononcer sur le pont avant le 31 janvier 2025, comme les gens de la ville l'ont demandé.""",
}


def samples(*, texts: bool) -> Iterator[Page]:
    """Pages to read before a fork, or texts that came without one."""
    from archive.extraction import Page
    from archive.extraction.stated import written
    from archive.model import Stated

    for lang, text in SAMPLES.items():
        title, *paragraphs = text.split("\n\n")
        if texts:
            page = written("\n\n".join(paragraphs), Stated(title, lang=lang))
        else:
            body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
            head = f"<title>{title}</title></head><body><article><h1>{title}</h1>"
            page = f'<html lang="{lang}"><head>{head}{body}</article></body></html>'.encode()
        yield Page("https://paper.example/", page, "utf-8", "text/html")


def main() -> None:
    """Be what others are forked from where we are told so, else read pages."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    (*_, option) = sys.argv
    if option.startswith("--parent="):
        be_parent(option.partition("=")[2])
    else:
        serve()


def serve() -> None:
    """Say that we are there ("", or why we are of no use), then answer a page, or several, with what each says.

    None is the answer where whoever asks is to try it himself.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no part of the answer
    from archive.reading.once import read
    from archive.reading.packing import packed

    try:
        sys.path[:], pickled = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own parent
    except EOFError:
        return  # it was ended before it had anything to say
    answer: object = ""
    try:
        recogniser = pickle.loads(pickled)  # noqa: S301 - as above
    except Exception as error:  # noqa: BLE001 - what an object of others does
        answer = f"{type(error).__name__}: {error}"

    def answered(page: Page) -> bytes | Read | None:
        try:
            return packed(read(page, recogniser))
        except Exception:  # noqa: BLE001 - no fault of the page: our parent meets it too, and says what it is
            return None

    while True:
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
        try:
            asked = pickle.load(sys.stdin.buffer)  # noqa: S301 - as above
        except EOFError:
            return
        answer = tuple(map(answered, asked)) if isinstance(asked, tuple) else answered(asked)
        _settle_down()


def be_parent(loading: str) -> None:
    """Load what each reader needs, then make one whenever standard input, a socket, brings two ends of pipes for it.

    `loading` names the recogniser, and what is to be read: pages or texts. A number asks how the reader that has it has
    ended. The answer to either is a number.
    """
    from archive.extraction.language import load_detector
    from archive.reading.once import read

    beside = Thread(target=load_detector)  # unpacks for half a second, and needs no lock for it
    beside.start()
    recogniser, _, what = loading.partition(",")
    for page in samples(texts=what == "texts"):
        read(page, recogniser or "none")
    beside.join()  # only one without threads forks well
    _settle_down()
    line = socket.socket(fileno=0)
    while True:
        said, ends, *_ = socket.recv_fds(line, 64, 2)
        if not said:
            return
        answer = os.fork() if ends else _status(int(said))
        for place, end in enumerate(ends):
            if not answer:  # we are the new one: what comes out of the first is read, answers go into the second
                os.dup2(end, place)
            os.close(end)
        if not answer and ends:
            serve()
            return
        line.send(str(answer).encode())


def _status(number: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


@cache
def _settle_down() -> None:
    """What the first page has loaded stays, and pages leave next to no cycles: looking for some was 3 % of the work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # whoever asked is gone
        main()
