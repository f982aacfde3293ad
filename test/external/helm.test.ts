import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { quotaNames } from "../../src/collect/call-tables.ts";
import type { Config } from "../../src/config/config-schema.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { readAlerts, ruleFile } from "../rules/rule-file.ts";
import { externalSuite } from "./external-suite.ts";
import {
  chart,
  environmentOf,
  helm,
  namespace,
  type PrometheusRule,
  type Rendered,
  render,
  type ValuesFile,
  valuesFiles,
} from "./helm-chart.ts";

const valid = valuesFiles("valid");

function fileOf(name: string): string {
  return join(chart, "ci/valid", `${name}.yaml`);
}

/** The rendered configuration as the service reads it. */
function configOf(rendered: Rendered, env: Readonly<Record<string, string>> = {}): Config {
  const text = rendered.get("ConfigMap").data["keyposture.yaml"] ?? "";
  const parsed = parseConfig(text, { file: "keyposture.yaml", env, knownCalls: quotaNames });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("\n"));
  return parsed.config;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

externalSuite("helm", { needs: ["helm", "promtool"] }, () => {
  it("there are files of both kinds", () => {
    expect(valid.length).toBeGreaterThan(5);
    expect(valuesFiles("invalid").length).toBeGreaterThan(20);
  });

  describe.each(valid.map((file) => [file.name, file] as const))("with %s", (_, file: ValuesFile) => {
    let rendered: Rendered;
    let config: Config;
    beforeAll(() => {
      rendered = render(file.path);
      config = configOf(rendered, environmentOf(file.text));
    });

    it("helm lint has nothing to say", () => {
      const { status, stdout } = helm("lint", chart, ["--values", file.path]);
      expect([status, stdout]).toEqual([0, expect.stringContaining("0 chart(s) failed")]);
      expect(stdout).not.toMatch(/WARNING|ERROR/);
    });

    it("the service finds its files on volumes, and writes to its own alone", () => {
      const { spec } = rendered.get("StatefulSet");
      const [container] = spec.template.spec.containers;
      const mounts = new Map(container.volumeMounts.map(({ mountPath, name }) => [mountPath, name]));
      const env = new Map(container.env.map(({ name, value }) => [name, value]));

      expect(mounts.get(dirname(config.database))).toBe("data");
      expect(mounts.get(dirname(env.get("KEYPOSTURE_CONFIG") ?? ""))).toBe("config");
      if (config.server.tokens_file !== null) expect(mounts.get(dirname(config.server.tokens_file))).toBe("tokens");
      expect(mounts.size).toBe(container.volumeMounts.length);

      const claimed = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
      const volumes = [...claimed, ...spec.template.spec.volumes.map(({ name }) => name)];
      expect(volumes.toSorted()).toEqual([...mounts.values()].toSorted());
    });

    it("ports fit together, from the listeners of the configuration on", () => {
      const listeners = { ...(config.metrics.enabled && { metrics: config.metrics }), http: config.server };
      const open = Object.entries(listeners).filter(([, { host }]) => !isLoopback(host));
      const [container] = rendered.get("StatefulSet").spec.template.spec.containers;
      const containerPorts = new Map((container.ports ?? []).map((port) => [port.name, port.containerPort]));
      expect(Object.fromEntries(containerPorts)).toEqual(
        Object.fromEntries(open.map(([name, { port }]) => [name, port])),
      );

      const named = [
        ...(rendered.find("Service")?.spec.ports ?? []).map(({ targetPort }) => targetPort),
        ...(rendered.find("NetworkPolicy")?.spec.ingress ?? []).flatMap(({ ports }) => ports.map(({ port }) => port)),
        ...[container.startupProbe, container.livenessProbe, container.readinessProbe].flatMap(({ httpGet }) =>
          httpGet === undefined ? [] : [httpGet.port],
        ),
      ];
      for (const name of named) expect([...containerPorts.keys()]).toContain(name);
      expect(rendered.find("Service")?.spec.ports.map(({ name, port }) => [name, port]) ?? []).toEqual([
        ...containerPorts,
      ]);
    });

    it("probes ask a listener that answers them", () => {
      const [{ startupProbe, livenessProbe, readinessProbe }] =
        rendered.get("StatefulSet").spec.template.spec.containers;
      const { host } = config.metrics.enabled ? config.metrics : config.server;
      const port = config.metrics.enabled ? "metrics" : "http";
      const asked = isLoopback(host)
        ? ["healthcheck", "healthcheck", "healthcheck --ready"].map((command) => `keyposture ${command}`)
        : [`${port} /healthz`, `${port} /healthz`, `${port} /readyz`];
      expect(
        [startupProbe, livenessProbe, readinessProbe].map(({ exec, httpGet }) =>
          httpGet === undefined ? exec?.command.join(" ") : `${httpGet.port} ${httpGet.path}`,
        ),
      ).toEqual(asked);
    });

    it("selectors find what they are meant for", () => {
      const { spec } = rendered.get("StatefulSet");
      const { labels } = spec.template.metadata;
      expect(labels).toMatchObject(spec.selector.matchLabels);
      const service = rendered.find("Service");
      if (service !== undefined) {
        expect(labels).toMatchObject(service.spec.selector);
        expect(spec.serviceName).toBe(service.metadata.name);
      }
      const policy = rendered.find("NetworkPolicy");
      if (policy !== undefined) expect(labels).toMatchObject(policy.spec.podSelector.matchLabels);
      const monitor = rendered.find("ServiceMonitor");
      if (monitor !== undefined) {
        expect(service?.metadata.labels).toMatchObject(monitor.spec.selector.matchLabels);
        const names = service?.spec.ports.map(({ name }) => name);
        for (const { port } of monitor.spec.endpoints) expect(names).toContain(port);
      }
    });

    it("names and namespaces are what Kubernetes takes, and one for all", () => {
      const { name, namespace: of } = rendered.get("StatefulSet").metadata;
      expect(name).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,50}[a-z0-9])?$/);
      for (const { metadata } of rendered.manifests) expect(metadata.namespace).toBe(of);
      const kinds = rendered.manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      expect(new Set(kinds).size).toBe(kinds.length);
      const { serviceAccountName } = rendered.get("StatefulSet").spec.template.spec;
      expect(rendered.find("ServiceAccount")?.metadata.name ?? "keys-reader").toBe(serviceAccountName);
    });

    it("the pod has no more rights than it needs, one replica, and time to end", () => {
      const { replicas, template } = rendered.get("StatefulSet").spec;
      const [container] = template.spec.containers;
      expect(replicas).toBe(1);
      expect(template.spec.automountServiceAccountToken).toBe(false);
      // The service ends within ten seconds.
      expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(10);
      expect(template.spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        privileged: false,
        capabilities: { drop: ["ALL"] },
      });
    });

    it("no secret is rendered", () => {
      expect(rendered.manifests.map(({ kind }) => kind)).not.toContain("Secret");
      const written = rendered.get("ConfigMap").data["keyposture.yaml"] ?? "";
      for (const [name, value] of Object.entries(environmentOf(file.text))) {
        if (written.includes(`\${${name}}`)) expect(written).not.toContain(value);
      }
    });
  });

  it.each(valuesFiles("invalid").map((file) => [file.name, file] as const))("refuses %s", (_, { path, text }) => {
    const message = /^# refused: (.+)\n/.exec(text)?.[1];
    expect(message).toBeDefined();

    const { status, stderr } = helm("template", chart, ["--values", path]);

    expect(stderr).toContain(message);
    expect(status).not.toBe(0);
  });

  it("tells several contradictions at once", () => {
    const { stderr } = helm("template", chart, [
      "--set",
      "config.database=./a.db,serviceAccount.create=false,cloudIdentity.azure.enabled=true,config.server.host=0.0.0.0",
    ]);
    for (const name of ["config.database", "serviceAccount.name", "config.server.host"]) expect(stderr).toContain(name);
  });

  describe("the configuration", () => {
    it("arrives as it was written", () => {
      const config = configOf(render(fileOf("aws-irsa")));
      expect(config).toMatchObject({
        guidance: "2026-09",
        database: "/var/lib/keyposture/keyposture.db",
        lanes: { fast: 30_000, full: 900_000 },
        budgets: { ratio: 0.5, rates: { "kms:ListGrants": 40 } },
        aws: { accounts: { "444455556666": { role_arn: "arn:aws:iam::444455556666:role/keyposture" } } },
        server: { host: "127.0.0.1", auth: "none" },
        metrics: { enabled: true, host: "0.0.0.0", port: 9090, mode: "summary" },
      });
      expect(config.keys.map(({ name, registration }) => [name, registration.in_use_since])).toEqual([
        ["prod-us", "2026-07-01"],
        ["prod-eu", null],
      ]);
    });

    it("takes numbers as they are, however large", () => {
      const config = configOf(render(fileOf("default"), ["--set", "config.settings.max_administrators=1000000"]));
      expect(config.settings.max_administrators).toBe(1_000_000);
    });

    it("asks for tokens where a secret holds some", () => {
      const rendered = render(fileOf("api-with-tokens"));
      expect(configOf(rendered).server).toEqual({
        host: "0.0.0.0",
        port: 8080,
        auth: "tokens",
        tokens_file: "/etc/keyposture-tokens/tokens.yaml",
      });
      expect(rendered.get("StatefulSet").spec.template.spec.volumes).toContainEqual({
        name: "tokens",
        secret: { secretName: "keyposture-tokens", defaultMode: 0o440 },
      });
    });

    it("leaves ${NAME} to the service", () => {
      const rendered = render(fileOf("secret-values"));
      const env = { ROLE: "arn:aws:iam::444455556666:role/keyposture", EXTERNAL_ID: "known-to-both" };
      expect(configOf(rendered, env)).toMatchObject({
        aws: { accounts: { "444455556666": { role_arn: env.ROLE, external_id: env.EXTERNAL_ID } } },
        keys: [{ registration: { labels: { note: "${NOT_ASKED_FOR}" } } }],
      });
    });

    it("starts the pod anew when it changes, and only then", () => {
      const checksum = (...args: readonly string[]) =>
        render(fileOf("default"), args).get("StatefulSet").spec.template.metadata.annotations["checksum/config"];
      expect(checksum("--set", "resources.limits.memory=1Gi")).toBe(checksum());
      expect(checksum("--set", "config.log.level=debug")).not.toBe(checksum());
    });
  });

  describe("the identity of the pod", () => {
    it.each([
      [
        "aws-irsa",
        { "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/keyposture", "example.com/owner": "security" },
      ],
      ["eks-pod-identity", undefined],
      ["gke", { "iam.gke.io/gcp-service-account": "keyposture@acme-watch.iam.gserviceaccount.com" }],
      ["gke-direct", undefined],
      [
        "azure",
        {
          "azure.workload.identity/client-id": "0e7c4b6a-6b1e-4c58-9d53-2f1a3f2b1c9d",
          "azure.workload.identity/tenant-id": "9d533f2b-6b1e-4c58-1c9d-2f1a0e7c4b6a",
        },
      ],
    ])("of %s is on the service account", (name, annotations) => {
      expect(render(fileOf(name)).get("ServiceAccount").metadata.annotations).toEqual(annotations);
    });

    it.each([
      ["azure", "true"],
      ["everything-else", "true"],
      ["aws-irsa", undefined],
    ])("of %s: the pod's label of Azure is %s", (name, value) => {
      const { labels } = render(fileOf(name)).get("StatefulSet").spec.template.metadata;
      expect(labels["azure.workload.identity/use"]).toBe(value);
    });
  });

  describe("the volume", () => {
    it.each([
      ["default", "Retain"],
      ["everything-else", undefined],
    ])("of %s: %s", (name, whenDeleted) => {
      const { persistentVolumeClaimRetentionPolicy, volumeClaimTemplates } = render(fileOf(name)).get(
        "StatefulSet",
      ).spec;
      expect(persistentVolumeClaimRetentionPolicy?.whenDeleted).toBe(whenDeleted);
      expect(volumeClaimTemplates?.length).toBe(whenDeleted && 1);
    });

    it("goes with the release where that is wanted", () => {
      const { spec } = render(fileOf("default"), ["--set", "persistence.retain=false"]).get("StatefulSet");
      expect(spec.persistentVolumeClaimRetentionPolicy?.whenDeleted).toBe("Delete");
    });
  });

  describe("the network policy", () => {
    it("lets out what the clouds and names take, and the metadata services only where asked", () => {
      const { egress } = render(fileOf("aws-irsa")).get("NetworkPolicy").spec;
      expect(egress).toEqual([{ ports: [53, 53, 443].map((port) => expect.objectContaining({ port })) }]);

      const wider = JSON.stringify(render(fileOf("eks-pod-identity")).get("NetworkPolicy").spec.egress);
      for (const address of ["169.254.169.254/32", "169.254.170.23/32", "169.254.169.252/32", "10.0.0.0/8"]) {
        expect(wider).toContain(address);
      }
    });

    it("lets in nobody where nothing is open, and else those who are named", () => {
      expect(render(fileOf("nothing-open")).get("NetworkPolicy").spec.ingress).toEqual([]);
      const [rule] = render(fileOf("aws-irsa")).get("NetworkPolicy").spec.ingress;
      expect(rule?.from).toEqual([
        { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } },
      ]);
    });
  });

  describe("the alerts", () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "keyposture-helm-"));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    function rulesOf(rendered: PrometheusRule) {
      return rendered.spec.groups.flatMap(({ rules }) => rules);
    }

    it("are those of the rule file, word for word", () => {
      const rendered = render(fileOf("default"), ["--set", "prometheusRule.enabled=true"]).get("PrometheusRule");
      expect(rendered.spec).toEqual(parse(readFileSync(ruleFile, "utf8")));
    });

    it("follow the values, and promtool takes them", () => {
      const { spec, ...rendered } = render(fileOf("aws-irsa")).get("PrometheusRule");
      const rules = rulesOf({ spec, ...rendered });
      const kept = readAlerts().filter(({ alert }) => alert !== "KeyPostureKeyUnexpectedPrincipal");
      expect(rules.map(({ alert }) => alert)).toEqual(kept.map(({ alert }) => alert));
      expect(rules.find(({ alert }) => alert === "KeyPostureKeyPublicAccess")?.labels["severity"]).toBe("warning");
      for (const { annotations } of rules) {
        expect(annotations["runbook_url"]).toMatch(
          /^https:\/\/wiki\.acme\.example\/keyposture\/runbook\.md#keyposture/,
        );
      }
      expect(rendered.metadata.labels["release"]).toBe("prometheus");

      const file = join(folder, "rules.json");
      writeFileSync(file, JSON.stringify(spec));
      const { status, stdout, stderr } = spawnSync("promtool", ["check", "rules", file], { encoding: "utf8" });
      expect([status, stdout + stderr]).toEqual([0, expect.stringContaining(`${kept.length} rules found`)]);
    });
  });

  it("the dashboard is that of the repository, where Grafana's sidecar finds it", () => {
    const { manifests } = render(fileOf("aws-irsa"));
    const found = manifests.find(({ metadata }) => metadata.name.endsWith("-dashboard"));
    const written = readFileSync(join(chart, "dashboards/keyposture.json"), "utf8");
    expect(found).toMatchObject({
      kind: "ConfigMap",
      metadata: { labels: { grafana_dashboard: "1" }, annotations: { grafana_folder: "Security" } },
    });
    const { data } = found as unknown as { data: Record<string, string> };
    expect(JSON.parse(data["keyposture.json"] ?? "")).toEqual(JSON.parse(written));
  });

  describe("the notes", () => {
    let copy: string;
    beforeAll(() => {
      copy = mkdtempSync(join(tmpdir(), "keyposture-chart-"));
      cpSync(chart, copy, { recursive: true });
      // `helm template` leaves the notes out, and `helm install` asks a cluster first.
      const included = '{{ include (print $.Template.BasePath "/NOTES.txt") . | toJson }}';
      writeFileSync(join(copy, "templates/notes.yaml"), `kind: Notes\ntext: ${included}\n`);
    });
    afterAll(() => rmSync(copy, { recursive: true, force: true }));

    function notes(name: string): string {
      const args = ["--values", fileOf(name), "--show-only", "templates/notes.yaml"];
      const { stdout, stderr } = helm("template", copy, args);
      expect(stderr).toBe("");
      return (parse(stdout) as { text: string }).text;
    }

    it.each([
      [
        "default",
        ["no key in its configuration yet", "port-forward", "metrics", "Nothing alerts yet"],
        ["asks for tokens"],
      ],
      [
        "aws-irsa",
        ["2 keys", "in AWS.", "port-forward", "scan"],
        ["Authorization", "Nothing alerts yet", "no runbook", "Google Cloud"],
      ],
      ["gke", ["1 key of its configuration, in Google Cloud.", "link to no runbook yet"], ["AWS"]],
      ["api-with-tokens", ["asks for tokens", `watch-keyposture.${namespace}.svc:8080`, "no TLS"], ["port-forward"]],
      ["nothing-open", ["port-forward", "Authorization: Bearer"], ["/metrics"]],
      ["everything-else", ["the history is lost with the pod"], []],
    ])("of %s say what is next", (name, said, unsaid) => {
      const text = notes(name);
      for (const words of said) expect(text).toContain(words);
      for (const words of unsaid) expect(text).not.toContain(words);
    });
  });
});
