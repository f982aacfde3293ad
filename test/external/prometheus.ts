// A real Prometheus over the rules of the repository: https://prometheus.io/docs/prometheus/latest/querying/api/
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Seconds between two scrapes, and between two evaluations. */
export const pace = 5;

export interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
}

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Prometheus {
  readonly url: string;
  /** The series that an expression has now. */
  query(expression: string): Promise<Series[]>;
  /** The values that a label has on the series of a selector. */
  labelValues(label: string, selector: string): Promise<string[]>;
  /** Every alert that is pending or firing. */
  alerts(): Promise<FiringAlert[]>;
  /** When each group of rules was evaluated last, in epoch milliseconds; the oldest of them. */
  evaluatedAt(): Promise<number>;
  close(): Promise<void>;
}

/** Starts it on a port that the system chooses, with all that it keeps in the folder. Rejects with what it said where it ends. */
export async function startPrometheus(options: {
  readonly folder: string;
  readonly target: string;
  readonly ruleFile: string;
}): Promise<Prometheus> {
  const { folder, target, ruleFile } = options;
  const config = join(folder, "prometheus.yml");
  const settings = {
    global: { scrape_interval: `${pace}s`, scrape_timeout: `${pace}s`, evaluation_interval: `${pace}s` },
    rule_files: [ruleFile],
    scrape_configs: [{ job_name: "keyposture", static_configs: [{ targets: [target] }] }],
  };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(settings));
  const data = `--storage.tsdb.path=${join(folder, "data")}`;
  const args = [`--config.file=${config}`, data, "--web.listen-address=127.0.0.1:0", "--log.format=json"];
  const child = spawn("prometheus", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(child, "exit");
  let said = "";
  const url = await new Promise<string>((resolve, reject) => {
    let address: string | undefined;
    child.stderr.on("data", (text: Buffer) => {
      said += String(text);
      address ??= /"address":"(127\.0\.0\.1:[1-9]\d*)".*"msg":"Listening on"/.exec(said)?.[1];
      if (address !== undefined && said.includes("Server is ready")) resolve(`http://${address}`);
    });
    child.on("error", reject);
    child.on("exit", () => reject(new Error(`prometheus ended: ${said}`)));
  });
  return {
    url,
    query: (expression) => query(url, expression),
    labelValues(label, selector) {
      return ask<string[]>(url, `label/${label}/values?${new URLSearchParams({ "match[]": selector }).toString()}`);
    },
    alerts: async () => (await ask<{ alerts: FiringAlert[] }>(url, "alerts")).alerts,
    async evaluatedAt() {
      const { groups } = await ask<{ groups: readonly { lastEvaluation: string }[] }>(url, "rules?type=alert");
      return Math.min(...groups.map(({ lastEvaluation }) => Date.parse(lastEvaluation)));
    },
    async close() {
      child.kill();
      await ended;
    },
  };
}

async function query(url: string, expression: string): Promise<Series[]> {
  const answer = await ask<{
    resultType: string;
    result: readonly { metric: Series["metric"]; value: [number, string] }[];
  }>(url, `query?${new URLSearchParams({ query: expression }).toString()}`);
  if (answer.resultType !== "vector") throw new Error(`no series: ${expression}`);
  return answer.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
}

async function ask<T>(url: string, path: string): Promise<T> {
  const response = await fetch(`${url}/api/v1/${path}`);
  const answer = (await response.json()) as { status: "success"; data: T } | { status: "error"; error: string };
  if (answer.status === "error") throw new Error(`${path}: ${answer.error}`);
  return answer.data;
}
