import { assertEquals, assertRejects } from "@std/assert";
import { ChatError } from "../core/error.ts";
import type { Link } from "../core/link.ts";
import { listenUnix } from "./unix.ts";

const HAS_SOCKETS = Deno.build.os !== "windows";

function echo(link: Link): void {
  link.start({ receive: (bytes) => link.write(bytes), ended: () => link.end("left"), closed: () => {} });
}

/** Runs a test with a folder of its own. */
async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}

Deno.test({
  name: "a socket is its owner's alone, carries bytes, and is gone afterwards",
  ignore: !HAS_SOCKETS,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/admin.sock`;
      const listening = await listenUnix(path, {}, echo);
      assertEquals([namesIn(folder), Deno.statSync(path).mode! & 0o777], [["admin.sock"], 0o600]);
      const connection = await Deno.connect({ transport: "unix", path });
      await connection.write(new TextEncoder().encode("hello"));
      const bytes = new Uint8Array(16);
      assertEquals(await connection.read(bytes), 5);
      await connection.closeWrite();
      assertEquals(await connection.read(bytes), null);
      connection.close();
      listening.close();
      assertEquals(namesIn(folder), []);
    }),
});

Deno.test({
  name:
    "a socket on which somebody listens stays, one that was left behind is replaced, and anything else is left alone",
  ignore: !HAS_SOCKETS,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/admin.sock`;
      const first = await listenUnix(path, {}, echo);
      const used = await assertRejects(() => listenUnix(path, {}, echo), ChatError, "another program listens there");
      assertEquals(used.code, "port-in-use");
      // As if its server had been killed: the same socket by another name stays when the first name goes.
      Deno.linkSync(path, `${folder}/left`);
      first.close();
      Deno.renameSync(`${folder}/left`, path);
      const second = await listenUnix(path, {}, echo);
      // Somebody else has put their own there meanwhile.
      Deno.removeSync(path);
      Deno.writeTextFileSync(path, "theirs");
      second.close();
      assertEquals(Deno.readTextFileSync(path), "theirs");
      await assertRejects(() => listenUnix(path, {}, echo), ChatError, "is no socket: choose another path");
      const nowhere = `${folder}/nowhere/admin.sock`;
      await assertRejects(() => listenUnix(nowhere, {}, echo), ChatError, "cannot listen on");
      await assertRejects(() => listenUnix(`${folder}/${"x".repeat(120)}`, {}, echo), ChatError, "too long");
      assertEquals(namesIn(folder), ["admin.sock"]);
    }),
});
