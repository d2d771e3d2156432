/**
 * A terminal that shows a whole screen, and whose keys are read one by one.
 *
 * @module
 */

import type { ConformIo } from "../io.ts";
import { type Key, readKeys } from "./keys.ts";
import { ENTER_SCREEN, LEAVE_SCREEN, ScreenPainter } from "./screen_painter.ts";
import type { Room } from "./watch_view.ts";

/** Who hears from a terminal. */
export interface TerminalEvents {
  /** Keys were pressed. */
  onKeys(keys: readonly Key[]): void;
  /** It is to be painted again: it has another size, or somebody else has written on it. */
  onResize(): void;
}

/** A terminal, taken until it is closed. */
export interface WatchTerminal {
  /** How much room there is. */
  readonly room: Room;
  /** Shows these rows. */
  show(rows: readonly string[]): void;
  /** Gives it back. */
  close(): void;
}

/** The signals for another size, and to go on after a stop, where the system has them. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows" ? [] : ["SIGWINCH", "SIGCONT"];
const FALLBACK: Room = { columns: 80, rows: 24 };

/** Takes the terminal of this program; without keys where its standard input is none. */
export function openTerminal({ out }: ConformIo, { onKeys, onResize }: TerminalEvents): WatchTerminal {
  const painter = new ScreenPainter();
  const hasKeys = Deno.stdin.isTerminal();
  // Ctrl-C and Ctrl-Z stay signals.
  const takeKeys = () => hasKeys && Deno.stdin.setRaw(true, { cbreak: Deno.build.os !== "windows" });
  const enter = () => {
    takeKeys();
    out(ENTER_SCREEN);
    painter.forget();
  };
  const again = () => {
    enter();
    onResize();
  };
  enter();
  const reading = new AbortController();
  if (hasKeys) void readAll(onKeys, reading.signal);
  for (const signal of SIGNALS) Deno.addSignalListener(signal, again);
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    removeEventListener("unload", close);
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, again);
    reading.abort();
    if (hasKeys) Deno.stdin.setRaw(false);
    out(LEAVE_SCREEN);
  };
  // Whatever ends the program.
  addEventListener("unload", close);
  return {
    get room() {
      return { ...roomOf(), hasNoKeys: !hasKeys };
    },
    show: (rows) => {
      const painted = isOpen ? painter.paint(rows) : "";
      if (painted !== "") out(painted);
    },
    close,
  };
}

function roomOf(): Room {
  try {
    const { columns, rows } = Deno.consoleSize();
    // Some say that they have none.
    return columns > 0 && rows > 0 ? { columns, rows } : FALLBACK;
  } catch {
    return FALLBACK;
  }
}

async function readAll(onKeys: (keys: readonly Key[]) => void, signal: AbortSignal): Promise<void> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(1024);
  while (!signal.aborted) {
    const length = await Deno.stdin.read(buffer).catch(() => null);
    if (length === null || signal.aborted) return;
    onKeys(readKeys(decoder.decode(buffer.subarray(0, length), { stream: true })));
  }
}
