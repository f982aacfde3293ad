import { Counter, Histogram, type Registry } from "prom-client";
import type { UnreadableReason } from "../model/fact.ts";
import type { Provider } from "../model/resource.ts";
import { catalogue } from "./catalogue.ts";
import { refusalReasons } from "./known-series.ts";
import { settings } from "./registry-settings.ts";

/** One request to a provider. */
export interface ObservedCall {
  readonly provider: Provider;
  readonly call: string;
  readonly seconds: number;
  /** Null where the provider answered. */
  readonly refusal: UnreadableReason | null;
}

/** The keyposture_provider_* families. `calls` are those that can be made, by provider. */
export function providerCalls(
  registry: Registry,
  calls: Readonly<Record<Provider, readonly string[]>>,
): (observed: ObservedCall) => void {
  const requests = new Counter(settings(catalogue.provider_requests, registry));
  const failures = new Counter(settings(catalogue.provider_request_failures, registry));
  const throttles = new Counter(settings(catalogue.provider_throttles, registry));
  const durations = new Histogram(settings(catalogue.provider_request_duration, registry));

  for (const [provider, names] of Object.entries(calls)) {
    for (const api of names) {
      requests.inc({ provider, api }, 0);
      throttles.inc({ provider, api }, 0);
      durations.zero({ provider, api });
      for (const code of refusalReasons) failures.inc({ provider, api, code }, 0);
    }
  }

  return function onCall({ provider, call: api, seconds, refusal }) {
    requests.inc({ provider, api });
    durations.observe({ provider, api }, seconds);
    if (refusal !== null) failures.inc({ provider, api, code: refusal });
    if (refusal === "throttled") throttles.inc({ provider, api });
  };
}
