import { describe, expect, it } from "vitest";
import { keyNamed, minute, outcomeOf, refused, start } from "../store/support/material.ts";
import { organization, startApi } from "./support/api.ts";
import { conclude, findingsIn, register } from "./support/conclude.ts";

const iso = (at: number) => new Date(at).toISOString();
const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
const resource = `arn:aws:kms:us-east-2:111122223333:key/${id}`;

const prod = {
  name: "prod",
  provider: "aws",
  kind: "aws.kms-key",
  resource,
  scope: "111122223333/us-east-2",
  account: "111122223333",
  location: "us-east-2",
  source: "api",
  compartments: [],
  organizations: [organization],
  expected_principals: [],
  in_use_since: null,
  role_arn: null,
  azure: null,
  guidance: null,
  labels: { team: "payments" },
  registered_at: iso(start),
  retired_at: null,
  score: null,
  unknown_share: null,
  links: { self: "/keys/prod", snapshot: "/keys/prod/snapshot", findings: "/findings?key=prod" },
};

const namesOf = (body: Readonly<Record<string, unknown>>) =>
  (body["keys"] as readonly { readonly name: string }[]).map(({ name }) => name);

describe("POST /keys", () => {
  it("registers a key, and says where it is", async () => {
    const api = await startApi();
    const reply = await api.ask("POST", "/keys", { body: { name: "prod", resource, labels: { team: "payments" } } });
    expect(reply).toMatchObject({ status: 201, headers: { location: "/keys/prod" }, body: prod });
    expect((await api.get("/keys/prod")).body).toEqual(prod);
  });

  it("registers a key of Azure under its one name, with what is expected of its vault", async () => {
    const api = await startApi();
    const tenant_id = "0000ABCD-0000-4000-8000-000000000001";
    const body = { resource: "https://ACME.vault.azure.net/keys/Claude/", azure: { tenant_id } };
    expect(await api.ask("POST", "/keys", { body })).toMatchObject({
      status: 201,
      body: {
        name: "claude",
        provider: "azure",
        resource: "https://acme.vault.azure.net/keys/claude",
        scope: "vaults/acme.vault.azure.net",
        account: "acme.vault.azure.net",
        location: null,
        azure: {
          dedicated_vault: false,
          tenant_id: tenant_id.toLowerCase(),
          vault_resource_id: null,
          service_principal_object_id: null,
          client_id: null,
        },
      },
    });
    const changes = { azure: { dedicated_vault: true } };
    const changed = await api.ask("PATCH", "/keys/claude", { body: changes });
    expect(changed).toMatchObject({ status: 200, body: { azure: { dedicated_vault: true, tenant_id: null } } });
    const other = { resource: body.resource.toLowerCase().replace("/keys/claude/", "/keys/Claude") };
    expect((await api.ask("POST", "/keys", { body: other })).body["code"]).toBe("resource-already-registered");
  });

  it("names a key after its resource where nobody does", async () => {
    const api = await startApi();
    const reply = await api.ask("POST", "/keys", { body: { resource } });
    expect(reply).toMatchObject({ status: 201, headers: { location: `/keys/${id}` }, body: { name: id } });
  });

  it("refuses a name that is taken, and a resource that is registered", async () => {
    const api = await startApi();
    await api.ask("POST", "/keys", { body: { name: "prod", resource } });
    const other = resource.replace("1234abcd", "9999abcd");
    expect(await api.ask("POST", "/keys", { body: { name: "prod", resource: other } })).toMatchObject({
      status: 409,
      body: { code: "key-exists", errors: [{ pointer: "/name" }] },
    });
    expect(await api.ask("POST", "/keys", { body: { name: "other", resource } })).toMatchObject({
      status: 409,
      body: {
        code: "resource-already-registered",
        detail: expect.stringContaining("prod"),
        errors: [{ pointer: "/resource" }],
      },
    });
  });

  it.each([
    [{}, "invalid-body", "/resource", "missing; expected the full name of a key"],
    [[], "invalid-body", "", "expected an object, got a list"],
    [{ resource: 7 }, "invalid-body", "/resource", "expected the full name of a key, got 7"],
    [{ resource, name: "a b" }, "invalid-body", "/name", 'got "a b"'],
    [{ resource, nmae: "a" }, "invalid-body", "/nmae", "unknown field; did you mean name?"],
    [{ resource, labels: { "a b/c": "x" } }, "invalid-body", "/labels/a b~1c", "expected a label name"],
    [{ resource, labels: { a: 1 } }, "invalid-body", "/labels/a", "expected text, got 1"],
    [{ resource, labels: { a: "\ud83d" } }, "invalid-body", "/labels/a", "expected whole characters"],
    [
      { resource, expected_principals: ["user:a@b\udd11"] },
      "invalid-body",
      "/expected_principals/0",
      "whole characters",
    ],
    [{ resource, organizations: ["org_01"] }, "invalid-body", "/organizations/0", "tagged id"],
    [{ resource, guidance: "2026-08" }, "invalid-body", "/guidance", "expected one of 2026-06, 2026-07, 2026-09"],
    [{ resource, in_use_since: "2026-02-30" }, "invalid-body", "/in_use_since", "expected a date"],
    [
      { resource, compartments: ["wrkspc_1"] },
      "invalid-body",
      "/compartments/0",
      'a bare UUID, got "wrkspc_1"; this is',
    ],
    [
      { resource, expected_principals: ["a@b.example"] },
      "invalid-body",
      "/expected_principals/0",
      '.example"; before an',
    ],
    [{ resource: id }, "invalid-resource", "/resource", "bare key id"],
    [{ resource: "arn:aws:kms:us-east-2:111122223333:alias/a" }, "invalid-resource", "/resource", "alias"],
    [{ resource: "https://vlt.vault.azure.net/secrets/k" }, "invalid-resource", "/resource", "secrets"],
  ])("refuses %j: %s at %s", async (body, code, pointer, detail) => {
    const api = await startApi();
    const reply = await api.ask("POST", "/keys", { body });
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ code, errors: [{ pointer, detail: expect.stringContaining(detail) }] });
  });

  it("names all mistakes at once", async () => {
    const api = await startApi();
    const { body } = await api.ask("POST", "/keys", { body: { name: "-", labels: [], compartments: ["x"] } });
    const pointers = (body["errors"] as readonly { readonly pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers.toSorted()).toEqual(["/compartments/0", "/labels", "/name", "/resource"]);
  });

  it("brings a key that was registered before back with its findings", async () => {
    const api = await startApi();
    await register(api, "one");
    await conclude(api, "one", [outcomeOf("aws/key-enabled", "fail")]);
    const [before] = findingsIn(await api.get("/findings"));
    await api.store.write((tx) => tx.retireKey("one", api.now + 1));
    await register(api, "one");
    api.now += minute;
    await conclude(api, "one", [outcomeOf("aws/key-enabled", "fail")]);
    expect(findingsIn(await api.get("/findings")).map((finding) => finding.id)).toEqual([before?.id]);
  });
});

