/**
 * Servers whose connections are WebSockets.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../../lib/core/link.ts";
import { WEB } from "../../../lib/dialects/web/dialect.ts";
import { WebServerLink } from "../../../lib/transport/web/web_server_link.ts";
import type { MakeServer } from "../serving.ts";

/** The longest message that these servers take, in bytes. */
const MAX_MESSAGE = 512 * 1024;

/** What is to be told of a link on which a client asks for a WebSocket, and of which `accept` gets the messages. */
export function overWebSocket(link: Link, accept: (socket: Link) => LinkHandler): LinkHandler {
  const { webSocket } = WEB;
  if (webSocket === undefined) throw new TypeError("web is carried by a WebSocket");
  const socket = new WebServerLink(link, { protocol: webSocket, maxMessage: MAX_MESSAGE, respond: () => undefined });
  return socket.attach(accept(socket));
}

/** The same server over WebSockets. */
export function carried(make: MakeServer): MakeServer {
  return (context) => {
    const server = make(context);
    return { accept: (link) => overWebSocket(link, (socket) => server.accept(socket)) };
  };
}
