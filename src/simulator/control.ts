import type { CallCounter, CallCounts } from "./call-counts.ts";
import type { Cloud, CloudResources } from "./cloud.ts";
import { ControlError } from "./control-error.ts";
import {
  type AllowRequest,
  type CallPattern,
  checkFieldNames,
  type DenyRequest,
  type FailRequest,
  type LatencyRequest,
  type ListRequest,
  type PatchRequest,
  RequestReader,
  type ResetRequest,
  resetParts,
  type ThrottleRequest,
  type Verb,
} from "./control-requests.ts";
import { canHave, type Fault } from "./fault.ts";
import { matches, type Rules } from "./rules.ts";

export interface ListedResource {
  readonly cloud: string;
  readonly kind: string;
  readonly resource: string;
  readonly scope: string;
  /** Only where this one resource was asked for. */
  readonly state?: unknown;
}

/** The verbs, the same in process and over HTTP. Each reads its whole input before it changes anything, or throws a ControlError. */
export interface Control {
  readonly list: (request?: ListRequest) => { readonly resources: readonly ListedResource[] };
  readonly patch: (request: PatchRequest) => void;
  readonly deny: (request: DenyRequest) => void;
  /**
   * The newest of all denials and permissions that match a call decides; without a field, everything is allowed again.
   * With `permissions`, the caller has those and no others, whatever else is allowed.
   */
  readonly allow: (request?: AllowRequest) => void;
  readonly latency: (request: LatencyRequest) => void;
  readonly throttle: (request: ThrottleRequest) => void;
  readonly fail: (request: FailRequest) => void;
  readonly calls: () => CallCounts;
  /** Back to the seeded resources, no rules, no counts. */
  readonly reset: (request?: ResetRequest) => void;
}

/** What the verbs work on. */
export interface Controlled {
  readonly clouds: readonly Cloud[];
  readonly rules: Rules;
  readonly counter: CallCounter;
  /** Starts the generator of the jitter again. */
  readonly reseed: () => void;
}

/** The verbs as they are called with JSON from outside: each refuses what it cannot read. */
export type Verbs = Control & Readonly<Record<Verb, (request?: unknown) => unknown>>;

/** Makes the control of a simulator. */
export function createControl(controlled: Controlled): Verbs {
  const { clouds, rules, counter } = controlled;
  const target = (read: RequestReader): string | null => (read.has("resource") ? existing(clouds, read) : null);
  const call = (read: RequestReader): CallPattern => (read.has("call") ? knownCall(clouds, read.text("call")) : "*");
  return {
    list: (request: unknown = {}) => list(clouds, new RequestReader("list", request)),
    patch: (request: unknown) => {
      const read = new RequestReader("patch", request);
      const name = read.text("resource");
      const create = read.has("create") && read.flag("create");
      tableOf(clouds, name).patch(name, read.json("change"), create);
    },
    deny: (request: unknown) => {
      const read = new RequestReader("deny", request);
      const reason = read.has("reason") ? read.reason("reason") : "access-denied";
      rules.decideAccess({ call: knownCall(clouds, read.text("call")), resource: target(read), reason });
    },
    allow: (request: unknown = {}) => {
      const read = new RequestReader("allow", request);
      if (read.has("permissions")) {
        rules.setPermissions(permissionsAlone(read));
        return;
      }
      const everything = !read.has("call") && !read.has("resource");
      if (everything) {
        rules.setPermissions(null);
      }
      rules.decideAccess({ call: call(read), resource: target(read), reason: null });
    },
    latency: (request: unknown) => {
      const read = new RequestReader("latency", request);
      const latency = { ms: read.amount("ms"), jitter: read.has("jitter") ? read.amount("jitter") : 0 };
      rules.setLatency(call(read), latency);
    },
    throttle: (request: unknown) => {
      const read = new RequestReader("throttle", request);
      const perSecond = read.json("per_second") === null ? null : read.amount("per_second");
      rules.setLimit(call(read), perSecond);
    },
    fail: (request: unknown) => {
      const read = new RequestReader("fail", request);
      const fault = read.fault("how");
      const pattern = knownCall(clouds, read.text("call"));
      const times = read.times("times");
      refuseDeaf(clouds, pattern, fault);
      rules.addFault(pattern, target(read), times, fault);
    },
    calls: (request: unknown = {}) => {
      checkFieldNames("calls", request);
      return counter.counts();
    },
    reset: (request: unknown = {}) => {
      const read = new RequestReader("reset", request);
      reset(controlled, read.has("only") ? read.parts("only") : resetParts);
    },
  };
}

function reset({ clouds, rules, counter, reseed }: Controlled, parts: readonly string[]): void {
  if (parts.includes("resources")) {
    for (const cloud of clouds) {
      cloud.reset();
    }
  }
  if (parts.includes("rules")) {
    rules.clear();
    reseed();
  }
  if (parts.includes("calls")) {
    counter.clear();
  }
}

function list(clouds: readonly Cloud[], read: RequestReader): { readonly resources: readonly ListedResource[] } {
  const all = clouds.flatMap((cloud) =>
    cloud.resources.flatMap((table) =>
      table.list().map((listed) => ({ cloud: cloud.name, kind: table.kind, ...listed })),
    ),
  );
  if (!read.has("resource")) {
    return { resources: all };
  }
  const name = existing(clouds, read);
  const state = structuredClone(tableOf(clouds, name).get(name));
  return { resources: all.filter(({ resource }) => resource === name).map((listed) => ({ ...listed, state })) };
}

function tableOf(clouds: readonly Cloud[], name: string): CloudResources {
  const tables = clouds.flatMap((cloud) => cloud.resources);
  const table = tables.find((candidate) => candidate.recognizes(name));
  if (table === undefined) {
    const kinds = tables.map(({ kind }) => kind);
    throw new ControlError("unknown-resource", "body.resource", `${name} is the name of no kind of resource`, kinds);
  }
  return table;
}

function existing(clouds: readonly Cloud[], read: RequestReader): string {
  const name = read.text("resource");
  if (tableOf(clouds, name).get(name) === undefined) {
    throw new ControlError("unknown-resource", "body.resource", `${name} does not exist; list tells what does`);
  }
  return name;
}

/** Permissions are of the caller, and of no call or resource. */
function permissionsAlone(read: RequestReader): readonly string[] | null {
  if (read.has("call") || read.has("resource")) {
    throw new ControlError("wrong-value", "body.permissions", "stands alone: who has permissions has them everywhere");
  }
  return read.json("permissions") === null ? null : read.texts("permissions");
}

/** A fault must be able to reach every call that it is meant for. */
function refuseDeaf(clouds: readonly Cloud[], pattern: CallPattern, fault: Fault): void {
  const deaf = clouds.flatMap(({ calls }) =>
    Object.entries(calls).filter(([name, form]) => matches(pattern, name) && !canHave(form, fault)),
  );
  if (deaf.length > 0) {
    const which = deaf.map(([name, form]) => `${name} (${form})`).join(", ");
    throw new ControlError("wrong-value", "body.how", `${fault.kind} has nothing to break in the answer of ${which}`);
  }
}

/** A pattern that means at least one call. */
function knownCall(clouds: readonly Cloud[], pattern: string): CallPattern {
  const calls = clouds.flatMap((cloud) => Object.keys(cloud.calls));
  if (!calls.some((name) => matches(pattern, name))) {
    throw new ControlError("unknown-call", "body.call", `${pattern} means no call`, calls);
  }
  return pattern;
}
