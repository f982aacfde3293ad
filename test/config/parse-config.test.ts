import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config-schema.ts";
import { parseConfig } from "../../src/config/parse-config.ts";

const knownCalls = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants", "cloudkms:read"];
const env = {
  SECRET_ARN: "arn:aws:kms:us-east-2:hunter2:key/x",
  SECRET_LEVEL: "hunter2",
  KEY_ID: "1234abcd-12ab-34cd-56ef-1234567890ab",
  TEAM: "payments",
};
const arn = "arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const otherArn = "arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ac";

function fixture(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

function parse(text: string): Config {
  const parsed = parseConfig(text, { file: "keyposture.yaml", env, knownCalls });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("\n"));
  return parsed.config;
}

function messages(text: string): string[] {
  const parsed = parseConfig(text, { file: "keyposture.yaml", env, knownCalls });
  return parsed.ok ? [] : parsed.mistakes.map(({ message }) => message);
}

describe("mistakes", () => {
  const cases = readdirSync(new URL("invalid", import.meta.url))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.replace(/\.yaml$/, ""));

  it("has a case for each expectation and the other way round", () => {
    const expectations = readdirSync(new URL("invalid", import.meta.url)).filter((name) =>
      name.endsWith(".expect.txt"),
    );
    expect(expectations.map((name) => name.replace(/\.expect\.txt$/, "")).toSorted()).toEqual(cases.toSorted());
    expect(cases.length).toBeGreaterThan(0);
  });

  it.each(cases)("%s", (name) => {
    const said = messages(fixture(`invalid/${name}.yaml`));
    expect(`${said.join("\n")}\n`).toBe(fixture(`invalid/${name}.expect.txt`));
  });

  it("never says what came from the environment", () => {
    expect(messages(fixture("invalid/environment.yaml")).join()).not.toContain("hunter2");
  });

  it("names the path and the place of each", () => {
    const parsed = parseConfig("log:\n  level: loud\n", { file: "f", env, knownCalls });
    expect(parsed).toMatchObject({ ok: false, mistakes: [{ path: "log.level", line: 2, column: 10 }] });
  });
});

describe("defaults", () => {
  it.each(["", "# nothing\n", "{}", "---\n...\n"])("hold for %j", (text) => {
    expect(parse(text)).toEqual({
      keys: [],
      guidance: "2026-09",
      organizations: [],
      aws: { accounts: {} },
      gcp: {
        quota_project: null,
        impersonate: null,
        own_domains: [],
        own_projects: [],
        anthropic_customer_id: null,
      },
      azure: { subscriptions: [], cloud: "public" },
      reads: {
        aws_organization: false,
        gcp_ancestors: true,
        gcp_deny_policies: false,
        gcp_perimeters: false,
        azure_directory: true,
      },
      lanes: { fast: 60_000, full: 900_000 },
      budgets: { ratio: 0.25, concurrency: 16, rates: {} },
      settings: {
        max_administrators: 5,
        key_expiry_notice: 2_592_000_000,
        min_destroy_delay: 604_800_000,
        anthropic_egress: ["160.79.104.0/21"],
      },
      database: "./keyposture.db",
      server: { host: "127.0.0.1", port: 8080, auth: "none", tokens_file: null },
      metrics: { enabled: false, host: "127.0.0.1", port: 9090, mode: "detailed", key_labels: [] },
      log: { level: "info" },
    });
  });

  it("are the same for an empty part as for an absent one", () => {
    expect(parse("lanes: {}\nmetrics: {}\naws: {}\nbudgets: {}\nsettings: {}")).toEqual(parse(""));
  });

  it("of one configuration are not shared with another", () => {
    parse("").settings.anthropic_egress.push("192.0.2.0/24");
    expect(parse("").settings.anthropic_egress).toEqual(["160.79.104.0/21"]);
  });
});

