import type { CallTable } from "../model/call.ts";
import type { Provider } from "../model/resource.ts";
import { awsCalls } from "./aws/calls.ts";

/** Every call that is made of each provider. */
export const callTables = { aws: awsCalls } satisfies Record<Provider, CallTable>;
