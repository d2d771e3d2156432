/**
 * Another system than this one, as far as a module can tell: what guards what a system lacks is tried on all of them.
 *
 * @module
 */

/** What modules have asked of the system. */
export interface FakeSystem {
  /** The signals that are listened to. */
  readonly signals: readonly Deno.Signal[];
  /** The programs that were started, with their arguments. */
  readonly commands: readonly (readonly string[])[];
  /** Loads a module of this project anew, from its path: it reads which system it is. */
  load(path: string): Promise<unknown>;
}

/** The signals of Windows. To listen to any other is an error there. */
const OF_WINDOWS: readonly string[] = ["SIGINT", "SIGBREAK"];

let loads = 0;

/**
 * Calls `use` while this is another system: its name, its signals, and its programs. Of those that are only asked for something, those in
 * `programs` print what stands there, and there are no others; those that go on are really started. Windows has no groups of processes, no modes of files and no sockets in the file system.
 */
export async function onSystem<T>(
  os: typeof Deno.build.os,
  programs: Readonly<Record<string, string>>,
  use: (system: FakeSystem) => Promise<T> | T,
): Promise<T> {
  const signals: Deno.Signal[] = [];
  const commands: string[][] = [];
  const isWindows = os === "windows";
  const { Command: RealCommand, kill } = Deno;
  const lacking = (what: string) => (): never => {
    throw new Deno.errors.NotSupported(`there is no ${what} on Windows`);
  };
  class Command {
    readonly #words: readonly string[];
    readonly #options: Deno.CommandOptions;
    constructor(program: string, options: Deno.CommandOptions = {}) {
      this.#words = [program, ...options.args ?? []];
      this.#options = options;
    }
    outputSync(): Deno.CommandOutput {
      const [program = ""] = this.#words;
      commands.push([...this.#words]);
      const text = programs[program];
      if (text === undefined) throw new Deno.errors.NotFound(`there is no ${program}`);
      const stdout = new TextEncoder().encode(text);
      return { success: true, code: 0, signal: null, stdout, stderr: new Uint8Array() };
    }
    output(): Promise<Deno.CommandOutput> {
      return Promise.resolve().then(() => this.outputSync());
    }
    spawn(): Deno.ChildProcess {
      commands.push([...this.#words]);
      return new RealCommand(this.#words[0]!, this.#options).spawn();
    }
  }
  const faked = {
    build: { ...Deno.build, os },
    Command,
    addSignalListener: (signal: Deno.Signal) => {
      if (isWindows && !OF_WINDOWS.includes(signal)) throw new TypeError(`Windows has no ${signal}`);
      signals.push(signal);
    },
    removeSignalListener: (signal: Deno.Signal) => void signals.splice(signals.indexOf(signal), 1),
    kill: (pid: number, signal?: Deno.Signal) => {
      if (isWindows && pid <= 0) throw new TypeError("Windows has no groups of processes");
      kill(pid, signal);
    },
    ...isWindows && { chmod: lacking("chmod"), chmodSync: lacking("chmod") },
  };
  const real = Object.getOwnPropertyDescriptors(Deno);
  for (const [name, value] of Object.entries(faked)) {
    Object.defineProperty(Deno, name, { value, configurable: true, enumerable: true, writable: true });
  }
  try {
    const load = (path: string) => import(new URL(`../${path}?${os}=${++loads}`, import.meta.url).href);
    return await use({ signals, commands, load });
  } finally {
    for (const name of Object.keys(faked)) {
      Object.defineProperty(Deno, name, real[name as keyof typeof real] as PropertyDescriptor);
    }
  }
}
