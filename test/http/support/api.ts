/** The API over a real store, without a port. Every answer is held against the published description. */
import { Readable } from "node:stream";
import { expect, onTestFinished } from "vitest";
import { catalogue as checks } from "../../../checks/index.ts";
import { createAccessOf } from "../../../src/audit/access-of.ts";
import { createCorrectionOf } from "../../../src/audit/correction-of.ts";
import type { Rules } from "../../../src/audit/judge.ts";
import { createKeyRegistry } from "../../../src/audit/key-registry.ts";
import { scoreOf } from "../../../src/check/score.ts";
import { errorCodes } from "../../../src/errors/error-codes.ts";
import type { ApiPorts, CheckDescription, MetricsText, RequestedScan } from "../../../src/http/ports.ts";
import { buildServer } from "../../../src/http/server.ts";
import { newestGuidance } from "../../../src/model/guidance-revision.ts";
import type { StoreOptions } from "../../../src/store/open-store.ts";
import type { Store } from "../../../src/store/store.ts";
import { scope, start, temporaryStore } from "../../store/support/material.ts";
import { testSettings } from "../../support/check-tester.ts";
import { type Answer, type OpenApi, routeOf } from "./document.ts";

export const organization = "3f2b1c9d-6b1e-4c58-9d53-2f1a0e7c4b6a";

/** What the service itself judges by. */
export const rules: Rules = {
  catalogue: checks,
  version: "1.2.3",
  guidance: newestGuidance,
  settings: testSettings,
  reads: { aws_organization: false },
};

function checkNamed(id: string, calls: CheckDescription["calls"]): CheckDescription {
  return {
    id,
    title: `${id} holds`,
    resource: "aws.kms-key",
    severity: "high",
    why: "It matters.",
    remediation: "Mend it.",
    references: ["https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html"],
    controls: [{ framework: "FSBP", version: "2026", id: "KMS.5", basis: "seen" }],
    reads: ["state"],
    passNeeds: ["grants"],
    mayRead: [],
    calls,
  };
}

const describeKey = { call: "kms:DescribeKey", permission: "kms:DescribeKey", lane: "fast" } as const;
const trailStatus = {
  call: "cloudtrail:GetTrailStatus",
  permission: "cloudtrail:GetTrailStatus",
  lane: "full",
} as const;

export const catalogue = [
  checkNamed("aws/key-enabled", [describeKey]),
  checkNamed("aws/logged", [describeKey, trailStatus]),
];

export interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** Empty where the answer is no JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Api {
  readonly store: Store;
  readonly app: ReturnType<typeof buildServer>;
  readonly ports: ApiPorts;
  readonly requests: { readonly keys: readonly string[] | null; readonly lane: string }[];
  readonly queued: RequestedScan[];
  readonly logged: { readonly fields: object; readonly message: string }[];
  now: number;
  ask(method: string, url: string, question?: Question): Promise<Reply>;
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  close(): Promise<void>;
}

/** An API for one test, closed when the test is over. Ports can be replaced. */
export async function startApi(replaced: Partial<ApiPorts> = {}, options: Partial<StoreOptions> = {}): Promise<Api> {
  const api = await openApi(replaced, options);
  onTestFinished(() => api.close());
  return api;
}

/** What an API has that asks for tokens: who asks it for its description, and ports made of the store. */
export interface Guarded {
  readonly headers: Readonly<Record<string, string>>;
  portsOn(store: Store): Promise<Partial<ApiPorts>>;
}

