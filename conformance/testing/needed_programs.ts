/**
 * Programs that a test needs besides Deno: without one it is skipped, and says which.
 *
 * @module
 */

/** How to find out whether a program is there. */
export interface Probe {
  /** What it may be called, the likeliest first. */
  readonly commands: readonly string[];
  /** Arguments with which it ends at once, and successfully if it is the right one. */
  readonly args: readonly string[];
}

const VERSION = ["--version"];

const PROBES = {
  bash: { commands: ["bash"], args: VERSION },
  chromium: { commands: ["chromium", "chromium-browser", "google-chrome"], args: VERSION },
  fish: { commands: ["fish"], args: VERSION },
  "nats-server": { commands: ["nats-server"], args: VERSION },
  npm: { commands: ["npm"], args: VERSION },
  // Something else may go by its name, in particular where it was only promised: 3.8 is the oldest that will do.
  python3: {
    commands: Deno.build.os === "windows" ? ["python", "python3"] : ["python3", "python"],
    args: ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"],
  },
  // A terminal of its own for a program: util-linux has it, and BSD with another order of arguments.
  script: {
    commands: ["script"],
    args: Deno.build.os === "linux" ? ["-qec", "true", "/dev/null"] : ["-q", "/dev/null", "true"],
  },
  tmux: { commands: ["tmux"], args: ["-V"] },
  xmllint: { commands: ["xmllint"], args: VERSION },
  zsh: { commands: ["zsh"], args: VERSION },
} as const satisfies Record<string, Probe>;

/** A program that tests may need. */
export type NeededProgram = keyof typeof PROBES;

const found = new Map<NeededProgram, string | undefined>();

/** What a program is called here; `undefined` if it is not there, or does not run. */
export function commandOf(program: NeededProgram): string | undefined {
  if (!found.has(program)) found.set(program, findCommand(PROBES[program]));
  return found.get(program);
}

/** The first command that runs as a probe wants it to. */
export function findCommand({ commands, args }: Probe): string | undefined {
  return commands.find((command) => {
    try {
      return new Deno.Command(command, { args: [...args], stdin: "null", stdout: "null", stderr: "null" }).outputSync()
        .success;
    } catch {
      // It is missing, or this machine cannot run it: for a test that is the same.
      return false;
    }
  });
}

/**
 * The name of a test that needs programs, and whether it is skipped because one of them is missing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * // Deno.test({ ...needs(["tmux"], "Ctrl-D leaves"), fn: ... })
 * assertEquals(needs(["tmux"], "Ctrl-D leaves").name, "Ctrl-D leaves (needs tmux)");
 * ```
 */
export function needs(
  programs: readonly NeededProgram[],
  name: string,
): { readonly name: string; readonly ignore: boolean } {
  const isMissing = programs.some((program) => commandOf(program) === undefined);
  return { name: `${name} (needs ${programs.join(" and ")})`, ignore: isMissing };
}
