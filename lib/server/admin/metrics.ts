/**
 * A server's figures, as Prometheus reads them.
 *
 * @module
 */

import { Counter, Gauge, Histogram as LabelledHistogram, type OpenMetricsContentType, Registry } from "prom-client";
import { clusterReadings } from "../../cluster/counts.ts";
import type { ClusterStatus } from "../../cluster/node_options.ts";
import { countOf, type HistogramReading } from "../../core/histogram.ts";
import type { ServerReading } from "./server_reading.ts";

/** A value, and what it is of. */
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A text for Prometheus, and what kind of text it is. */
export interface MetricsText {
  /** For the field `Content-Type`. */
  readonly contentType: string;
  /** The lines. */
  readonly text: string;
}

/**
 * Writes all figures, as OpenMetrics if that is asked for. They are all of the moment of the reading, so that what was taken is what
 * has an outcome and what is in flight.
 */
export async function metricsText(reading: ServerReading, isOpenMetrics: boolean): Promise<MetricsText> {
  const registry = isOpenMetrics ? openMetrics() : new Registry();
  const page = new MetricsPage(registry);
  const { cluster } = reading;
  page.gauge("chat_build_info", "Which program this is.", [[{ version: reading.version }, 1]]);
  page.gauge("chat_start_time_seconds", "When the program began, since 1970.", [[{}, reading.startedAt / 1000]]);
  page.gauge("chat_draining", "Whether nobody is taken in any more.", [[{}, reading.state === "serving" ? 0 : 1]]);
  writeDialects(page, reading);
  page.gauge("chat_users_elsewhere", "Users present on other nodes.", [[{}, reading.usersElsewhere]]);
  page.gauge("chat_queued_bytes", "What waits to be written to all peers.", [[{}, reading.queuedBytes]]);
  page.histogram("chat_event_loop_delay_seconds", "How late timers are.", [[{}, reading.eventLoopDelay]]);
  const memory = Object.entries(reading.memory).map(([kind, bytes]): Sample => [{ kind }, bytes]);
  page.gauge("chat_memory_bytes", "Memory of the program, by kind.", memory);
  if (reading.certificateUntil !== undefined) {
    const until = reading.certificateUntil / 1000;
    page.gauge("chat_certificate_expiry_timestamp_seconds", "Until when the certificate is valid.", [[{}, until]]);
  }
  if (cluster !== undefined) writeCluster(page, cluster);
  return { contentType: registry.contentType, text: await registry.metrics() };
}

function openMetrics(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

function writeCluster(page: MetricsPage, { counts, isServing }: ClusterStatus): void {
  for (const [name, readings] of Map.groupBy(clusterReadings(counts, isServing), (reading) => reading.name)) {
    const { kind, help } = readings[0]!;
    page[kind](name, help, readings.map(({ labels, value }): Sample => [labels, value]));
  }
}

function writeDialects(page: MetricsPage, { dialects }: ServerReading): void {
  const all = Object.entries(dialects);
  const each = (value: (dialect: ServerReading["dialects"][string]) => number) =>
    all.map(([dialect, figures]): Sample => [{ dialect }, value(figures)]);
  page.counter("chat_messages_accepted_total", "Messages taken from senders.", each(({ accepted }) => accepted));
  page.counter(
    "chat_messages_settled_total",
    "Messages whose outcome is known, by outcome.",
    all.flatMap(([dialect, { outcomes }]) => samplesOf(dialect, "outcome", outcomes)),
  );
  page.gauge("chat_messages_in_flight", "Messages without an outcome.", each(({ inFlight }) => inFlight));
  page.histogram(
    "chat_acknowledgement_seconds",
    "How long it took from a message to its delivery.",
    all.flatMap(([dialect, { acknowledged }]) => acknowledged === undefined ? [] : [[{ dialect }, acknowledged]]),
  );
  page.gauge("chat_connections", "Open connections, and clients of datagrams.", each(({ connections }) => connections));
  page.gauge("chat_users", "Users present on this server.", each(({ users }) => users));
  page.counter(
    "chat_connections_closed_total",
    "Connections that were closed, by reason.",
    all.flatMap(([dialect, { closed }]) => samplesOf(dialect, "reason", closed)),
  );
}

function samplesOf(dialect: string, label: string, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([value, count]) => [{ dialect, [label]: value }, count]);
}

type AnyRegistry = Registry | Registry<OpenMetricsContentType>;

/** Metrics as they are written, one after the other. */
class MetricsPage {
  readonly #registry: AnyRegistry;

  constructor(registry: AnyRegistry) {
    this.#registry = registry;
  }

  gauge(name: string, help: string, samples: readonly Sample[]): void {
    const gauge = new Gauge({ name, help, labelNames: labelsOf(samples), registers: [this.#registry] });
    for (const [labels, value] of samples) gauge.set(labels, value);
  }

  counter(name: string, help: string, samples: readonly Sample[]): void {
    // Without any, it would be written as one without labels.
    if (samples.length === 0) return;
    const counter = new Counter({ name, help, labelNames: labelsOf(samples), registers: [this.#registry] });
    for (const [labels, value] of samples) counter.inc(labels, value);
  }

  histogram(
    name: string,
    help: string,
    readings: readonly (readonly [labels: Readonly<Record<string, string>>, reading: HistogramReading])[],
  ): void {
    new ReadHistogram({ name, help, registers: [this.#registry] }, readings);
  }
}

function labelsOf(samples: readonly Sample[]): string[] {
  return [...new Set(samples.flatMap(([labels]) => Object.keys(labels)))];
}

/** A histogram that was counted elsewhere: nothing is to be done for each message but to count. */
class ReadHistogram extends LabelledHistogram {
  readonly #configuration: ConstructorParameters<typeof LabelledHistogram>[0];
  readonly #readings: readonly (readonly [labels: Readonly<Record<string, string>>, reading: HistogramReading])[];

  constructor(
    configuration: ConstructorParameters<typeof LabelledHistogram>[0],
    readings: readonly (readonly [labels: Readonly<Record<string, string>>, reading: HistogramReading])[],
  ) {
    super(configuration);
    this.#configuration = configuration;
    this.#readings = readings;
  }

  /** What the registry asks of a histogram when it writes text. */
  getForPromString() {
    const { name, help } = this.#configuration;
    const values = this.#readings.flatMap(([labels, reading]) => {
      let below = 0;
      const buckets = reading.counts.map((count, i) => {
        below += count;
        return { metricName: `${name}_bucket`, labels: { ...labels, le: boundText(reading.bounds[i]) }, value: below };
      });
      const all = { metricName: `${name}_count`, labels, value: countOf(reading) };
      return [...buckets, { metricName: `${name}_sum`, labels, value: reading.sum }, all];
    });
    return { name, help, type: "histogram", values };
  }
}

/** As OpenMetrics wants it: with a point, always. */
function boundText(bound: number | undefined): string {
  if (bound === undefined) return "+Inf";
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}
