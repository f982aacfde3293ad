/** A strict reader of the text format: it throws on whatever Prometheus would refuse or silently take amiss. */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;

/** Families by name. HELP, then TYPE, then all samples, each once; no series twice; no family twice. */
export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, Family & { samples: Sample[] }>();
  const series = new Set<string>();
  let current: { name: string; family: (Family & { samples: Sample[] }) | undefined; help: string } | undefined;
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue;
    const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === "HELP") {
      if (families.has(name)) throw new Error(`the family ${name} begins twice`);
      current = { name, family: undefined, help: rest };
    } else if (kind === "TYPE") {
      if (current?.name !== name || current.family !== undefined) throw new Error(`a TYPE without its HELP: ${line}`);
      if (!["gauge", "counter", "histogram"].includes(rest)) throw new Error(`no such type: ${line}`);
      current.family = { type: rest, help: current.help, samples: [] };
      families.set(name, current.family);
    } else {
      if (current?.family === undefined) throw new Error(`a sample without its family: ${line}`);
      const sample = parseSample(line);
      const stem = current.family.type === "histogram" ? sample.name.replace(/_(bucket|sum|count)$/, "") : sample.name;
      if (stem !== current.name) throw new Error(`a sample within another family, ${current.name}: ${line}`);
      const identity = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
      if (series.has(identity)) throw new Error(`a series twice: ${line}`);
      series.add(identity);
      current.family.samples.push(sample);
    }
  }
  return families;
}

function parseSample(line: string): Sample {
  // prom-client writes Nan; Prometheus reads numbers without regard to case.
  const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\+Inf|N[aA][nN])$/.exec(line);
  if (match === null) throw new Error(`no sample: ${line}`);
  const [, name = "", labelText = "", value = ""] = match;
  const labels: Record<string, string> = {};
  label.lastIndex = 0;
  while (label.lastIndex < labelText.length) {
    const at = label.lastIndex;
    const found = label.exec(labelText);
    if (found === null) throw new Error(`no label at ${at}: ${line}`);
    const [, labelName = "", text = ""] = found;
    if (Object.hasOwn(labels, labelName)) throw new Error(`a label twice: ${line}`);
    labels[labelName] = text.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
  }
  return { name, labels, value: value === "+Inf" ? Number.POSITIVE_INFINITY : Number(value) };
}
