import { assert, assertEquals, assertThrows } from "@std/assert";
import { Histogram } from "../../core/histogram.ts";
import { metricsText } from "./metrics.ts";
import type { ServerReading } from "./server_reading.ts";
import { readOpenMetrics, type Series, sumOf } from "./testing/open_metrics.ts";
import { AdminWorld } from "./testing/admin_world.ts";

function histogram(...values: number[]): Histogram {
  const histogram = new Histogram([0.5, 1]);
  for (const value of values) histogram.record(value);
  return histogram;
}

const READING: ServerReading = {
  version: "0.1.0",
  startedAt: 1_000,
  at: 3_000,
  state: "serving",
  dialects: {
    relay: {
      accepted: 7,
      outcomes: { delivered: 4, "timed-out": 1 },
      inFlight: 2,
      acknowledged: histogram(0.1, 0.5, 0.75, 3),
      connections: 3,
      users: 1,
      closed: { "left": 2, "slow-reader": 1 },
    },
    'odd"\\\n': { accepted: 0, outcomes: { delivered: 0 }, inFlight: 0, connections: 0, users: 0, closed: {} },
  },
  usersElsewhere: 0,
  queuedBytes: 12,
  eventLoopDelay: histogram(),
  memory: { rss: 1e9 },
  certificateUntil: 5_000,
  cluster: {
    label: "a",
    epoch: 1,
    isServing: true,
    peers: [],
    counts: {
      nodes: 2,
      nodesSeen: 3,
      claims: {
        names: { held: 4, waiting: 1 },
        ids: { held: 0, waiting: 0 },
        groups: { held: 0, waiting: 0 },
      },
      requests: { asked: 9, answered: 5, timedOut: 2, refused: 1 },
      served: 0,
      reconnects: 0,
      bytes: { sent: 0, received: 0 },
    },
  },
};

Deno.test("metrics are OpenMetrics where that is asked for, and the same for Prometheus", async () => {
  const { contentType, text } = await metricsText(READING, true);
  assertEquals(contentType, "application/openmetrics-text; version=1.0.0; charset=utf-8");
  const series = readOpenMetrics(text);
  const expected = {
    'chat_messages_accepted_total{dialect="relay"}': 7,
    'chat_messages_settled_total{dialect="relay",outcome="timed-out"}': 1,
    'chat_messages_in_flight{dialect="relay"}': 2,
    'chat_acknowledgement_seconds_bucket{dialect="relay",le="1.0"}': 3,
    'chat_acknowledgement_seconds_count{dialect="relay"}': 4,
    'chat_connections_closed_total{dialect="relay",reason="slow-reader"}': 1,
    'chat_users{dialect="odd\\"\\\\\\n"}': 0,
    'chat_cluster_claims{kind="names",state="held"}': 4,
    'chat_cluster_requests_total{outcome="timed_out"}': 2,
    "chat_cluster_nodes": 2,
    "chat_certificate_expiry_timestamp_seconds": 5,
  };
  for (const [name, value] of Object.entries(expected)) assertEquals(series.get(name), value, name);
  assertEquals([...series.keys()].filter((name) => !name.startsWith("chat_")), []);
  const prometheus = await metricsText(READING, false);
  assertEquals(prometheus.contentType, "text/plain; version=0.0.4; charset=utf-8");
  const samples = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  assertEquals(samples(prometheus.text), samples(text));
});

Deno.test("the reader of the tests refuses what is no OpenMetrics", async () => {
  const { text } = await metricsText(READING, true);
  const broken: readonly [RegExp | string, string][] = [
    ["# EOF\n", ""],
    ["# TYPE chat_users gauge", "# TYPE chat_users counter"],
    ['chat_users{dialect="relay"} 1', 'chat_users{dialect="relay"} one'],
    ['chat_users{dialect="relay"} 1', 'chat_users{dialect="relay",dialect="relay"} 1'],
    ['le="1.0"} 3', 'le="1"} 3'],
    ['le="1.0"} 3', 'le="1.0"} 1'],
    [/chat_acknowledgement_seconds_sum.*\n/, ""],
    [/(chat_queued_bytes 12\n)/, "$1$1"],
    ["# HELP", "\n# HELP"],
  ];
  for (const [what, instead] of broken) {
    const wrong = text.replace(what, instead);
    assert(wrong !== text, String(what));
    assertThrows(() => readOpenMetrics(wrong), TypeError, undefined, String(what));
  }
});

