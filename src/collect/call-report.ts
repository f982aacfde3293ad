import type { UnreadableReason } from "../model/fact.ts";
import type { Provider } from "../model/resource.ts";

/** One request that was made, as told to whoever counts them. */
export interface CallReport {
  readonly provider: Provider;
  readonly scope: string;
  /** A call of the provider's call table. */
  readonly call: string;
  readonly seconds: number;
  /** Null where the provider answered. */
  readonly refusal: UnreadableReason | null;
}
