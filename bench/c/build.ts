/**
 * The bench's own programs in C, built whenever it runs: the load generator, and the byte relay that is the limit.
 *
 * @module
 */

/** Where the programs are, for as long as they are needed. */
export interface Programs extends AsyncDisposable {
  /** The load generator. */
  readonly load: string;
  /** The byte relay. */
  readonly relay: string;
}

const SOURCES = {
  load: ["load/main.c", "load/link.c", "load/message.c", "load/script.c", "load/exchange.c", "load/arrivals.c"]
    .concat(["load/latencies.c", "load/processor.c"]),
  relay: ["relay.c"],
} as const;

async function compile(sources: readonly string[], output: string): Promise<void> {
  const paths = sources.map((source) => new URL(source, import.meta.url).pathname);
  const { success, stderr } = await new Deno.Command("cc", {
    args: ["-O2", "-Wall", "-Wextra", "-Werror", "-o", output, ...paths, "-lm"],
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`cc: ${new TextDecoder().decode(stderr)}`);
}

/**
 * Builds the programs into a temporary folder.
 *
 * @returns them, or in a few words why there can be none here.
 */
export async function buildPrograms(): Promise<Programs | string> {
  if (Deno.build.os !== "linux") return "the load generator needs epoll, which is Linux's alone";
  const folder = await Deno.makeTempDir({ prefix: "chat-bench-" });
  const remove = () => Deno.remove(folder, { recursive: true });
  const programs = { load: `${folder}/load`, relay: `${folder}/relay`, [Symbol.asyncDispose]: remove };
  try {
    await Promise.all([compile(SOURCES.load, programs.load), compile(SOURCES.relay, programs.relay)]);
    return programs;
  } catch (error) {
    await remove();
    if (error instanceof Deno.errors.NotFound) return "the load generator is built with cc, which is not there";
    throw error;
  }
}