describe("GET /keys", () => {
  it("lists the keys of now, of a moment, and the retired ones where asked", async () => {
    const api = await startApi();
    await register(api, "one");
    api.now += minute;
    await register(api, "two");
    api.now += minute;
    await api.store.write((tx) => tx.retireKey("one", api.now));
    api.now += minute;
    const names = async (query: string) => namesOf((await api.get(`/keys${query}`)).body);
    expect(await names("")).toEqual(["two"]);
    expect(await names("?include_retired=true")).toEqual(["one", "two"]);
    expect(await names("?include_retired=false")).toEqual(["two"]);
    expect(await names(`?as_of=${iso(start)}`)).toEqual(["one"]);
    expect(await names(`?as_of=${iso(start + minute)}`)).toEqual(["one", "two"]);
    expect(await names(`?as_of=${iso(start - 1)}`)).toEqual([]);
  });

  it.each([
    ["is retired", "?include_retired=true"],
    ["was retired since", `?as_of=${iso(start)}`],
  ])("leads on to a key that %s", async (_, query) => {
    const api = await startApi();
    await register(api, "one");
    await conclude(api, "one", [outcomeOf("aws/key-enabled", "fail")]);
    const retired_at = start + minute;
    await api.store.write((tx) => tx.retireKey("one", retired_at));
    api.now = retired_at;
    const [listed] = (await api.get(`/keys${query}`)).body["keys"] as readonly (typeof prod)[];
    const { self, snapshot, findings } = listed?.links ?? prod.links;
    expect(await api.get(self)).toMatchObject({
      status: 200,
      body: { name: "one", retired_at: iso(retired_at), score: null, links: { self, snapshot, findings } },
    });
    expect((await api.get(snapshot)).body).toMatchObject({ key: "one" });
    expect(findingsIn(await api.get(findings))).toMatchObject([{ status: "retired" }]);
  });

  it("does not find a key that is retired or never was", async () => {
    const api = await startApi();
    await register(api, "one");
    await api.store.write((tx) => tx.retireKey("one", api.now));
    for (const name of ["one", "nobody", "a%20b", "x".repeat(500)]) {
      expect((await api.get(`/keys/${name}`)).body["code"]).toBe("key-not-found");
    }
    expect((await api.get("/keys/nobody?include_retired=true")).body["code"]).toBe("key-not-found");
  });
});

