import type { UnreadableReason } from "../model/fact.ts";

/** An HTTP request as it came over the wire; header names in lower case. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** An HTTP answer as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Why `deny` can make a call refuse: the reasons for which a provider has an answer of its own. */
export const refusalReasons = [
  "access-denied",
  "not-found",
  "throttled",
  "unavailable",
  "api-disabled",
  "unsupported",
] as const satisfies readonly UnreadableReason[];
export type RefusalReason = (typeof refusalReasons)[number];

/** What a provider may answer to any call, whatever it is about: its own failures, and faults of who asks. */
export const serviceFailures = ["500", "503", "unknown-error", "expired-token", "skewed-clock"] as const;
export type ServiceFailure = (typeof serviceFailures)[number];

/** A request that a cloud has understood; nothing has been done yet. */
export interface ReceivedCall<Answer = WireAnswer> {
  /** E.g. `kms:DescribeKey`. */
  readonly call: string;
  /** The resource that it is about, by its name in `list`; null where there is none, or none was found. */
  readonly resource: string | null;
  /** What the caller needs for it, in the provider's spelling; null where nobody needs anything. */
  readonly permission: string | null;
  /** What shares a quota, e.g. `111122223333/us-east-2`. */
  readonly scope: string;
  /** The quota that it is counted against within the scope: its own name where no other call shares it. */
  readonly quota: string;
  readonly answer: () => Answer;
  readonly refuse: (reason: RefusalReason) => Answer;
  readonly fail: (failure: ServiceFailure) => Answer;
}

/** What the body of an answer is written in. */
export type AnswerForm = "json" | "xml" | "protobuf";

/** A table of resources as control sees it. */
export interface CloudResources {
  readonly kind: string;
  /** Whether a name is of this kind, whether or not it exists. */
  readonly recognizes: (name: string) => boolean;
  readonly list: () => readonly { readonly resource: string; readonly scope: string }[];
  /** The state of a resource, or undefined where there is none. */
  readonly get: (name: string) => unknown;
  readonly patch: (name: string, change: unknown, create: boolean) => void;
  readonly reset: () => void;
}

/** A simulated cloud: control, latency, limits and faults are the same for all of them and live outside. */
export interface Cloud {
  readonly name: string;
  /** Every call, with the form of its answer: which faults can reach into it depends on that. */
  readonly calls: Readonly<Record<string, AnswerForm>>;
  readonly resources: readonly CloudResources[];
  /** Forgets what calls have left behind, and what `patch` has changed. */
  readonly reset: () => void;
}

/** What serves a cloud, or a part of it, over HTTP. */
export interface HttpService {
  /** Understands a request, or refuses it at once where no call can be made out (`{ refused }`). */
  readonly receive: (request: WireRequest) => ReceivedCall | { readonly refused: WireAnswer };
}
