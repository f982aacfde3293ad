import { catalogue } from "./catalogue.ts";
import { sample } from "./exposition.ts";
import type { MovingKeyFamily } from "./key-family.ts";

const metric = catalogue.key_scan_interval;

export const keyScanInterval: MovingKeyFamily = {
  metric,
  render: ({ provider, name, scan_interval }) => sample(metric, { provider, key: name }, scan_interval / 1000),
};
