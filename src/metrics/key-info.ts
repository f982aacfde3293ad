import { catalogue } from "./catalogue.ts";
import { sample } from "./exposition.ts";
import type { KeyFamily } from "./key-family.ts";

const metric = catalogue.key_info;

/** `keyLabels`: the labels of registrations that become labels here, present on every key, if need be empty. */
export function keyInfo(keyLabels: readonly string[]): KeyFamily {
  return {
    metric,
    render(key) {
      const chosen = keyLabels.map((name) => [`label_${name}`, labelOf(key.labels, name)] as const);
      const labels = {
        provider: key.provider,
        key: key.name,
        account: key.account,
        location: key.location ?? "",
        resource: key.resource,
        protection_level: key.protection_level ?? "",
        key_spec: key.key_spec ?? "",
        origin: key.origin ?? "",
        ...Object.fromEntries(chosen),
      } satisfies Record<(typeof metric.labels)[number], string>;
      return sample(metric, labels, 1);
    },
  };
}

function labelOf(labels: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? "") : "";
}
