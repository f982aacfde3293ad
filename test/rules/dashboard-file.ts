import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Target {
  readonly refId: string;
  readonly datasource: unknown;
  readonly expr: string;
  readonly instant?: boolean;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: unknown;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly datasource?: unknown;
  readonly query: string | { readonly query: string };
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

const file = join(import.meta.dirname, "../../helm/keyposture/dashboards/keyposture.json");

export function readDashboard(): Dashboard {
  return JSON.parse(readFileSync(file, "utf8")) as Dashboard;
}

/** Each query, with what it is called. */
export function queriesOf({ panels }: Dashboard): { readonly name: string; readonly expr: string }[] {
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr }) => ({ name: `${title} ${refId}`, expr })),
  );
}

/** What a variable offers: the values that a label has on the series of a selector. */
export function labelValuesOf({ query }: Variable): { readonly selector: string; readonly label: string } {
  const text = typeof query === "string" ? query : query.query;
  const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? [];
  if (selector === undefined || label === undefined) throw new Error(`no label_values: ${text}`);
  return { selector, label };
}
