import { assertEquals } from "@std/assert";
import { type PageSocket, WebConnection } from "./web_connection.ts";

/** A socket that carries nothing anywhere. */
class FakeSocket implements PageSocket {
  onmessage: PageSocket["onmessage"] = null;
  onclose: PageSocket["onclose"] = null;
  readyState: PageSocket["readyState"] = WebSocket.CONNECTING;
  readonly sent: string[] = [];
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.sent.push("closed");
  }
  /** Something comes. */
  say(data: unknown): void {
    this.onmessage?.call({} as WebSocket, new MessageEvent("message", { data }));
  }
  /** It breaks. */
  break(): void {
    this.onclose?.call({} as WebSocket, new CloseEvent("close"));
  }
}

Deno.test("one connection takes the place of another, of which nothing is heard any more", () => {
  const sockets: FakeSocket[] = [];
  const heard: unknown[] = [];
  const make = () => {
    sockets.push(new FakeSocket());
    return sockets.at(-1)!;
  };
  const connection = new WebConnection(make, {
    heard: (message) => heard.push(message.type),
    closed: () => heard.push("closed"),
  });
  connection.say({ type: "leave" });
  connection.open();
  const [first] = sockets;
  connection.say({ type: "leave" });
  assertEquals(first!.sent, [], "it is not open yet");
  first!.readyState = WebSocket.OPEN;
  connection.say({ type: "leave" });
  first!.say('{"type":"absent","name":"bob"}');
  first!.say("{");
  first!.say(new ArrayBuffer(1));
  assertEquals([first!.sent, heard], [['{"type":"leave"}'], ["absent"]]);
  connection.open();
  assertEquals(first!.sent.at(-1), "closed");
  first!.say('{"type":"absent","name":"bob"}');
  first!.break();
  assertEquals(heard, ["absent"]);
  sockets[1]!.break();
  connection.close();
  assertEquals(heard, ["absent", "closed"]);
});