describe("a configuration", () => {
  it("can say everything", () => {
    const config = parse(fixture("valid/everything.yaml"));
    expect(config).toEqual({
      keys: [
        {
          provider: "aws",
          kind: "aws.kms-key",
          resource: arn,
          scope: "111122223333/us-east-2",
          account: "111122223333",
          location: "us-east-2",
          name: "prod-us",
          registration: {
            compartments: ["f8a7b6c5-0d1e-4f2a-9b3c-4d5e6f708192"],
            organizations: ["00000000-0000-4000-8000-000000000001"],
            expected_principals: ["444455556666", "arn:aws:iam::444455556666:role/backup"],
            in_use_since: "2026-07-01",
            role_arn: "arn:aws:iam::915198916910:role/anthropic-cmek-client-us",
            azure: null,
            guidance: "2026-07",
            labels: { team: "payments" },
          },
        },
        {
          provider: "azure",
          kind: "azure.vault-key",
          resource: "https://acme.vault.azure.net/keys/claude",
          scope: "vaults/acme.vault.azure.net",
          account: "acme.vault.azure.net",
          location: null,
          name: "prod-azure",
          registration: {
            compartments: [],
            organizations: ["3f2b1c9d-0000-4000-8000-000000000002"],
            expected_principals: ["00000000-0000-4000-8000-00000000000b"],
            in_use_since: null,
            role_arn: null,
            azure: {
              dedicated_vault: true,
              tenant_id: "00000000-0000-4000-8000-00000000000c",
              vault_resource_id:
                "/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/Acme",
              service_principal_object_id: "00000000-0000-4000-8000-00000000000d",
              client_id: "8635ae1a-3e5d-44e8-a4ed-e0f614466f87",
            },
            guidance: null,
            labels: {},
          },
        },
      ],
      guidance: "2026-06",
      organizations: ["3f2b1c9d-0000-4000-8000-000000000002"],
      aws: {
        accounts: { "012345678901": { role_arn: "arn:aws:iam::012345678901:role/keyposture", external_id: "e-1" } },
      },
      gcp: {
        quota_project: "acme-audit",
        impersonate: "keyposture@acme-audit.iam.gserviceaccount.com",
        own_domains: ["acme.example"],
        own_projects: ["acme-data", "123456789012"],
        anthropic_customer_id: "C01234abc",
      },
      azure: { subscriptions: ["00000000-0000-4000-8000-00000000000a"], cloud: "public" },
      reads: {
        aws_organization: true,
        gcp_ancestors: false,
        gcp_deny_policies: true,
        gcp_perimeters: true,
        azure_directory: false,
      },
      lanes: { fast: 30_000, full: 600_000 },
      budgets: { ratio: 0.5, concurrency: 4, rates: { "kms:GetKeyPolicy": 100 } },
      settings: {
        max_administrators: 3,
        key_expiry_notice: 1_209_600_000,
        min_destroy_delay: 0,
        anthropic_egress: ["192.0.2.0/24"],
      },
      database: "/var/lib/keyposture/keyposture.db",
      server: { host: "0.0.0.0", port: 0, auth: "tokens", tokens_file: "/etc/keyposture/tokens.yaml" },
      metrics: { enabled: true, host: "0.0.0.0", port: 9091, mode: "detailed", key_labels: ["team"] },
      log: { level: "debug" },
    });
  });

  it("gives a key that says nothing the top-level organizations, and an empty list none", () => {
    const { keys } = parse(`
organizations: [3f2b1c9d-0000-4000-8000-000000000002]
keys:
  - resource: ${arn}
  - {resource: ${otherArn}, organizations: []}
`);
    expect(keys.map(({ registration }) => registration)).toEqual([
      {
        compartments: [],
        organizations: ["3f2b1c9d-0000-4000-8000-000000000002"],
        expected_principals: [],
        in_use_since: null,
        role_arn: null,
        azure: null,
        guidance: null,
        labels: {},
      },
      expect.objectContaining({ organizations: [] }),
    ]);
  });

  it("names keys after the last part of their resource, and never takes a given name away", () => {
    const id = "mrk-1234abcd12ab34cd56ef1234567890ab";
    const { keys } = parse(`
keys:
  - resource: arn:aws:kms:us-east-1:111122223333:key/${id}
  - resource: arn:aws:kms:us-west-2:111122223333:key/${id}
  - resource: arn:aws:kms:us-west-2:444455556666:key/${id}
  - {name: ${id}-us-east-1, resource: ${arn}}
  - {name: ${id}, resource: ${otherArn}}
`);
    expect(keys.map(({ name }) => name)).toEqual([
      `${id}-us-east-1-2`,
      `${id}-us-west-2`,
      `${id}-us-west-2-2`,
      `${id}-us-east-1`,
      id,
    ]);
  });

  it("may repeat itself with an alias", () => {
    const { keys } = parse(`
keys:
  - {resource: ${arn}, labels: &labels {team: payments}}
  - {resource: ${otherArn}, labels: *labels}
`);
    expect(keys.map(({ registration }) => registration.labels)).toEqual([{ team: "payments" }, { team: "payments" }]);
  });
});

