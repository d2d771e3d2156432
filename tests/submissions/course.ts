/**
 * A course for tests: submissions that are right, wrong in one way, or make trouble, and what is to become of each.
 *
 * @module
 */

/** A submission, and what is to become of it. */
export interface Kind {
  /** The name of its folder. */
  readonly name: string;
  /** Its files, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** How it is to end, as the marks call it; several where that is left to the machine. */
  readonly endings: readonly string[];
  /** What it is to get: all, a part, or nothing. */
  readonly marks: "all" | "some" | "none";
  /** What is to be said of why it was not played, if it was not. */
  readonly why?: RegExp;
  /** What it is to be found in common with others. */
  readonly cluster?: string;
}

const FAKE = await Deno.readTextFile(new URL("../fakes/relay_server.py", import.meta.url));
/** Every start leaves a line, so that it shows how often a submission was played. */
const COUNTED = `open("starts.txt", "a").write("started\\n")\n`;
const LISTENING = `import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
`;

/** The relay server of our own tests, with faults of its own. */
function relay(faults: readonly string[] = [], before = ""): string {
  const fixed = FAKE.replace("FAULTS = set(sys.argv[2:])", `FAULTS = set(${JSON.stringify(faults)})`);
  return `${COUNTED}${before}\n${fixed.replace(/^"""[^]*?"""/, "")}`;
}

function server(text: string): Readonly<Record<string, string>> {
  return { "server.py": text };
}

const NOT_STARTED = { endings: ["does not start"], marks: "none" } as const;

/** All of them. */
export const KINDS: readonly Kind[] = [
  { name: "right", files: server(relay()), endings: ["played"], marks: "all" },
  { name: 'Ann O\'Neil & "co" <b>', files: server(relay()), endings: ["played"], marks: "all" },
  {
    name: "deaf to SIGTERM",
    files: server(relay([], "import signal; signal.signal(15, signal.SIG_IGN)")),
    endings: ["played"],
    marks: "all",
  },
  {
    name: "counts characters",
    files: server(relay(["characters"])),
    endings: ["played"],
    marks: "some",
    cluster: "counts-characters",
  },
  {
    name: "counts characters too",
    files: server(relay(["characters"])),
    endings: ["played"],
    marks: "some",
    cluster: "counts-characters",
  },
  {
    name: "confirms",
    files: server(relay(["confirms"])),
    endings: ["played"],
    marks: "some",
    cluster: "relay/send-unknown",
  },
  { name: "dies", files: server(relay(["dies"])), endings: ["played"], marks: "some", cluster: "crashes" },
  {
    name: "crashes at once",
    files: server(`${COUNTED}raise SystemExit("boom")\n`),
    ...NOT_STARTED,
    why: /status 1: boom$/,
  },
  {
    name: "hangs",
    files: server(`${LISTENING}kept = []\nwhile True: kept.append(listener.accept())\n`),
    endings: ["played"],
    marks: "none",
    cluster: "says-nothing",
  },
  {
    name: "never listens",
    files: server("import time\ntime.sleep(1000)\n"),
    ...NOT_STARTED,
    why: /takes no connection/,
  },
  { name: "spins", files: server(`${LISTENING}while True: pass\n`), endings: ["played"], marks: "none" },
  {
    name: "forks",
    files: server("import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(1000)\n    time.sleep(0.002)\n"),
    endings: ["broken off"],
    marks: "none",
    why: /--max-processes/,
  },
  {
    // Doubles, but slowly enough for whoever works beside it.
    name: "forks and forks",
    files: server("import os, time\nwhile True:\n    os.fork(); time.sleep(0.1)\n"),
    endings: ["broken off"],
    marks: "none",
    why: /--max-processes/,
  },
  {
    name: "leaves a daemon",
    files: server(
      relay([], "import subprocess; subprocess.Popen(['sleep', '1000'], start_new_session=True, close_fds=True)"),
    ),
    endings: ["played"],
    marks: "all",
  },
  {
    name: "prints without end",
    files: server(
      relay(
        [],
        "import threading\ndef talk():\n    while True: print('x' * 1000)\nthreading.Thread(target=talk, daemon=True).start()",
      ),
    ),
    // How much of it there is time for is left to the machine.
    endings: ["played", "broken off"],
    marks: "some",
  },
  {
    name: "fills the memory",
    files: server("kept = []\nwhile True: kept.append(b'x' * (8 << 20))\n"),
    endings: ["broken off"],
    marks: "none",
    why: /--max-memory/,
  },
  {
    name: "fills the disk",
    files: server("i = 0\nwhile True:\n    open(f'{i}.bin', 'wb').write(b'x' * (1 << 20)); i += 1\n"),
    endings: ["broken off"],
    marks: "none",
    why: /--max-disk/,
  },
  { name: "wrong folder", files: { "src.py": relay() }, ...NOT_STARTED, why: /No such file/ },
  {
    name: "does not build",
    files: { ...server(relay()), "build.py": "raise SystemExit('no such module')\n" },
    endings: ["does not build"],
    marks: "none",
    why: /exit status 1: no such module$/,
  },
  {
    name: "builds for ever",
    files: { ...server(relay()), "build.py": "while True: pass\n" },
    endings: ["does not build"],
    marks: "none",
    why: /ran for more than/,
  },
];

/** Writes some of them into a folder. */
export async function writeCourse(folder: string, kinds: readonly Kind[]): Promise<void> {
  await Deno.mkdir(folder);
  for (const { name, files } of kinds) {
    await Deno.mkdir(`${folder}/${name}`);
    for (const [file, text] of Object.entries({ "build.py": "", ...files })) {
      await Deno.writeTextFile(`${folder}/${name}/${file}`, text);
    }
  }
}

/** A row of `marks.json`, as far as it is looked at. */
interface MarkedRow {
  readonly name: string;
  readonly ending: string;
  readonly why?: string;
  readonly points?: number;
  readonly most?: number;
}

/** What of a course's marks, the text of `marks.json`, is not as it should be: a line each. */
export function mistakesIn(marks: string, kinds: readonly Kind[]): string[] {
  const { submissions, clusters } = JSON.parse(marks) as {
    readonly submissions: readonly MarkedRow[];
    readonly clusters: readonly { readonly key: string; readonly names: readonly string[] }[];
  };
  return kinds.flatMap((kind) => {
    const row = submissions.find(({ name }) => name === kind.name);
    if (row === undefined) return [`${kind.name} is missing`];
    const { ending, why = "", points = -1, most = -1 } = row;
    const got = points === most ? "all" : points === 0 ? "none" : "some";
    const isMarked = got === kind.marks || (kind.name === "prints without end" && got === "all");
    const isFound = kind.cluster === undefined ||
      clusters.some(({ key, names }) => key === kind.cluster && names.includes(kind.name));
    return [
      ...kind.endings.includes(ending) ? [] : [`${kind.name}: ${ending} (${why}), not ${kind.endings.join(" or ")}`],
      ...isMarked && points >= 0 ? [] : [`${kind.name}: ${points} of ${most}, not ${kind.marks}`],
      ...kind.why === undefined || kind.why.test(why) ? [] : [`${kind.name}: ${JSON.stringify(why)}, not ${kind.why}`],
      ...isFound ? [] : [`${kind.name}: not found in ${kind.cluster}`],
    ];
  });
}

/** The processes that have something to do with a folder: nothing is to be left of it. */
export async function processesIn(folder: string): Promise<string[]> {
  const script =
    `for link in /proc/[0-9]*/cwd; do case $(readlink "$link" 2>/dev/null) in "$1"*) echo "$link";; esac; done`;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script, "sh", folder] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}
