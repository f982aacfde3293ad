// Answers of the real AWS as the Cloud Custodian project recorded them, and a server that gives them again.
import { globSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";

/** One answer; times are objects that carry their class. */
export interface Recording {
  readonly status_code: number;
  readonly data: Readonly<Record<string, unknown>>;
}

const folder = join(process.env["KEYPOSTURE_RECORDED"] ?? "", "aws");

/** All answers of a call, e.g. `kms:DescribeKey`. */
export function recordingsOf(call: string): { readonly file: string; readonly recording: Recording }[] {
  return globSync(`*/${call.replace(":", ".")}_*.json`, { cwd: folder })
    .toSorted()
    .map((file) => ({ file, recording: JSON.parse(readFileSync(join(folder, file), "utf8")) as Recording }));
}

/** The calls of some services of which there is an answer, each once. */
export function recordedCalls(services: readonly string[]): string[] {
  const names = globSync("*/*.json", { cwd: folder }).flatMap((file) => {
    const [, service = "", operation = ""] = /\/([a-z0-9-]+)\.(\w+)_\d+\.json$/.exec(file) ?? [];
    return services.includes(service) ? [`${service}:${operation}`] : [];
  });
  return [...new Set(names)].toSorted();
}

export interface RecordedServer {
  readonly url: string;
  /** The answer of each operation; whatever has none is refused. */
  readonly answers: Map<string, Recording>;
  /** The key ids that requests were signed with, by operation. */
  readonly signedBy: Map<string, string>;
  close(): Promise<void>;
}

export async function startRecordedServer(): Promise<RecordedServer> {
  const answers = new Map<string, Recording>();
  const signedBy = new Map<string, string>();
  const denied = { status_code: 400, data: { Error: { Code: "AccessDeniedException", Message: "not recorded" } } };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = await operationOf(request);
    signedBy.set(operation, /Credential=([^/]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "");
    const recording = answers.get(operation) ?? denied;
    const { type, body } = operation === "AssumeRole" ? queryAnswer(recording) : jsonAnswer(recording);
    response.writeHead(recording.status_code, { "content-type": type }).end(body);
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    signedBy,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** STS names it in a form, the other services in a header. */
async function operationOf(request: IncomingMessage): Promise<string> {
  const body = await textOf(request);
  const target = request.headers["x-amz-target"];
  return target === undefined
    ? (new URLSearchParams(body).get("Action") ?? "")
    : (String(target).split(".").at(-1) ?? "");
}

/** What the wire held before it was recorded: times are seconds there, and errors have a type. */
function jsonAnswer({ data }: Recording) {
  const error = data["Error"] as { readonly Code: string; readonly Message: string } | undefined;
  const body = error === undefined ? { ...data } : { __type: error.Code, message: error.Message };
  Reflect.deleteProperty(body, "ResponseMetadata");
  const text = JSON.stringify(body, (_name, value: unknown) => {
    const date = dateOf(value);
    return date === undefined ? value : date / 1000;
  });
  return { type: "application/x-amz-json-1.1", body: text };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
function queryAnswer({ data }: Recording) {
  const body = `<AssumeRoleResponse><AssumeRoleResult>${elements(data)}</AssumeRoleResult></AssumeRoleResponse>`;
  return { type: "text/xml", body };
}

function elements(data: object): string {
  const shown = (value: unknown): string => {
    const date = dateOf(value);
    if (date !== undefined) return new Date(date).toISOString();
    return typeof value === "object" && value !== null ? elements(value) : String(value);
  };
  return Object.entries(data)
    .filter(([name]) => name !== "ResponseMetadata")
    .map(([name, value]) => `<${name}>${shown(value)}</${name}>`)
    .join("");
}

/** Epoch milliseconds of a recorded time; undefined for anything else. */
function dateOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || Reflect.get(value, "__class__") !== "datetime") return undefined;
  const part = (name: string) => Number(Reflect.get(value, name) ?? 0);
  const date = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return date + part("microsecond") / 1000;
}
