import { catalogue } from "../../checks/index.ts";
import { createAccessOf } from "../audit/access-of.ts";
import { createCorrectionOf } from "../audit/correction-of.ts";
import { scoreOf } from "../check/score.ts";
import { listen } from "../http/listen.ts";
import type { Limits, TokenPort } from "../http/ports.ts";
import { buildMetricsServer, buildServer } from "../http/server.ts";
import { stateOfToken } from "../model/token.ts";
import type { StoreReader } from "../store/store.ts";
import { describeCheck } from "./describe-check.ts";
import { holdDatabase } from "./hold-database.ts";
import { openService, type ServiceOptions } from "./service.ts";
import { createTokenPort } from "./token-port.ts";
import { openTokensFile } from "./tokens-file.ts";
import { version } from "./version.ts";

export interface Server {
  /** Where the API listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly service: Awaited<ReturnType<typeof openService>>;
  /** Takes no further request, begins no further scan, gives what is under way a moment, and closes the database. */
  close(): Promise<void>;
}

/** Opens the service, listens, and lets the lanes begin. Throws an OperatorError for a port that is in use. */
export async function startServer(options: ServiceOptions): Promise<Server> {
  const { config, log } = options;
  const { auth, tokens_file } = config.server;
  const file = tokens_file === null ? undefined : await openTokensFile(tokens_file, log);
  const service = await openService(options);
  const { store, schedule, registry, rules, now, settled, leases } = service;
  const probes = probesOf(service, log);
  const tokens = auth === "tokens" ? createTokenPort(store.tokens, file, log) : null;
  const api = buildServer({
    ...probes,
    host: config.server.host,
    store: store.read,
    registry,
    tokens,
    limits: limits[auth],
    catalogue: catalogue.map(describeCheck),
    switchedOff: switchedOff(config.reads),
    requestScan: ({ keys, lane }) => schedule.requestScan(keys, lane),
    queuedScan: (id) => schedule.queuedScan(id),
    scoreOf,
    accessOf: createAccessOf({ store: store.read, rules, now }),
    correctionOf: createCorrectionOf({ store: store.read, rules, now }),
    version,
    now,
    settled,
  });
  const probe = config.metrics.enabled ? buildMetricsServer({ ...probes, host: config.metrics.host }) : undefined;

  let release: (() => Promise<void>) | undefined;

  async function close(): Promise<void> {
    file?.close();
    await Promise.all([api.close(), probe?.close(), schedule.stop()]);
    await release?.();
    await service.close();
  }

  try {
    const url = await listen(api, config.server);
    if (probe !== undefined) log.info({ url: await listen(probe, config.metrics) }, "metrics are listening");
    log.info({ url }, "the API is listening");
    beginLists(store.read);
    // Not before: a start that fails, or a second one by mistake, must not change what another process works on.
    release = await holdDatabase(leases, config.database, log);
    await service.takeOver();
    schedule.start();
    file?.watch();
    if (tokens !== null) await adviseToken(tokens, now(), log);
    return { url, service, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function probesOf({ store, metrics }: Server["service"], log: ServiceOptions["log"]) {
  return {
    log,
    health: () => store.health(),
    metricsText: async (coding: "identity" | "gzip") => ({
      contentType: metrics.contentType,
      pieces: await metrics.pieces(coding),
    }),
  };
}

/** Whoever asks for the first list need not wait then until all findings are in memory. A fault is theirs to hear. */
function beginLists(read: StoreReader): void {
  void read.findings({ limit: 1 }).catch(() => undefined);
}

/** Requests a minute. Where nobody is asked for a token, only programs on this machine come. */
const limits = {
  none: { per_token: 600, per_address: 6000 },
  tokens: { per_token: 600, per_address: 60 },
} satisfies Record<ServiceOptions["config"]["server"]["auth"], Limits>;

async function adviseToken(tokens: TokenPort, at: number, log: ServiceOptions["log"]): Promise<void> {
  const all = await tokens.list();
  if (all.some((token) => stateOfToken(token, at) === "live")) return;
  log.warn({}, "the API asks for tokens, and there is none: keyposture token create --role admin --name <name>");
}

/** What is read beyond the keys' own accounts when it is switched on. */
const readDescriptions = {
  aws_organization: "resource control policies of the AWS organization above a key",
  gcp_ancestors: "IAM policies of the folders and the organization above a Google Cloud project",
  gcp_deny_policies: "IAM deny policies of a Google Cloud project and of what is above it",
  gcp_perimeters: "service perimeters of the Google Cloud organization",
  azure_directory: "Anthropic's application, and those that resemble it, in the directory of an Azure tenant",
} satisfies Record<keyof ServiceOptions["config"]["reads"], string>;

function switchedOff(reads: ServiceOptions["config"]["reads"]) {
  return Object.entries(readDescriptions)
    .filter(([name]) => !reads[name as keyof typeof readDescriptions])
    .map(([name, description]) => ({ read: `reads.${name}`, description }));
}
