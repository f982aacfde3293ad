import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import type { Config } from "../config/config-schema.ts";
import { OperatorError } from "../errors/operator-error.ts";
import { readConfig } from "./read-config.ts";

interface HealthcheckOptions {
  readonly config?: string;
  readonly ready?: true;
}

/** `keyposture healthcheck` */
export function addHealthcheckCommand(program: Command): void {
  program
    .command("healthcheck")
    .description("ask the service on this machine whether it answers")
    .option("-c, --config <file>", "the configuration file (default: KEYPOSTURE_CONFIG or ./keyposture.yaml)")
    .option("--ready", "ask whether it can work (/readyz), not only whether it answers (/healthz)")
    .addHelpText("after", "\nExit codes: 2 wrong use or bad configuration, else 0 if it answers well, else 1.")
    .action(async ({ config: path, ready }: HealthcheckOptions) => {
      const url = probeUrl(await readConfig(path), ready === true ? "/readyz" : "/healthz");
      const { ok, said } = await ask(url);
      if (ok) process.stdout.write(`${url}: ${said}\n`);
      else process.stderr.write(`keyposture: ${url}: ${said}\n`);
      process.exitCode = ok ? 0 : 1;
    });
}

interface Listeners {
  readonly metrics: Pick<Config["metrics"], "enabled" | "host" | "port">;
  readonly server: Pick<Config["server"], "host" | "port">;
}

/**
 * Where the service of this configuration answers that question on this machine. Throws an OperatorError where the system
 * chose the port: nothing outside the process knows it.
 */
export function probeUrl({ metrics, server }: Listeners, path: string): string {
  const [name, { host, port }] = metrics.enabled ? (["metrics", metrics] as const) : (["server", server] as const);
  if (port === 0) {
    throw new OperatorError("usage", `${name}.port is 0: nobody but the service knows which port the system chose`);
  }
  return `http://${reachable(host)}:${port}${path}`;
}

/** An address that means all of this machine's can be listened on, but not asked. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return isIPv6(host) ? `[${host}]` : host;
}

interface Answer {
  readonly ok: boolean;
  readonly said: string;
}

/** Shorter than the time-outs of the image's health check and of the chart's probes: then the reason is told. */
const patience = 3000;

async function ask(url: string): Promise<Answer> {
  // `agent: false`, as the shared agent may be told to go by a proxy: https://nodejs.org/api/http.html#built-in-proxy-support
  const signal = AbortSignal.timeout(patience);
  const request = get(url, { agent: false, signal });
  try {
    const [response] = (await once(request, "response")) as [IncomingMessage];
    const body = await text(response);
    const ok = response.statusCode === 200;
    return { ok, said: ok ? body : `status ${response.statusCode}, ${body}` };
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return { ok: false, said: signal.aborted ? `no answer within ${patience / 1000} s` : String(error.code) };
  }
}
