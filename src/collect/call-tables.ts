/** Every call of every provider, apart from what makes them: who names a call needs no SDK. */
import { type CallTable, quotaName } from "../model/call.ts";
import type { Provider } from "../model/resource.ts";
import { awsCalls } from "./aws/calls.ts";
import { azureCalls } from "./azure/calls.ts";
import { gcpCalls } from "./gcp/calls.ts";

/** Every call that is made of each provider. */
export const callTables = { aws: awsCalls, gcp: gcpCalls, azure: azureCalls } satisfies Record<Provider, CallTable>;

/** All of them: no two providers have a call of the same name. */
export const allCalls: CallTable = Object.fromEntries(
  Object.values(callTables).flatMap((calls) => Object.entries(calls)),
);

/** The names under `budgets:`: of calls, and of the quotas that several share. */
export const quotaNames: readonly string[] = [
  ...new Set(Object.entries(allCalls).map(([name, call]) => quotaName(name, call))),
];