describe("PATCH /keys/{name}", () => {
  it("changes the given fields as a whole and leaves the others", async () => {
    const api = await startApi();
    await api.ask("POST", "/keys", {
      body: { name: "prod", resource, labels: { a: "1", b: "2" }, guidance: "2026-07" },
    });
    const changes = { labels: { c: "3" }, organizations: [] };
    const reply = await api.ask("PATCH", "/keys/prod", { body: changes });
    expect(reply).toMatchObject({ status: 200, body: { ...changes, guidance: "2026-07" } });
    expect(reply.body["labels"]).toEqual({ c: "3" });
    expect((await api.get("/keys/prod")).body).toEqual(reply.body);
  });

  it("takes null for what is not said any more", async () => {
    const api = await startApi();
    await api.ask("POST", "/keys", { body: { name: "prod", resource, organizations: [], guidance: "2026-07" } });
    const reply = await api.ask("PATCH", "/keys/prod", { body: { guidance: null, organizations: null } });
    expect(reply.body).toMatchObject({ guidance: null, organizations: [organization] });
  });

  it.each([{ name: "other" }, { resource }, { source: "file" }, { label: {} }])("refuses %j", async (body) => {
    const api = await startApi();
    await api.ask("POST", "/keys", { body: { name: "prod", resource } });
    expect((await api.ask("PATCH", "/keys/prod", { body })).body).toMatchObject({ code: "invalid-body" });
  });
});

describe("DELETE /keys/{name}", () => {
  it("retires a key, whose history stays", async () => {
    const api = await startApi();
    await register(api, "one");
    await conclude(api, "one", [outcomeOf("aws/key-enabled", "fail")]);
    const [finding] = findingsIn(await api.get("/findings"));
    api.now += minute;
    expect(await api.ask("DELETE", "/keys/one")).toMatchObject({ status: 204, text: "" });
    expect(findingsIn(await api.get("/findings"))).toEqual([]);
    expect(findingsIn(await api.get(`/findings?as_of=${iso(start)}`))).toHaveLength(1);
    expect((await api.get(`/findings/${finding?.id}/history`)).status).toBe(200);
    expect((await api.ask("DELETE", "/keys/one")).body["code"]).toBe("key-not-found");
  });
});

