import { catalogue } from "./catalogue.ts";
import { sample } from "./exposition.ts";
import type { KeyFamily } from "./key-family.ts";

const metric = catalogue.key_unknown_checks;

export const keyUnknownChecks: KeyFamily = {
  metric,
  render: ({ provider, name, unknown_checks }) => sample(metric, { provider, key: name }, unknown_checks),
};
