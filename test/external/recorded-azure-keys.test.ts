import { describe, expect, it } from "vitest";
import { azureKeyDocument } from "../../src/access/azure/key-document.ts";
import { sampleVault } from "../../src/simulator/azure/resources.ts";
import { raw, testAzure } from "../simulator/azure-clients.ts";
import { azureKey } from "../support/azure-answers.ts";
import { localAzureCollector } from "../support/azure-collector.ts";
import { told } from "../support/told.ts";
import { externalSuite } from "./external-suite.ts";
import { azureRecordings } from "./recorded-azure-answers.ts";

/** https://learn.microsoft.com/en-us/rest/api/keyvault/keys/get-key/get-key#keybundle */
interface KeyBundle {
  readonly key: {
    readonly kid: string;
    readonly kty: string;
    readonly key_ops: readonly string[];
    readonly n?: string;
    readonly crv?: string;
  };
  readonly attributes: {
    readonly enabled: boolean;
    readonly nbf?: number;
    readonly exp?: number;
    readonly created: number;
    readonly updated: number;
    readonly recoveryLevel: string;
    readonly recoverableDays: number;
    readonly exportable: boolean;
    readonly hsmPlatform?: string;
  };
  readonly tags?: Readonly<Record<string, string>>;
}

/** Where the data plane of the simulator answers otherwise for an equal key. Nothing here reads any of it. */
const differences: Readonly<Record<string, string>> = {
  "attributes.hsmPlatform": "the simulator does not tell it",
  "attributes.recoverableDays": "the simulator does not tell it",
  "key.n": "the simulator has a modulus of the same length, and no key to it",
  "key.x": "the simulator has a curve, and no point on it",
  "key.y": "the simulator has a curve, and no point on it",
  tags: "version 7.3 of the interface leaves them out where there are none",
};

externalSuite("recorded-azure-keys", { needs: ["KEYPOSTURE_RECORDED"] }, () => {
  const recorded = () =>
    azureRecordings()
      .filter(({ call }) => call === "keyvault:GetKeyBundle" || call === "keyvault:UpdateKey")
      .map(({ file, url, body }) => ({ file, url, bundle: body as unknown as KeyBundle }));

  it("holds keys with and without dates, tags and a curve", () => {
    const bundles = recorded().map(({ bundle }) => bundle);
    const having = (test: (bundle: KeyBundle) => boolean) => bundles.filter(test).length;

    expect(bundles).toHaveLength(6);
    expect(having(({ key }) => key.crv !== undefined)).toBe(1);
    expect(having(({ attributes }) => attributes.exp !== undefined && attributes.nbf !== undefined)).toBe(2);
    expect(having(({ tags }) => tags === undefined)).toBe(2);
  });

  it("are read as they were told, in the form that `az` gives them", () => {
    for (const { file, bundle } of recorded()) {
      const { key, attributes, tags } = bundle;
      expect(documentFacts(bundle), file).toEqual({
        read_uri: key.kid.slice(0, key.kid.lastIndexOf("/")),
        current_version: key.kid.slice(key.kid.lastIndexOf("/") + 1),
        key_type: key.kty,
        key_size: key.kty === "EC" ? null : 2048,
        key_operations: key.key_ops,
        enabled: attributes.enabled,
        not_before: attributes.nbf === undefined ? null : attributes.nbf * 1000,
        expires: attributes.exp === undefined ? null : attributes.exp * 1000,
        tags: tags ?? {},
      });
    }
  });

  describe("an equal key in the simulator", () => {
    it("has the same facts where ARM is asked for it", async () => {
      for (const { file, bundle } of recorded()) {
        const { origin, vault, host, name } = await simulated(bundle);
        const key = azureKey({ vault_resource_id: vault, service_principal_object_id: "p" }, host, name);
        const collector = localAzureCollector({ origin }, { azure_directory: false });
        const facts = told(await collector.readKey(key, "fast", 20_000));

        const document = documentFacts(bundle);
        expect(Object.fromEntries(Object.keys(document).map((fact) => [fact, facts[fact]])), file).toEqual({
          ...document,
          key_operations: expect.toSatisfy(sameItems(bundle.key.key_ops)),
        });
      }
    });

    it("is answered by the data plane like the real one, but for what is known to differ", async () => {
      const found = new Set<string>();
      for (const { url, bundle } of recorded()) {
        const { origin } = await simulated(bundle);
        const { status, body } = await raw(origin, url.href);

        expect(status).toBe(200);
        for (const path of unequalPaths(bundle, body)) found.add(path);
        expect(modulusLength(body as KeyBundle)).toBe(modulusLength(bundle));
      }
      expect([...found].toSorted()).toEqual(Object.keys(differences).toSorted());
    });
  });
});

/** A simulated Azure with the vault and the key of a recorded answer, as far as the simulator knows such things. */
async function simulated({ key, attributes, tags = {} }: KeyBundle) {
  const { azure, origin } = await testAzure();
  const { host, pathname } = new URL(key.kid);
  const [, , name = "", version = ""] = pathname.split("/");
  const vault = `${sampleVault().id.replace(/[^/]+$/, "")}${host.split(".")[0]}`;
  const { recoverableDays, hsmPlatform, ...simulatedAttributes } = attributes;
  azure.addVault(sampleVault({ id: vault }));
  const material = key.crv === undefined ? { keySize: modulusLength({ key }) * 8 } : { curveName: key.crv };
  azure.addKey({
    id: `${vault}/keys/${name}`,
    current: version,
    versions: { [version]: { kty: key.kty, ...material, keyOps: key.key_ops, attributes: simulatedAttributes, tags } },
  });
  return { origin, vault, host, name };
}

/** What the document of the key tells, as `az keyvault key show` would have printed the answer. */
function documentFacts({ key, attributes, tags }: KeyBundle): Record<string, unknown> {
  const { key_ops: keyOps, n = null, crv = null, kid, kty } = key;
  const { nbf, exp, enabled } = attributes;
  const content = JSON.stringify({
    attributes: { enabled, notBefore: azDate(nbf), expires: azDate(exp) },
    key: { kid, kty, keyOps, n: n === null ? null : Buffer.from(n, "base64url").toString("base64"), crv },
    tags: tags ?? null,
  });
  const one = azureKey();
  const facts = azureKeyDocument.facts(content, one.registration, one);
  return Object.fromEntries(
    azureKeyDocument.tells.map((name) => {
      const fact = facts[name];
      return [name, fact?.state === "known" ? fact.value : fact];
    }),
  );
}

function azDate(seconds: number | undefined): string | null {
  return seconds === undefined ? null : new Date(seconds * 1000).toISOString().replace(".000Z", "+00:00");
}

/** In bytes; 0 where there is none. */
function modulusLength({ key }: Pick<KeyBundle, "key">): number {
  return Buffer.from(key.n ?? "", "base64url").length;
}

function sameItems(expected: readonly string[]) {
  return (items: readonly string[]) => items.toSorted().join() === expected.toSorted().join();
}

/** The paths, two names deep, at which the answers are not equal. */
function unequalPaths(one: unknown, other: unknown): readonly string[] {
  const [a, b] = [flat(one), flat(other)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path));
}

function flat(answer: unknown): ReadonlyMap<string, string> {
  const { tags, ...parts } = answer as Readonly<Record<string, object | undefined>>;
  const paths = Object.entries(parts).flatMap(([part, fields]) =>
    Object.entries(fields ?? {}).map(([name, value]) => [`${part}.${name}`, JSON.stringify(value)] as const),
  );
  return new Map(tags === undefined ? paths : [...paths, ["tags", JSON.stringify(tags)]]);
}