/** An API whose clock stands still until it is moved. */
export async function openApi(
  replaced: Partial<ApiPorts> = {},
  options: Partial<StoreOptions> = {},
  guarded?: Guarded,
): Promise<Api> {
  const database = await temporaryStore(options);
  const { store } = database;
  const requests: Api["requests"] = [];
  const queued: RequestedScan[] = [];
  const logged: Api["logged"] = [];
  const now = () => api.now;
  const ports: ApiPorts = {
    host: "127.0.0.1",
    store: store.read,
    registry: createKeyRegistry({
      store,
      organizations: [organization],
      concluding: (work) => work(api.now),
      now,
      onChange: () => {},
    }),
    tokens: null,
    limits: null,
    catalogue,
    switchedOff: [{ read: "reads.aws_organization", description: "policies of the organization" }],
    scoreOf,
    accessOf: createAccessOf({ store: store.read, rules, now }),
    correctionOf: createCorrectionOf({ store: store.read, rules, now }),
    version: "1.2.3",
    health: () => store.health(),
    metricsText: () => Promise.resolve(metricsOf("up 1\n")),
    log: { debug() {}, error: (fields, message) => logged.push({ fields, message }) },
    now,
    settled: replaced.now ?? now,
    requestScan: (request) => {
      requests.push(request);
      const keys = request.keys ?? ["all"];
      queued.push({
        id: `scan-${requests.length}`,
        provider: "aws",
        scope,
        lane: request.lane,
        keys,
        requested_at: now(),
      });
      return Promise.resolve(queued.slice(-1));
    },
    queuedScan: (id) => queued.find((scan) => scan.id === id),
    ...(await guarded?.portsOn(store)),
    ...replaced,
  };
  const app = buildServer(ports);
  await app.ready();

  const api: Api = {
    store,
    app,
    ports,
    requests,
    queued,
    logged,
    now: start,
    async ask(method, url, { headers = {}, body } = {}) {
      const response = await app.inject({
        method: method as "GET",
        url,
        headers,
        ...(body === undefined ? {} : { payload: body as string | object }),
      });
      const reply = {
        status: response.statusCode,
        headers: response.headers as Reply["headers"],
        text: response.body,
        body: parsed(response.body),
      };
      holdAgainst(document, method, url, reply);
      return reply;
    },
    get: (url, headers = {}) => api.ask("GET", url, { headers }),
    async close() {
      await app.close();
      await database[Symbol.asyncDispose]();
    },
  };
  const document = (await app.inject({ url: "/openapi.json", headers: guarded?.headers ?? {} })).json<OpenApi>();
  return api;
}

/** What the metrics' port answers, in these pieces. */
export function metricsOf(...pieces: readonly string[]): MetricsText {
  const buffers = pieces.map((piece) => Buffer.from(piece));
  return { contentType: "text/plain; version=0.0.4; charset=utf-8", pieces: Readable.from(buffers) };
}

/** Where the next page begins; null on the last one. */
export function nextCursor({ body }: Reply): string | null {
  return body["next_cursor"] as string | null;
}

function parsed(text: string): Reply["body"] {
  try {
    return JSON.parse(text) as Reply["body"];
  } catch {
    return {};
  }
}

/** What clients rely on. Of every answer it is described that nothing is to be kept, but of those that say otherwise. */
const reliedOn = ["etag", "vary", "link", "content-disposition", "content-encoding", "location"];
const reliedOnInProblems = ["etag", "location", "retry-after", "www-authenticate"];

function holdHeadersAgainst(answer: Answer | undefined, asked: string, { status, headers }: Reply): void {
  const described = Object.entries(answer?.headers ?? {}).map(([name, header]) => ({
    name: name.toLowerCase(),
    header,
  }));
  const kept = headers["cache-control"] === "no-store" ? [] : ["cache-control"];
  const sent = [...(status < 400 ? reliedOn : reliedOnInProblems), ...kept].filter(
    (name) => headers[name] !== undefined,
  );
  expect(
    described.map(({ name }) => name),
    `${asked}: headers that are described`,
  ).toEqual(expect.arrayContaining(sent));
  const required = described.flatMap(({ name, header }) => (header.required === true ? [name] : []));
  expect(Object.keys(headers), `${asked}: headers that are sent`).toEqual(expect.arrayContaining(required));
}

/** What holds for every answer, whatever was asked. */
function holdAgainst(document: OpenApi, method: string, url: string, reply: Reply): void {
  const { status, headers, body } = reply;
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  if (!url.startsWith("/docs")) expect(headers["cache-control"]).toMatch(/^(no-store|private, no-cache)$/);
  const operation = routeOf(document, url)?.[method.toLowerCase() === "head" ? "get" : method.toLowerCase()];
  if (operation !== undefined) {
    expect(Object.keys(operation.responses), `${method} ${url}`).toContain(String(status));
    holdHeadersAgainst(operation.responses[status], `${method} ${url}: ${status}`, reply);
  }
  if (status < 400 || method === "HEAD") return;
  expect(headers["content-type"]).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    status,
    type: `/problems/${String(body["code"])}`,
    detail: expect.stringMatching(/\S/),
  });
  const entry = errorCodes[body["code"] as keyof typeof errorCodes];
  expect(entry).toMatchObject({ status, title: body["title"] });
}
