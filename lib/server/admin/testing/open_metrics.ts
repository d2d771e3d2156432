/**
 * A strict reader of OpenMetrics 1.0 text, as far as our own uses it.
 *
 * @module
 */

/** The series of a text, by name and labels as they are written: `chat_users{dialect="relay"}`. */
export type Series = ReadonlyMap<string, number>;

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=.)|$)/;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ["_total"],
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
};

interface Family {
  readonly name: string;
  readonly type: string;
  readonly samples: { readonly name: string; readonly labels: ReadonlyMap<string, string>; readonly value: number }[];
}

/**
 * Reads a text.
 *
 * @throws {TypeError} for what a strict reader refuses.
 */
export function readOpenMetrics(text: string): Series {
  if (!text.endsWith("\n# EOF\n")) throw new TypeError("it does not end with # EOF");
  const families = new Map<string, Family>();
  const series = new Map<string, number>();
  let family: Family | undefined;
  let helped: string | undefined;
  for (const line of text.slice(0, -"# EOF\n".length).split("\n").slice(0, -1)) {
    const [, help] = new RegExp(`^# HELP (${NAME}) \\S.*$`).exec(line) ?? [];
    const [, typed, type] = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`).exec(line) ?? [];
    if (help !== undefined) helped = help;
    else if (typed !== undefined && type !== undefined) {
      if (typed !== helped) throw new TypeError(`TYPE and HELP differ: ${line}`);
      if (families.has(typed)) throw new TypeError(`a family is there twice: ${line}`);
      family = { name: typed, type, samples: [] };
      families.set(typed, family);
    } else {
      const [, name, labels, value] = SAMPLE.exec(line) ?? [];
      if (name === undefined || family === undefined) throw new TypeError(`no sample: ${JSON.stringify(line)}`);
      if (!SUFFIXES[family.type]!.some((suffix) => name === `${family!.name}${suffix}`)) {
        throw new TypeError(`not of ${family.name}: ${line}`);
      }
      const number = value === "+Inf" ? Infinity : Number(value);
      if (Number.isNaN(number) || family.type === "counter" && number < 0) throw new TypeError(`no value: ${line}`);
      family.samples.push({ name, labels: readLabels(labels), value: number });
      const key = line.slice(0, line.lastIndexOf(" "));
      if (series.has(key)) throw new TypeError(`a series is there twice: ${line}`);
      series.set(key, number);
    }
  }
  for (const family of families.values()) if (family.type === "histogram") checkHistogram(family);
  return series;
}

function readLabels(text: string | undefined): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (let rest = text ?? ""; rest !== "";) {
    const [all, name, value] = LABEL.exec(rest) ?? [];
    if (all === undefined || labels.has(name!)) throw new TypeError(`no labels: {${text}}`);
    labels.set(name!, value!);
    rest = rest.slice(all.length);
  }
  if (text === "") throw new TypeError("there are braces without labels");
  return labels;
}

/** The buckets of each histogram rise, the last one is of all, and all is counted. */
function checkHistogram({ name, samples }: Family): void {
  const keyOf = ({ labels }: Family["samples"][number]) => {
    return JSON.stringify([...labels].filter(([label]) => label !== "le"));
  };
  const groups = Map.groupBy(samples, keyOf);
  const order = samples.map(keyOf);
  if (order.filter((key, i) => key !== order[i - 1]).length !== groups.size) {
    throw new TypeError(`the samples of one of ${name} do not stand together`);
  }
  for (const [labels, group] of groups) {
    const fault = (what: string) => new TypeError(`${name} ${labels}: ${what}`);
    const buckets = group.filter((sample) => sample.name.endsWith("_bucket"));
    let [bound, below] = [-Infinity, 0];
    for (const { labels, value } of buckets) {
      const le = labels.get("le") ?? "";
      if (!/^(\+Inf|\d+\.\d+)$/.test(le)) throw fault(`no canonical bound: ${le}`);
      const next = le === "+Inf" ? Infinity : Number(le);
      if (next <= bound || value < below) throw fault(`bucket ${le} does not rise`);
      [bound, below] = [next, value];
    }
    const [count] = group.filter((sample) => sample.name.endsWith("_count"));
    if (bound !== Infinity || count?.value !== below) throw fault("the last bucket is not of all");
    if (!group.some((sample) => sample.name.endsWith("_sum"))) throw fault("there is no sum");
  }
}

/** The sum of all series of a name that have these labels. */
export function sumOf(series: Series, name: string, labels: Readonly<Record<string, string>> = {}): number {
  let sum = 0;
  for (const [key, value] of series) {
    const [found, rest = ""] = key.split(/\{(.*)\}$/s);
    if (found !== name) continue;
    const own = readLabels(rest === "" ? undefined : rest);
    if (Object.entries(labels).every(([label, wanted]) => own.get(label) === wanted)) sum += value;
  }
  return sum;
}