/** What was taken, what has an outcome, and what is in flight, of a dialect. */
function balance(series: Series, dialect: string): readonly [accepted: number, settled: number, inFlight: number] {
  return [
    sumOf(series, "chat_messages_accepted_total", { dialect }),
    sumOf(series, "chat_messages_settled_total", { dialect }),
    sumOf(series, "chat_messages_in_flight", { dialect }),
  ];
}

Deno.test("while users talk, do not answer and vanish, what was taken is what has an outcome and what is in flight", async () => {
  await AdminWorld.run(async (there) => {
    const encoder = new TextEncoder();
    const outcomes = { delivered: 0, refused: 0 };
    const join = async (name: string, side: string, hear: (text: string) => void) => {
      const link = await there.connect("relay");
      const decoder = new TextDecoder();
      link.start({
        receive: (bytes) => hear(decoder.decode(bytes)),
        ended: () => link.end("left"),
        closed: () => {},
      });
      link.write(encoder.encode(`REGISTER ${side} ${name}\n\n`));
      return link;
    };
    const senders = await Promise.all(Array.from({ length: 6 }, async (_, i) => {
      await join(`a${i}`, "TORECV", () => {});
      return await join(`a${i}`, "TOSEND", (text) => {
        outcomes.delivered += text.match(/SENT b/g)?.length ?? 0;
        outcomes.refused += text.match(/ERROR 102/g)?.length ?? 0;
      });
    }));
    // A third of the recipients answers, a third is silent, a third is not there.
    const recipients = await Promise.all(Array.from({ length: 4 }, async (_, i) => {
      await join(`b${i}`, "TOSEND", () => {});
      const link = await join(`b${i}`, "TORECV", (text) => {
        if (i < 2) {
          for (const [, from] of text.matchAll(/FORWARD (a\d)/g)) link.write(encoder.encode(`RECEIVED ${from}\n\n`));
        }
      });
      return link;
    }));
    await there.pass(100);
    let sent = 0;
    const seen: number[] = [];
    const look = async () => {
      const { text } = await there.ask("GET", "/metrics", undefined, { Accept: "application/openmetrics-text" });
      const [accepted, settled, inFlight] = balance(readOpenMetrics(text), "relay");
      assertEquals(accepted, settled + inFlight);
      seen.push(inFlight);
      return readOpenMetrics(text);
    };
    for (let round = 0; round < 20; round++) {
      for (const [i, sender] of senders.entries()) {
        sender.write(encoder.encode(`SEND b${i}\nContent-length: 2\n\nhi`));
        sent++;
      }
      if (round === 8) recipients[2]!.abort("done");
      if (round % 4 === 0) await look();
      await there.pass(200);
    }
    await there.pass(10_000);
    const series = await look();
    assert(seen.some((inFlight) => inFlight > 0), "something was in flight");
    // The server's figures are those that the users were told.
    assertEquals(balance(series, "relay"), [sent, sent, 0]);
    const delivered = sumOf(series, "chat_messages_settled_total", { dialect: "relay", outcome: "delivered" });
    assertEquals([delivered, sent - delivered], [outcomes.delivered, outcomes.refused]);
    assertEquals(sumOf(series, "chat_acknowledgement_seconds_count", { dialect: "relay" }), delivered);
    for (const outcome of ["unknown", "gone", "timed-out"]) {
      assert(sumOf(series, "chat_messages_settled_total", { dialect: "relay", outcome }) > 0, outcome);
    }
  });
});
