/**
 * Links over sockets of the file system, for programs of the same machine and user.
 *
 * @module
 */

import { ChatError } from "../core/error.ts";
import type { HalfClosingLink } from "../core/link.ts";
import type { ListenSettings } from "../core/runtime.ts";
import { Acceptor } from "./acceptor.ts";
import { BufferPool } from "./buffers.ts";
import { reasonOf } from "./listening.ts";
import { REAL_TIME } from "./real_time.ts";
import { DEFAULT_WRITE_TIMEOUT, StreamLink } from "./stream_link.ts";
import { WriteWatch } from "./write_watch.ts";

/** Something that listens on a path. */
export interface UnixListening {
  /** Stops listening, and removes the socket, if it is still the one that was made. */
  close(): void;
}

/** All peers are on this machine, and have no address. */
const REMOTE = { hostname: "unix", port: 0 };
/** Only who owns the socket may connect. */
const OWNERS = 0o600;
/** The longest path of a socket, in bytes, that all systems take. */
const LONGEST = 103;

const encoder = new TextEncoder();

/**
 * Listens on a path, as a socket that nobody but its owner may open, and calls `onLink` for each client, who is to start the link.
 * A socket on which nobody listens any more is replaced.
 *
 * Rejects with a `ChatError`: `port-in-use` if somebody listens there, `cannot-listen` if something else is there, or it fails for
 * any other reason.
 */
export async function listenUnix(
  path: string,
  options: ListenSettings,
  onLink: (link: HalfClosingLink) => void,
): Promise<UnixListening> {
  const shown = JSON.stringify(path);
  if (Deno.build.os === "windows") throw cannot(`there are no sockets in the file system on Windows: choose a port`);
  await refuseIfInUse(path, shown);
  const listener = open(path, shown);
  const inode = Deno.lstatSync(path).ino;
  const shared = {
    pool: new BufferPool(),
    watch: new WriteWatch(options.writeTimeout ?? DEFAULT_WRITE_TIMEOUT, REAL_TIME),
  };
  const acceptor = new Acceptor<Deno.Conn>(listener, options, (connection) => {
    const link = new StreamLink(connection, REMOTE, { ...shared, ...options });
    try {
      onLink(link);
    } catch (error) {
      link.abort("fault");
      (options.onFault ?? reportError)(error);
    }
  });
  return {
    close() {
      acceptor.close();
      try {
        if (Deno.lstatSync(path).ino === inode) Deno.removeSync(path);
      } catch (error) {
        // Somebody has cleaned up, or has taken the folder from us: there is nothing left to do, or nothing that we could.
        if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied)) throw error;
      }
    },
  };
}

/** Throws unless nothing is there, or a socket on which nobody listens. */
async function refuseIfInUse(path: string, shown: string): Promise<void> {
  try {
    if (!Deno.lstatSync(path).isSocket) throw cannot(`${shown} is there and is no socket: choose another path`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error instanceof ChatError ? error : cannot(`cannot listen on ${shown}: ${reasonOf(error)}`, error);
  }
  try {
    const connection = await Deno.connect({ transport: "unix", path });
    connection.close();
  } catch (error) {
    // Reset by whoever stops listening just now.
    if (error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.ConnectionReset) return;
    throw cannot(`cannot find out whether somebody listens on ${shown}: ${reasonOf(error)}`, error);
  }
  throw new ChatError("port-in-use", `${shown} is in use: another program listens there`);
}

/** Makes the socket in a folder that nobody else may enter, so that it can never be opened by others, whatever the umask is. */
function open(path: string, shown: string): Deno.UnixListener {
  const dir = path.includes("/") ? path.replace(/[^/]*$/, "") : "./";
  let safe: string | undefined;
  try {
    safe = Deno.makeTempDirSync({ dir, prefix: ".chat-" });
    const made = `${safe}/s`;
    const longest = Math.max(encoder.encode(made).length, encoder.encode(path).length);
    if (longest > LONGEST) throw cannot(`${shown} is too long for a socket by ${longest - LONGEST} bytes`);
    const listener = Deno.listen({ transport: "unix", path: made });
    try {
      Deno.chmodSync(made, OWNERS);
      Deno.renameSync(made, path);
    } catch (error) {
      listener.close();
      throw error;
    }
    return listener;
  } catch (error) {
    throw error instanceof ChatError ? error : cannot(`cannot listen on ${shown}: ${reasonOf(error)}`, error);
  } finally {
    if (safe !== undefined) Deno.removeSync(safe, { recursive: true });
  }
}

function cannot(text: string, cause?: unknown): ChatError {
  return new ChatError("cannot-listen", text, { cause });
}
