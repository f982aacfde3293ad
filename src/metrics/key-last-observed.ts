import { catalogue } from "./catalogue.ts";
import type { MovingKeyFamily } from "./key-family.ts";

/** A key that was never seen is as old as can be, not absent: an alert on age must not miss it. */
export const keyLastObserved: MovingKeyFamily = {
  metric: catalogue.key_last_observed,
  value: ({ last_observed }) => (last_observed ?? 0) / 1000,
};