it.each([
  ["PATCH", { labels: {} }],
  ["DELETE", undefined],
])("%s of a key from the file is refused, and of an unknown key not found", async (method, body) => {
  const api = await startApi();
  await register(api, "filed", { source: "file" });
  expect(await api.ask(method, "/keys/filed", { body })).toMatchObject({
    status: 409,
    body: { code: "key-from-file" },
  });
  expect(await api.ask(method, "/keys/nobody", { body })).toMatchObject({
    status: 404,
    body: { code: "key-not-found" },
  });
  expect((await api.get("/keys/filed")).body).toMatchObject({
    retired_at: null,
    labels: keyNamed("filed").registration.labels,
  });
});

describe("GET /keys/{name}/snapshot", () => {
  it("tells what was known before, during and after", async () => {
    const api = await startApi();
    await register(api, "one");
    await conclude(api, "one", []);
    api.now += minute;
    await conclude(api, "one", [], [refused("kms:GetKeyPolicy", api.now)]);
    const at = async (query: string) => {
      const { body } = await api.get(`/keys/one/snapshot${query}`);
      return { as_of: body["as_of"], facts: body["facts"] as Readonly<Record<string, unknown>> };
    };

    const during = await at(`?as_of=${iso(start)}`);
    const text = '{"Version":"2012-10-17","Statement":[]}';
    expect(during.facts["policy_text"]).toEqual({
      fact: { state: "known", value: text },
      sight: "seen",
      subject: keyNamed("one").resource,
      call: "kms:GetKeyPolicy",
      observed_at: iso(start),
      last_known: { value: text, since: iso(start) },
    });
    const now = await at("");
    expect(now.as_of).toBe(iso(api.now));
    expect(now.facts["policy_text"]).toMatchObject({
      fact: { state: "unreadable", reason: "access-denied", call: "kms:GetKeyPolicy", permission: "kms:GetKeyPolicy" },
      sight: "access-denied",
      last_known: { value: text },
    });
    const before = await at(`?as_of=${iso(start - 1)}`);
    expect(Object.keys(before.facts)).toContain("policy_text");
    for (const fact of Object.values(before.facts)) {
      expect(fact).toMatchObject({ fact: { state: "unreadable" }, sight: "not-observed", last_known: null });
    }
  });

  it("does not find a key that never was", async () => {
    const api = await startApi();
    expect((await api.get("/keys/nobody/snapshot")).body["code"]).toBe("key-not-found");
    expect((await api.get(`/keys/nobody/snapshot?as_of=${iso(start)}`)).body["code"]).toBe("key-not-found");
  });
});

describe("the score of a key", () => {
  it("is in lists and alone, now and as it was concluded then", async () => {
    const api = await startApi();
    await register(api, "one");
    await register(api, "two");
    const scoresAt = async (query = "") => {
      const { body } = await api.get(`/keys${query}`);
      const keys = body["keys"] as readonly { name: string; score: number | null; unknown_share: number | null }[];
      return Object.fromEntries(keys.map(({ name, score, unknown_share }) => [name, [score, unknown_share]]));
    };
    await conclude(api, "one", [outcomeOf("aws/key-enabled", "pass"), outcomeOf("aws/logged", "unknown")]);
    const before = api.now;
    api.now += minute;
    await conclude(api, "one", [outcomeOf("aws/key-enabled", "fail"), outcomeOf("aws/logged", "unknown")]);
    expect(await scoresAt()).toEqual({ one: [0, 0.5], two: [null, null] });
    expect(await scoresAt(`?as_of=${iso(before)}`)).toEqual({ one: [50, 0.5], two: [null, null] });
    expect((await api.get("/keys/one")).body).toMatchObject({ score: 0, unknown_share: 0.5 });
    expect((await api.get("/keys/two")).body).toMatchObject({ score: null, unknown_share: null });
  });
});
