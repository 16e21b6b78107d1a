"""Runs the demo's commands, and keeps account of the time and memory of each."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DIM, BOLD, GREEN, RED, PLAIN = "\033[2m", "\033[1m", "\033[32m", "\033[31m", "\033[0m"
WIDTH = 62


@dataclass
class Account:
    """Prints a line for each step; the commands' own output goes to the log."""

    log: Path
    folder: Path
    """The working directory of the commands."""
    step: int = 0
    is_terminal: bool = sys.stdout.isatty()

    def paint(self, style: str, text: str) -> str:
        """Returns the text in a style, plain where nobody sees it."""
        coloured = self.is_terminal and not os.environ.get("NO_COLOR")
        return f"{style}{text}{PLAIN}" if coloured else text

    def title(self, title: str) -> None:
        """Announces a step."""
        self.step += 1
        print(f"\n{self.paint(BOLD, f'{self.step}. {title}')}", flush=True)

    def run(self, *command: str | Path, shown: str | None = None) -> str:
        """Runs a command to its end, prints what it took, and returns its stdout."""
        words = [str(word) for word in command]
        text = f"$ {shown or ' '.join(words)}"
        begin = time.monotonic()
        with self._clock(text, begin):
            code, output, memory = self._execute(words)
        took = f"{time.monotonic() - begin:7.1f} s {memory / 1e9:6.2f} GB"
        clear = "\r\033[K" if self.is_terminal else ""
        print(f"{clear}   {text:{WIDTH}} {self.paint(DIM, took)}", flush=True)
        if code != 0:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-25:])
            print(self.paint(RED, f"\nexit code {code}; the end of {self.log}:\n") + tail)
            sys.exit(1)
        return output

    def say(self, text: str) -> None:
        """Prints a line below the step's commands."""
        print(f"   {text}", flush=True)

    @contextmanager
    def _clock(self, text: str, begin: float) -> Iterator[None]:
        """Shows the seconds while a command runs, on a terminal."""
        done = threading.Event()

        def tick() -> None:
            while not done.wait(0.5):
                seconds = time.monotonic() - begin
                print(f"\r   {text:{WIDTH}} {seconds:7.0f} s", end="", flush=True)

        thread = threading.Thread(target=tick, daemon=True)
        if self.is_terminal:
            print(f"   {text}", end="", flush=True)
            thread.start()
        try:
            yield
        finally:
            done.set()
            if self.is_terminal:
                thread.join()

    def _execute(self, words: list[str]) -> tuple[int, str, int]:
        """Returns exit code, stdout, and the peak memory in bytes of the largest process."""
        stdout = self.log.with_suffix(".stdout")
        with self.log.open("a") as log, stdout.open("w") as out:
            print(f"\n$ {' '.join(words)}", file=log, flush=True)
            process = subprocess.Popen(
                words, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=log
            )
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except KeyboardInterrupt:
                process.wait()
                print()
                sys.exit(130)
        process.returncode = os.waitstatus_to_exitcode(status)
        unit = 1 if sys.platform == "darwin" else 1024
        return process.returncode, stdout.read_text(), usage.ru_maxrss * unit
