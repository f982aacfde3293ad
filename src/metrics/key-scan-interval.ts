import { catalogue } from "./catalogue.ts";
import type { MovingKeyFamily } from "./key-family.ts";

export const keyScanInterval: MovingKeyFamily = {
  metric: catalogue.key_scan_interval,
  value: ({ scan_interval }) => scan_interval / 1000,
};
