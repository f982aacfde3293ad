/** Exports of a service that has keys in every state, held against the published schemas of their formats. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseCsv } from "../export/parse-csv.ts";
import { type RunningCli, startCli } from "../support/run-cli.ts";
import { externalSuite } from "./external-suite.ts";

/** Carries the schema as OASIS publishes it, errata included; Go's checksum of the module pins it. */
const sarifModule = {
  path: "github.com/owenrumney/go-sarif/v3",
  version: "v3.3.1",
  sum: "h1:bKY8YnWcY8zYTiGVObC5wZLlfEvMkCxK9XMGXBbzEtQ=",
  file: "pkg/report/v210/sarif/schema.go",
} as const;

const everything = "outcome=pass,fail,unknown,not-applicable,error";

externalSuite("exports", { needs: ["go", "python:jsonschema_rs", "python:ocsf_json_schema"] }, () => {
  let demo: RunningCli;
  let api: string;
  let control: string;

  beforeAll(async () => {
    demo = startCli(["demo", "--port", "0"]);
    await demo.says("Ctrl-C ends it.");
    const said = demo.stdout();
    api = /^API +(\S+)\/docs$/m.exec(said)?.[1] ?? "";
    control = /(http:\S+)\/patch /.exec(said)?.[1] ?? "";
    const [lost, mended] = [await resourceOf("disabled"), await resourceOf("as-documented")];
    await post(`${control}/patch`, { resource: mended, change: { metadata: { KeyState: "Disabled" } } });
    await post(`${control}/deny`, { call: "kms:DescribeKey", resource: lost, reason: "access-denied" });
    await scan(["disabled", "as-documented"]);
    await post(`${control}/patch`, { resource: mended, change: { metadata: { KeyState: "Enabled" } } });
    await scan(["as-documented"]);
  });

  afterAll(async () => {
    demo.child.kill("SIGINT");
    await demo.ended;
  });

  async function resourceOf(name: string): Promise<string> {
    return ((await (await fetch(`${api}/keys/${name}`)).json()) as { readonly resource: string }).resource;
  }

  async function scan(keys: readonly string[]): Promise<void> {
    const { scans } = (await post(`${api}/scans`, { keys })) as { readonly scans: readonly { readonly id: string }[] };
    for (const { id } of scans) {
      const state = async () =>
        ((await (await fetch(`${api}/scans/${id}`)).json()) as { readonly state: string }).state;
      while ((await state()) !== "done") await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function exportAs(format: string, query = everything): Promise<string> {
    const reply = await fetch(`${api}/findings?format=${format}&${query}`);
    expect(reply.status).toBe(200);
    return reply.text();
  }

  it("has something of every kind to export", async () => {
    const rows = parseCsv(await exportAs("csv")).slice(1);
    const kinds = new Set(rows.map((row) => `${row[10]} ${row[11]}`));
    for (const kind of ["open fail", "open unknown", "resolved pass", "none pass", "none not-applicable"]) {
      expect(kinds).toContain(kind);
    }
  });

  it("is as the schemas of SARIF 2.1.0 and OCSF say", async () => {
    const sarif = [await exportAs("sarif"), await exportAs("sarif", "limit=3"), await exportAs("sarif", "key=nobody")];
    const ocsf = [await exportAs("ocsf"), await exportAs("ocsf", "key=nobody")];
    const documents = sarif.map((text) => JSON.parse(text) as { runs: { results: object[] }[] });
    const events = ocsf.map((text) => JSON.parse(text) as object[]);
    expect(documents.map(({ runs }) => runs[0]?.results.length)).toEqual([events[0]?.length, 3, 0]);
    expect(validate(documents, events)).toEqual([]);
  });

  it("would be told what is wrong", () => {
    const sarif = [{ version: "2.1.0", runs: [{ tool: { driver: { name: "x" } }, results: [{ kind: "failed" }] }] }];
    const metadata = { version: "1.8.0", profiles: ["cloud", "datetime"], product: { name: "x" } };
    const ocsf = [{ class_uid: 2003, metadata, finding_info: { uid: "fnd_x" }, severity_id: 7 }];
    const wrong = validate(sarif, [ocsf]).join("\n");
    for (const word of ["failed", "message", "compliance", "severity_id"]) expect(wrong).toContain(word);
  });
});

async function post(url: string, body: object): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const reply = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  expect(reply.status).toBeLessThan(300);
  return reply.json();
}

/** What the published schemas have against these documents. */
function validate(documents: readonly object[], events: readonly (readonly object[])[]): readonly string[] {
  const input = JSON.stringify({ sarif: { schema: sarifSchema(), documents }, ocsf: events });
  const script = join(import.meta.dirname, "validate-exports.py");
  const told = execFileSync("python3", [script], { input, encoding: "utf8", maxBuffer: 2 ** 26 });
  return JSON.parse(told) as readonly string[];
}

function sarifSchema(): unknown {
  const { path, version, sum, file } = sarifModule;
  const told = execFileSync("go", ["mod", "download", "-json", `${path}@${version}`], { encoding: "utf8" });
  const { Dir, Sum } = JSON.parse(told) as { readonly Dir: string; readonly Sum: string };
  expect(Sum).toBe(sum);
  const [, text = ""] = readFileSync(join(Dir, file), "utf8").split("`");
  return JSON.parse(text);
}
