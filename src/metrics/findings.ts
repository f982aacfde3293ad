import { severities } from "../model/outcome.ts";
import { providers } from "../model/resource.ts";
import { catalogue } from "./catalogue.ts";
import { familyHeader, sample } from "./exposition.ts";
import { countedStatuses, type FindingCount } from "./metrics-source.ts";

const metric = catalogue.findings;

/** The whole family, zeros included. Counts of one combination are added up. */
export function renderFindings(counts: readonly FindingCount[]): string {
  const sums = new Map<string, number>();
  for (const { provider, severity, status, count } of counts) {
    const combination = `${provider} ${severity} ${status}`;
    sums.set(combination, (sums.get(combination) ?? 0) + count);
  }
  let text = familyHeader(metric);
  for (const provider of providers) {
    for (const severity of severities) {
      for (const status of countedStatuses) {
        text += sample(metric, { provider, severity, status }, sums.get(`${provider} ${severity} ${status}`) ?? 0);
      }
    }
  }
  return text;
}