describe("variables", () => {
  it("stand in texts, whole or in part, and $${ for itself", () => {
    const { keys } = parse(`
keys:
  - resource: arn:aws:kms:us-east-2:111122223333:key/\${KEY_ID}
    labels: {team: "\${TEAM}", both: "\${TEAM}/\${TEAM}", plain: "$\${TEAM} $TEAM"}
`);
    expect(keys[0]).toMatchObject({
      resource: arn,
      registration: { labels: { team: "payments", both: "payments/payments", plain: "${TEAM} $TEAM" } },
    });
  });

  it("are put in once: what they hold is not looked through for others", () => {
    const parsed = parseConfig("database: ${A}", { file: "f", env: { A: "${B}", B: "x" }, knownCalls });
    expect(parsed).toMatchObject({ ok: true, config: { database: "${B}" } });
  });
});

describe("the two listeners", () => {
  it.each([
    [
      "server: {port: 9090}\nmetrics: {enabled: true}",
      "server.port: expected a port of its own, got 9090, which metrics",
    ],
    ["metrics: {enabled: true, port: 8080}", "metrics.port: expected a port of its own, got 8080, which server.port"],
    ["metrics: {enabled: true, host: '::', port: 8080}", "metrics.port"],
    ["metrics: {enabled: true, host: localhost, port: 8080}", "metrics.port"],
    ["server: {host: '::1'}\nmetrics: {enabled: true, host: LOCALHOST, port: 8080}", "metrics.port"],
  ])("cannot share a port: %j", (text, said) => {
    expect(messages(text)).toEqual([expect.stringContaining(said)]);
  });

  it.each([
    "metrics: {port: 8080}",
    "server: {port: 0}\nmetrics: {enabled: true, port: 0}",
    "metrics: {enabled: true, host: 127.0.0.2, port: 8080}",
    "metrics: {enabled: true, host: '::1', port: 8080}",
    "server: {host: '::1'}\nmetrics: {enabled: true, host: 0.0.0.0, port: 8080}",
  ])("do not meet: %j", (text) => {
    expect(messages(text)).toEqual([]);
  });
});

describe("the API listens", () => {
  const others = ["0.0.0.0", "'::'", "10.1.2.3", "keys.example", "localhost.evil.example", "128.0.0.1", "LOCALHOST"];

  it.each(others)("on %s only where tokens are asked for", (host) => {
    for (const auth of ["", ", auth: none"]) {
      expect(messages(`server: {host: ${host}${auth}}`)).toEqual([
        expect.stringMatching(/server\.host: expected a loopback address .*; others take server\.auth: tokens$/),
      ]);
    }
    expect(messages(`server: {host: ${host}, auth: tokens}`)).toEqual([]);
  });

  it.each(["127.0.0.1", "127.8.9.10", "'::1'", "localhost"])("on %s in any case", (host) => {
    for (const auth of ["none", "tokens"]) expect(messages(`server: {host: ${host}, auth: ${auth}}`)).toEqual([]);
  });

  it("with a file of tokens only where it asks for them", () => {
    expect(messages("server: {tokens_file: t.yaml}")).toEqual([
      'keyposture.yaml:1:23: server.tokens_file: expected none, got "t.yaml"; without server.auth: tokens, nobody is asked for one',
    ]);
    expect(messages("server: {auth: tokens, tokens_file: t.yaml}")).toEqual([]);
    expect(messages("server: {auth: tokens, tokens_file: ''}")).toEqual([expect.stringContaining("path of a file")]);
  });
});

describe("expected principals", () => {
  it.each([
    "444455556666",
    "arn:aws:iam::444455556666:role/a/backup",
    "arn:aws-cn:sts::444455556666:assumed-role/backup/one",
    "cloudtrail.amazonaws.com",
    "AROAIOSFODNN7EXAMPLE1",
    "AIDAIOSFODNN7EXAMPLE1",
    "o-customer123",
    "o-customer123/r-ab12/ou-ab12-11111111/*",
  ])("may be %s", (text) => {
    expect(messages(`keys: [{resource: "${arn}", expected_principals: ["${text}"]}]`)).toEqual([]);
  });
});
