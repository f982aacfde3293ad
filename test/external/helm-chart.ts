/** The chart as Helm renders it. Its values files under ci/ are the cases; one that is refused says why on its first line. */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

export const chart = join(import.meta.dirname, "../../helm/keyposture");
export const release = "watch";
export const namespace = "keys";

/** What a Helm that was built from source takes as the cluster's version is older than the chart allows. */
const cluster = ["--kube-version", "1.33.0"];

export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function helm(verb: "lint" | "template", folder: string, args: readonly string[]): Answer {
  const positional = verb === "template" ? [release, folder, "--namespace", namespace] : [folder, "--strict"];
  return spawnSync("helm", [verb, ...positional, ...cluster, ...args], { encoding: "utf8" });
}

export interface ValuesFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

export function valuesFiles(kind: "valid" | "invalid"): ValuesFile[] {
  const paths = globSync(join(chart, "ci", kind, "*.yaml")).toSorted();
  return paths.map((path) => ({ name: basename(path, ".yaml"), path, text: readFileSync(path, "utf8") }));
}

export interface Port {
  readonly name?: string;
  readonly port?: number | string;
  readonly containerPort?: number;
  readonly targetPort?: string;
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
  readonly exec?: { readonly command: readonly string[] };
}

export interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly Port[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface PodSpec {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly [Container];
  readonly volumes: readonly { readonly name: string; readonly secret?: { readonly secretName: string } }[];
}

type Labels = Readonly<Record<string, string>>;

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Labels;
    readonly annotations?: Labels;
  };
}

export interface StatefulSet extends Manifest {
  readonly spec: {
    readonly replicas: number;
    readonly serviceName: string;
    readonly selector: { readonly matchLabels: Labels };
    readonly template: {
      readonly metadata: { readonly labels: Labels; readonly annotations: Labels };
      readonly spec: PodSpec;
    };
    readonly persistentVolumeClaimRetentionPolicy?: { readonly whenDeleted: string };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

export interface ConfigMap extends Manifest {
  readonly data: Readonly<Record<string, string>>;
}

export interface Service extends Manifest {
  readonly spec: { readonly selector: Labels; readonly ports: readonly Port[] };
}

export interface NetworkPolicy extends Manifest {
  readonly spec: {
    readonly podSelector: { readonly matchLabels: Labels };
    readonly ingress: readonly { readonly ports: readonly Port[]; readonly from?: readonly unknown[] }[];
    readonly egress: readonly { readonly ports: readonly Port[]; readonly to?: readonly unknown[] }[];
  };
}

export interface ServiceMonitor extends Manifest {
  readonly spec: {
    readonly selector: { readonly matchLabels: Labels };
    readonly endpoints: readonly { readonly port: string }[];
  };
}

export interface PrometheusRule extends Manifest {
  readonly spec: { readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[] };
}

export interface Rule {
  readonly alert: string;
  readonly labels: Labels;
  readonly annotations: Labels;
}

interface Kinds {
  StatefulSet: StatefulSet;
  ConfigMap: ConfigMap;
  Service: Service;
  ServiceAccount: Manifest & { readonly automountServiceAccountToken: boolean };
  NetworkPolicy: NetworkPolicy;
  ServiceMonitor: ServiceMonitor;
  PrometheusRule: PrometheusRule;
}

export interface Rendered {
  readonly text: string;
  readonly manifests: readonly Manifest[];
  /** The one object of that kind, or undefined. Of the ConfigMaps, the one with the configuration. */
  find<Kind extends keyof Kinds>(kind: Kind): Kinds[Kind] | undefined;
  /** The same, where it has to be there. */
  get<Kind extends keyof Kinds>(kind: Kind): Kinds[Kind];
}

/** Renders the chart with a file of values. Throws what Helm said where it refuses them. */
export function render(path: string, args: readonly string[] = []): Rendered {
  const { status, stdout, stderr } = helm("template", chart, ["--values", path, ...args]);
  if (status !== 0) throw new Error(stderr);
  const manifests = parseAllDocuments(stdout).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as Manifest;
  });
  function find<Kind extends keyof Kinds>(kind: Kind): Kinds[Kind] | undefined {
    const found = manifests.filter((each) => each.kind === kind && !each.metadata.name.endsWith("-dashboard"));
    if (found.length > 1) throw new Error(`${found.length} objects are a ${kind}`);
    return found[0] as Kinds[Kind] | undefined;
  }
  return {
    text: stdout,
    manifests,
    find,
    get(kind) {
      const found = find(kind);
      if (found === undefined) throw new Error(`no ${kind} is rendered`);
      return found;
    },
  };
}

/** The variables that the values bring by name; those from secrets have some text. */
export function environmentOf(text: string): Record<string, string> {
  const { extraEnv = [] } = (parse(text) ?? {}) as { extraEnv?: readonly { name: string; value?: string }[] };
  return Object.fromEntries(extraEnv.map(({ name, value }) => [name, value ?? `text-of-${name}`]));
}
