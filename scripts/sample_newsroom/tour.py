"""What scripts/try does once the environment is ready: archives something, asks about it, says how to go on.

Runs the `backfile` command as a person would, and shows each command before it runs.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from sample_newsroom.server import Running, serve

ROOT = Path(__file__).resolve().parents[2]
BACKFILE = Path(sys.executable).parent / "backfile"
TRY = Path(".try")  # in the checkout, which is the current folder from main() on
QUESTION = "person:Venn topic:FPSA"
HTTP, HTTPS = 8080, 8443  # where --serve serves


def main(arguments: list[str]) -> None:
    """Dispatches on the arguments of scripts/try."""
    os.chdir(ROOT)
    if arguments in (["--help"], ["-h"]):
        print(
            "scripts/try            archive the sample newsroom and ask it a question\n"
            "scripts/try URL…       archive these pages with the sources they cite\n"
            "scripts/try --serve    serve the sample newsroom until Ctrl-C"
        )
    elif arguments == ["--serve"]:
        try:
            keep_serving()
        except OSError as error:
            sys.exit(f"Cannot serve on ports {HTTP} and {HTTPS}: {error.strerror}. End what uses them, and try again.")
    elif arguments:
        tour_of_the_web(arguments)
    else:
        tour_of_the_newsroom()


def tour_of_the_newsroom() -> None:
    """Archives the front stories and their sources, then searches by person and topic."""
    folder = TRY / "newsroom"
    shutil.rmtree(folder, ignore_errors=True)
    with serve() as newsroom:
        say(f"A newsroom of {len(newsroom.stories)} stories is being served on loopback. Archiving it:")
        run(folder, "init", str(folder))
        archive_newsroom(newsroom, folder)
    say("Now ask it something: a person and a topic, with facets.")
    run(folder, "search", QUESTION, "--facet", "person", "--facet", "place", "--limit", "5")
    say("Or a question, as people type it:")
    run(folder, "search", "Why were workers detained at the cold store?", "--limit", "3")
    lead = "https://www.sillmouthledger.example/2025/03/14/venn-docks-fpsa"
    say("And what one of these stories cites, short links resolved:")
    run(folder, "links", lead)
    say("Who is named with whom, and when was how much written? The second answer is a picture, too:")
    run(folder, "pairs", QUESTION, "--limit", "8")
    run(folder, "coverage", *QUESTION.split(), "--by", "week")
    run(folder, "coverage", *QUESTION.split(), "--by", "week", "-o", str(TRY / "coverage.svg"))
    go_on(
        folder,
        (
            ("search", 'person:"Anders Venn" -person:"Marisol Venn"'),
            ("search", "mentioned:2025-03-05 place:Sillmouth", "--sort", "oldest"),
            ("search", 'link:fpsa.example OR "one valid badge"', "--explain"),
            ("show", lead),
            ("serve",),
            ("status",),
            ("add", "https://example.com/"),
        ),
    )


def archive_newsroom(newsroom: Running, folder: Path) -> None:
    """Runs `backfile add` on the front stories, with settings that lead to the newsroom while it is there."""
    settings = folder / "backfile.toml"
    plain = settings.read_text(encoding="utf-8")
    stories = folder / "front-stories.txt"
    stories.write_text("\n".join(newsroom.urls) + "\n", encoding="utf-8")
    settings.write_text(newsroom.settings(), encoding="utf-8")
    try:
        run(folder, "add", "-", reads=stories)
    finally:
        settings.write_text(plain, encoding="utf-8")


def tour_of_the_web(urls: list[str]) -> None:
    """Archives the given pages and the sources they cite."""
    folder = TRY / "web"
    if not (folder / "backfile.toml").exists():
        run(folder, "init", str(folder))
    run(folder, "add", *urls)
    run(folder, "facets", "--facet", "person", "--facet", "topic", "--limit", "10")
    go_on(folder, (("search", "WORDS", "--facet", "person"), ("links", urls[0]), ("add", "URL"), ("--help",)))


def keep_serving() -> None:
    """Serves on fixed ports, so that the printed settings stay right, until Ctrl-C or SIGTERM."""
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before the server's threads start: they inherit it
    with serve(http_port=HTTP, https_port=HTTPS) as newsroom:
        print(f"# Put this into backfile.toml, in place of its [fetch]:\n{newsroom.settings()}", flush=True)
        print("# and archive, for example:", flush=True)
        print("\n".join(f"# backfile add {url}" for url in newsroom.urls[:3]), flush=True)
        signal.sigwait(ends)


def say(text: str) -> None:
    print(f"\n── {text}", flush=True)


def run(folder: Path, *arguments: str, reads: Path | None = None) -> None:
    """Shows one `backfile` command and runs it on `folder`; ends everything if it fails."""
    shown = " ".join(shlex.quote(argument) for argument in arguments)
    print(f"\n$ backfile {shown}" + (f" < {reads.name}" if reads else ""), flush=True)
    done = subprocess.run(
        [BACKFILE, *arguments],
        env=os.environ | {"BACKFILE_DIR": str(folder)},
        input=reads.read_bytes() if reads else None,
        check=False,
    )
    if done.returncode:
        sys.exit(done.returncode)


def go_on(folder: Path, commands: tuple[tuple[str, ...], ...]) -> None:
    say("Go on from here. It is an ordinary archive, and yours to keep:")
    print(
        f"\n  export BACKFILE_DIR={shlex.quote(str(folder.resolve()))} PATH={shlex.quote(str(BACKFILE.parent))}:$PATH"
    )
    for command in commands:
        print(f"  backfile {' '.join(shlex.quote(part) for part in command)}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
