/**
 * Control groups of Linux for a program and all that it starts, where they may be made: what is in them cannot leave them, cannot become more
 * than it may be, and takes as much of the processor as one program, however many it is.
 *
 * @module
 */

/** Does something for each of the groups that the shell is in, of both versions, that matters here: \`own\` is the program's in it. */
const EACH = `
each() {
  while IFS=: read -r _ kinds path; do
    case $kinds in
      pids | cpu | cpu,cpuacct | cpuacct,cpu) base=/sys/fs/cgroup/$kinds$path ;;
      "") base=/sys/fs/cgroup$path ;;
      *) continue ;;
    esac
    own=\${base%/}/$name
    [ -e "$base/cgroup.procs" ] && "$1"
  done </proc/self/cgroup
} 2>/dev/null
`;

/** Has the shell and what it executes be in groups named \`$1\`, with at most \`$2\` tasks. */
const ENTER = `
enter() {
  mkdir "$own" || return
  case $kinds in cpu*) ;; *) echo "$tasks" >"$own/pids.max" || { rmdir "$own"; return; } ;; esac
  echo $$ >"$own/cgroup.procs" || rmdir "$own"
}
name=$1 tasks=$2
each enter
`;

/** Ends what is left in the groups named \`$1\`, and removes them, and those that were left empty by who was killed. */
const LEAVE = `
leave() {
  for round in 1 2 3 4 5 6 7 8 9 10; do
    found=
    while read -r pid; do kill -s KILL "$pid"; found=1; done <"$own/cgroup.procs"
    [ -n "$found" ] || break
  done
  rmdir "$base"/$names-*
}
name=$1 names=$2
each leave
exit 0
`;

/** How the names of all such groups begin; what follows is no program's but one's. */
export const CONTROL_GROUP_NAMES = "chat-submission";

/** Lines for a shell that has the name of its groups and how many tasks there may be as its first words, and then executes the program. */
export const ENTER_GROUPS: string = `${EACH}${ENTER}`;

/** Ends all that is left in the groups of a name, and removes them; does nothing where there are none. */
export async function leaveGroups(name: string): Promise<void> {
  if (Deno.build.os !== "linux") return;
  try {
    const args = ["-c", `${EACH}${LEAVE}`, "sh", name, CONTROL_GROUP_NAMES];
    await new Deno.Command("sh", { args, stdin: "null", stdout: "null", stderr: "null" }).output();
  } catch {
    // Where no program can be started, the guard has ended what it could find.
  }
}
