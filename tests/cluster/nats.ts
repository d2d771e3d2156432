/**
 * A nats-server of the test's own.
 *
 * @module
 */

/** How often is looked whether it listens. */
const LOOK_MS = 50;
/** How long that may take. */
const PATIENCE_MS = 60_000;

/** A running nats-server with JetStream; disposing it ends it, and removes its store. */
export class Nats implements AsyncDisposable {
  readonly #folder: string;
  readonly #options: readonly string[];
  #process: Deno.ChildProcess;
  /** Its port. */
  readonly port: number;

  private constructor(folder: string, options: readonly string[], process: Deno.ChildProcess, port: number) {
    this.#folder = folder;
    this.#options = options;
    this.#process = process;
    this.port = port;
  }

  /** Starts one on a free port, with options of its own besides. */
  static async start(...options: readonly string[]): Promise<Nats> {
    const folder = Deno.makeTempDirSync();
    const process = spawn(folder, "-1", options);
    for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
      const port = portIn(folder, process.pid);
      if (port !== undefined) return new Nats(folder, options, process, port);
      await pass(LOOK_MS);
    }
    process.kill("SIGKILL");
    throw new Error("nats-server does not say where it listens");
  }

  /** It dies; its store stays. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.status;
  }

  /** Is there again, on the same port. */
  restart(): void {
    this.#process = spawn(this.#folder, String(this.port), this.#options);
  }

  /** Ends it for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill().catch(() => {}); // It may have died already.
    await Deno.remove(this.#folder, { recursive: true });
  }
}

function spawn(folder: string, port: string, options: readonly string[]): Deno.ChildProcess {
  const args = [...options, "-a", "127.0.0.1", "-p", port, "--ports_file_dir", folder, "-js", "-sd", `${folder}/store`];
  return new Deno.Command("nats-server", { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
}

function portIn(folder: string, pid: number): number | undefined {
  const ports = `${folder}/nats-server_${pid}.ports`;
  try {
    const port = /:(\d+)"/.exec(Deno.readTextFileSync(ports))?.[1];
    return port === undefined ? undefined : Number(port);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function pass(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration));
}
