/**
 * Signals that ask the program to stop, or how it is.
 *
 * @module
 */

const IS_WINDOWS = Deno.build.os === "windows";
const STOP_SIGNALS: readonly Deno.Signal[] = IS_WINDOWS ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];
/** Where nothing is read again for it, it says that the terminal is gone. */
const HANGUP: readonly Deno.Signal[] = IS_WINDOWS ? [] : ["SIGHUP"];

/** The exit status of a program that a signal has ended, as shells count: 128 and the signal's number. */
const EXIT_STATUS: { readonly [signal: string]: number } = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143, SIGBREAK: 149 };

/**
 * Waits for a signal that asks the program to stop, and says which. A second one ends the program at once.
 */
export function stopSignal(signals: readonly Deno.Signal[] = STOP_SIGNALS): Promise<Deno.Signal> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of signals) {
      Deno.addSignalListener(signal, () => {
        if (asked) Deno.exit(EXIT_STATUS[signal]);
        asked = true;
        resolve(signal);
      });
    }
  });
}

/** Is aborted by the first signal that asks the program to stop, with the exit status for it. A second one ends it at once. */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  stopSignal([...STOP_SIGNALS, ...HANGUP]).then((signal) => interrupted.abort(EXIT_STATUS[signal]));
  return interrupted.signal;
}

/** Has `act` called whenever somebody asks for files to be read again (SIGHUP, where there is such a signal). */
export function onReloadSignal(act: () => void): void {
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", act);
}

/**
 * Has `tell` called whenever somebody who runs the program asks how it is (SIGUSR1 or SIGUSR2, where there are such signals).
 * Both, because `deno run` takes SIGUSR1 for a wish to debug the program as well; a binary does not.
 */
export function onStatusSignal(tell: () => void): void {
  if (Deno.build.os === "windows") return;
  for (const signal of ["SIGUSR1", "SIGUSR2"] as const) Deno.addSignalListener(signal, tell);
}
