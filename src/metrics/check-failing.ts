import { catalogue } from "./catalogue.ts";
import { sample } from "./exposition.ts";
import type { KeyFamily } from "./key-family.ts";

const metric = catalogue.check_failing;

export const checkFailing: KeyFamily = {
  metric,
  render({ provider, name, checks }) {
    return checks
      .map(({ check, severity, open }) => sample(metric, { provider, key: name, check, severity }, open ? 1 : 0))
      .join("");
  },
};
