import { assertThrows } from "@std/assert";
import { ChatError } from "../core/error.ts";
import { checkSecured } from "./secured_nats.ts";

Deno.test("an older Deno, which cannot have TLS to NATS, is named before anything is tried", () => {
  assertThrows(
    () => checkSecured(["nats://n:1", "tls://n:2"], "2.4.2"),
    ChatError,
    "does not come about in Deno 2.4.2",
  );
  checkSecured(["tls://n:1"], "2.9.6");
  checkSecured(["nats://n:1"], "2.4.2");
});
