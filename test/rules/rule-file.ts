import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One question that is asked at one moment in the tests of the rules. */
export interface AlertTest {
  readonly alertname: string;
  readonly exp_alerts: readonly unknown[];
}

const folder = join(import.meta.dirname, "../../helm/keyposture/rules");
export const ruleFile = join(folder, "keyposture.rules.yml");
export const ruleTestFile = join(folder, "keyposture.test.yml");

export function readAlerts(): Alert[] {
  const { groups } = parse(readFileSync(ruleFile, "utf8")) as { groups: readonly { rules: readonly Alert[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

export function readAlertTests(): AlertTest[] {
  const { tests } = parse(readFileSync(ruleTestFile, "utf8")) as {
    tests: readonly { alert_rule_test?: readonly AlertTest[] }[];
  };
  return tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test);
}
