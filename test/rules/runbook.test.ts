import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { catalogue as checks } from "../../checks/index.ts";
import type { Server } from "../../src/cli/server.ts";
import { providers } from "../../src/model/resource.ts";
import { parseExposition } from "../metrics/parse-exposition.ts";
import { runCli } from "../support/run-cli.ts";
import { createWorld, type World } from "../support/running-service.ts";
import { queriesOf, readDashboard } from "./dashboard-file.ts";
import { matches, selectorsOf } from "./promql.ts";
import { readAlerts } from "./rule-file.ts";

const alerts = readAlerts();
const runbook = readFileSync(join(import.meta.dirname, "../../docs/runbook.md"), "utf8");
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf("\n")), text] as const),
);

/** The fenced blocks of one language, line by line. */
function linesOf(language: string): string[] {
  const blocks = runbook.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"));
  return [...blocks].flatMap(([, text = ""]) => text.split("\n")).filter((line) => line !== "");
}

describe("the runbook", () => {
  it("has a section for each alert in the order of the rules, and no other but that on inhibition", () => {
    expect([...sections.keys()]).toEqual([...alerts.map(({ alert }) => alert), "Inhibition"]);
  });

  it.each(alerts)("says of $alert what it means, what to look at and what to do", ({ alert }) => {
    const parts = [...(sections.get(alert) ?? "").matchAll(/^\*\*(Meaning|Look at|Do)(?:\.\*\*|\*\*)/gm)];
    expect(parts.map(([, part]) => part)).toEqual(["Meaning", "Look at", "Do"]);
  });

  it("names alerts and checks that there are", () => {
    const named = new Set(runbook.match(/\bKeyPosture[A-Z]\w+/g));
    expect([...named].filter((name) => !alerts.some(({ alert }) => alert === name))).toEqual([]);
    const ids = new Set(runbook.match(new RegExp(`\\b(?:${providers.join("|")})/[a-z][a-z0-9-]+`, "g")));
    expect(ids.size).toBeGreaterThan(5);
    expect([...ids].filter((id) => !checks.some((check) => check.id === id))).toEqual([]);
  });
});

describe("the advice on inhibition", () => {
  const text = linesOf("yaml").join("\n");
  const { inhibit_rules: rules } = parseDocument(text).toJS() as {
    inhibit_rules: readonly { source_matchers: string[]; target_matchers: string[]; equal?: string[] }[];
  };

  it.each(rules)("$source_matchers silences $target_matchers by labels that both have", (rule) => {
    const sources = matched(rule.source_matchers);
    const targets = matched(rule.target_matchers);
    expect(sources).toHaveLength(1);
    expect(targets.length).toBeGreaterThan(0);
    for (const { expr } of rule.equal === undefined ? [] : [...sources, ...targets]) {
      const [, by = ""] = /\b(?:max|sum) by \(([^)]+)\)/.exec(expr) ?? [];
      expect(by.split(", ")).toEqual(expect.arrayContaining(rule.equal ?? []));
    }
  });

  it("lets nothing about a key silence that nobody sees it", () => {
    const silencers = rules.filter(({ target_matchers }) =>
      matched(target_matchers).some(({ alert }) => /NotObservedSustained|AccessDenied/.test(alert)),
    );
    expect(silencers.map(({ source_matchers }) => source_matchers)).toEqual([['alertname="KeyPostureAuditDown"']]);
  });

  function matched([pattern = ""]: readonly string[]) {
    const { metric, matchers } = selectorsOf(`x{${pattern}}`)[0] ?? { metric: "", matchers: [] };
    expect([metric, matchers.map(({ label }) => label)]).toEqual(["x", ["alertname"]]);
    return alerts.filter(({ alert }) => matchers.every((one) => matches(one, alert)));
  }
});

describe("on a running service", () => {
  let world: World;
  let server: Server;

  beforeAll(async () => {
    world = await createWorld();
    server = await world.start();
    const begun = await server.service.schedule.requestScan(null, "full");
    await Promise.all(begun.map(({ done }) => done));
  });
  afterAll(async () => {
    await server.close();
    await world.close();
  });

  it("every metric of the rules, the dashboard and the runbook is there", async () => {
    const families = parseExposition(await (await fetch(`${server.url}/metrics`)).text());
    const there = [...families].flatMap(([name, { type }]) => (type === "histogram" ? [`${name}_bucket`] : [name]));
    const expressions = [...alerts, ...queriesOf(readDashboard())].map(({ expr }) => expr);
    const read = new Set(expressions.flatMap((expr) => selectorsOf(expr).map(({ metric }) => metric)));
    expect(read.size).toBeGreaterThan(15);
    expect([...read].filter((name) => !there.includes(name))).toEqual([]);

    const told = new Set(runbook.match(/\bkeyposture_[a-z_]+[a-z]\b/g));
    expect([...told].filter((name) => !families.has(name))).toEqual([]);
    // What is looked for with grep is found.
    for (const [, pattern = ""] of runbook.matchAll(/grep -E '([^']+)'/g)) {
      expect([...families.keys()].filter((name) => new RegExp(pattern).test(name)).length).toBeGreaterThan(1);
    }
  });

  it("every request of the runbook is answered", async () => {
    const { findings } = (await (await fetch(`${server.url}/findings?key=prod`)).json()) as {
      findings: { id: string }[];
    };
    const values: Readonly<Record<string, string>> = {
      key: "prod",
      check: "aws/key-enabled",
      id: findings[0]?.id ?? "",
    };
    const asked = linesOf("sh").flatMap((line) => [
      ...line.matchAll(/curl (.*?)["']?(http:\/\/127\.0\.0\.1:8080)([^"'\s|)]*)/g),
    ]);
    expect(asked.length).toBeGreaterThan(20);
    for (const [, options = "", , path = ""] of asked) {
      const url = server.url + path.replaceAll(/\$(\w+)/g, (_, name: string) => values[name] ?? `no ${name}`);
      const body = /-d "(.+)"/.exec(options)?.[1]?.replaceAll('\\"', '"').replace("$key", "prod");
      const posted = { method: "POST", body: body ?? "", headers: { "content-type": "application/json" } };
      const response = await fetch(url, body === undefined ? {} : posted);
      // An answer that nobody reads keeps the service from ending.
      await response.arrayBuffer();
      expect([url, response.status]).toEqual([url, body === undefined ? 200 : 202]);
    }
  });
});

describe("the commands of the runbook", () => {
  const given = [...runbook.matchAll(/(?:^|`)keyposture ([a-z]+)([^\n`|]*)/gm)];
  const commands = Map.groupBy(given, ([, command = ""]) => command);

  it.each([...commands.keys()])("keyposture %s is one, with the options that are given", async (command) => {
    const { code, stdout } = await runCli([command, "--help"]);
    expect(code).toBe(0);
    const options = (commands.get(command) ?? []).flatMap(([, , rest = ""]) => rest.match(/--[a-z-]+/g) ?? []);
    expect(options.filter((option) => !stdout.includes(option))).toEqual([]);
  });
});
