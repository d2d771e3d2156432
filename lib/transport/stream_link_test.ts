import { assertEquals } from "@std/assert";
import { type ByteStream, StreamLink } from "./stream_link.ts";

/** A stream whose peer ends at once; what is done to it is written down. */
class EndedStream implements ByteStream {
  readonly done: string[] = [];

  constructor(readonly closingEnds: boolean) {}

  read(): Promise<number> {
    return Promise.resolve(0);
  }

  write(bytes: Uint8Array): Promise<number> {
    this.done.push(`write ${bytes.length}`);
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    this.done.push("closeWrite");
    return Promise.resolve();
  }

  close(): void {
    this.done.push("close");
  }
}

/** What becomes of a stream whose peer ends, and whose link then writes some bytes and ends. */
async function endedLink(stream: EndedStream, bytes: number): Promise<readonly string[]> {
  const link = new StreamLink(stream, { hostname: "127.0.0.1", port: 1 });
  const closed = Promise.withResolvers<string>();
  link.start({
    receive: () => {},
    ended: () => {
      if (bytes > 0) link.write(new Uint8Array(bytes));
      link.end("left");
    },
    closed: closed.resolve,
  });
  return [...stream.done, await closed.promise, ...stream.done];
}

Deno.test("a peer who has ended, and is owed nothing, is only closed", async () => {
  assertEquals(await endedLink(new EndedStream(true), 0), ["left", "close"]);
});

Deno.test("what a peer who has ended is still owed is written before the end", async () => {
  assertEquals(await endedLink(new EndedStream(true), 3), ["left", "write 3", "closeWrite", "close"]);
});

Deno.test("where closing alone does not say that nothing more comes, that is said before", async () => {
  assertEquals(await endedLink(new EndedStream(false), 0), ["left", "closeWrite", "close"]);
});
