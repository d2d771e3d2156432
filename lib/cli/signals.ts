/**
 * Signals that ask the program to stop, to read its files again, or how it is: what each command does at one, and which there are on
 * this system.
 *
 * @module
 */

const IS_WINDOWS = Deno.build.os === "windows";
/** They ask any command to stop. */
const STOP_SIGNALS: readonly Deno.Signal[] = IS_WINDOWS ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];
/** A server reads its files again for it; to the others it says that the terminal is gone. */
const HANGUP: readonly Deno.Signal[] = IS_WINDOWS ? [] : ["SIGHUP"];
/** They ask a server how it is. Both, because `deno run` takes SIGUSR1 for a wish to debug the program as well; a binary does not. */
const STATUS_SIGNALS: readonly Deno.Signal[] = IS_WINDOWS ? [] : ["SIGUSR1", "SIGUSR2"];

/** The exit status of a program that a signal has ended, as shells count: 128 and the signal's number. */
const EXIT_STATUS: { readonly [signal: string]: number } = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143, SIGBREAK: 149 };

/** For `serve`: waits for a signal that asks it to stop, and says which. A second one ends the program at once. */
export function stopSignal(): Promise<Deno.Signal> {
  return firstOf(STOP_SIGNALS);
}

/**
 * For `conform`: is aborted by the first signal that asks it to stop, with the exit status for it. A second one ends the program at
 * once.
 */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  firstOf([...STOP_SIGNALS, ...HANGUP]).then((signal) => interrupted.abort(EXIT_STATUS[signal]));
  return interrupted.signal;
}

/**
 * For `connect` at a terminal, which must be given back before we go: has `act` called by every signal that asks it to stop. Returns
 * how to be called no more.
 */
export function onStopSignal(act: () => void): () => void {
  return listen([...STOP_SIGNALS, ...HANGUP], act);
}

/** For `serve`: has `act` called whenever somebody asks for files to be read again, where there is such a signal. */
export function onReloadSignal(act: () => void): void {
  listen(HANGUP, act);
}

/** For `serve`: has `tell` called whenever somebody asks how it is, where there are such signals. */
export function onStatusSignal(tell: () => void): void {
  listen(STATUS_SIGNALS, tell);
}

function firstOf(signals: readonly Deno.Signal[]): Promise<Deno.Signal> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of signals) {
      listen([signal], () => {
        if (asked) Deno.exit(EXIT_STATUS[signal]);
        asked = true;
        resolve(signal);
      });
    }
  });
}

function listen(signals: readonly Deno.Signal[], act: () => void): () => void {
  for (const signal of signals) Deno.addSignalListener(signal, act);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, act);
  };
}
