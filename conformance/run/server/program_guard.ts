/**
 * Ends a program that was started, and all that it has started itself, when this program is over: also when it was killed
 * (SIGKILL), and so could not do anything about it any more.
 *
 * @module
 */

/** What a program that is watched has in its environment, and so have those that it starts: by it they are found again. */
export const WATCHED = "CHAT_CONFORM_SERVER";

/**
 * Reads until the other end of the pipe is closed, and then ends the group `$1`, what has one of it above it, and, where the system
 * shows environments, what has `$2` in its own. The last may have begun something meanwhile, and so is looked for again.
 */
const SCRIPT = `
trap '' HUP INT TERM
# Where the system can start no more programs (a fork ends this script then), what is marked is looked for with what the shell itself has.
end_marked() {
  for file in /proc/[0-9]*/environ; do
    while line=; IFS= read -r line || [ -n "$line" ]; do
      case $line in *"$1"*) pid=\${file#/proc/}; kill -s KILL "\${pid%/environ}";; esac
    done <"$file"
  done 2>/dev/null
}
trap 'kill -s KILL -- "-$1"; end_marked "$2"; end_marked "$2"; end_marked "$2"' EXIT
read -r _
below=$(ps -Ao pid=,ppid= 2>/dev/null | awk -v root="$1" '
  { above[$1] = $2 }
  END { for (one in above) { for (up = one; up > 1 && up != root; up = above[up]); if (up == root) print one } }')
for pid in $below; do kill -s KILL "$pid" 2>/dev/null; done
kill -s KILL -- "-$1" 2>/dev/null
for attempt in 1 2 3; do
  files=$(grep -ls "$2" /proc/[0-9]*/environ 2>/dev/null)
  [ -n "$files" ] || break
  for file in $files; do
    pid=\${file#/proc/}
    kill -s KILL "\${pid%/environ}" 2>/dev/null
  done
done
trap - EXIT
exit 0
`;

/** Watches over one program, where the system has a shell for it. */
export class ProgramGuard {
  readonly #shell: Deno.ChildProcess | undefined;

  /**
   * Begins to watch.
   *
   * @param group The process group of the program.
   * @param mark What it has in its environment under that name.
   * @param name A name that what it starts does not set anew.
   */
  constructor(group: number, mark: string, name = WATCHED) {
    this.#shell = startShell(["-c", SCRIPT, "sh", String(group), `${name}=${mark}`]);
  }

  /** Ends what is still there of it, and watches no more. */
  async end(): Promise<void> {
    await this.#shell?.stdin.close().catch(() => {});
    await this.#shell?.status;
  }
}

function startShell(args: readonly string[]): Deno.ChildProcess | undefined {
  if (Deno.build.os === "windows") return undefined;
  try {
    // In a session of its own, it lives on when somebody ends ours.
    return new Deno.Command("sh", { args: [...args], detached: true, stdin: "piped", stdout: "null", stderr: "null" })
      .spawn();
  } catch {
    // Without one, what can be done is done when we end by ourselves.
    return undefined;
  }
}
