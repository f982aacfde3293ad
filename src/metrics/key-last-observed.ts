import { catalogue } from "./catalogue.ts";
import { sample } from "./exposition.ts";
import type { MovingKeyFamily } from "./key-family.ts";

const metric = catalogue.key_last_observed;

/** A key that was never seen is as old as can be, not absent: an alert on age must not miss it. */
export const keyLastObserved: MovingKeyFamily = {
  metric,
  render: ({ provider, name, last_observed }) => sample(metric, { provider, key: name }, (last_observed ?? 0) / 1000),
};
