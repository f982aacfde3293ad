import { globSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { KeyResource } from "../../src/model/key.ts";
import type { Reading } from "../../src/model/reading.ts";
import { localAwsCollector } from "../support/aws-collector.ts";
import { externalSuite } from "./external-suite.ts";

/** An answer as the Cloud Custodian project recorded it; times are objects that carry their class. */
interface Recording {
  readonly status_code: number;
  readonly data: Readonly<Record<string, unknown>>;
}

const recorded = join(process.env["KEYPOSTURE_RECORDED"] ?? "", "aws");
const trailArn = "arn:aws:cloudtrail:us-east-1:644160558196:trail/recorded";
const key: KeyResource = {
  provider: "aws",
  kind: "aws.kms-key",
  resource: "arn:aws:kms:us-east-1:644160558196:key/44d25a5c-7efa-44ed-8436-b9511ea921b3",
  scope: "644160558196/us-east-1",
  account: "644160558196",
  location: "us-east-1",
};

/** What the wire held before it was recorded: times are seconds there, and errors have a type. */
function asSent({ status_code, data }: Recording): { readonly status: number; readonly body: string } {
  const error = data["Error"] as { readonly Code: string; readonly Message: string } | undefined;
  const body = error === undefined ? { ...data } : { __type: error.Code, message: error.Message };
  Reflect.deleteProperty(body, "ResponseMetadata");
  return { status: status_code, body: JSON.stringify(body, (_name, value: unknown) => timeOf(value) ?? value) };
}

function timeOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || Reflect.get(value, "__class__") !== "datetime") return undefined;
  const part = (name: string) => Number(Reflect.get(value, name) ?? 0);
  const date = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return date / 1000 + part("microsecond") / 1e6;
}

externalSuite("recorded-aws", { needs: ["KEYPOSTURE_RECORDED"] }, () => {
  let server: Server;
  /** The answer of each operation; whatever has none is refused. */
  const answers = new Map<string, Recording>();
  beforeAll(async () => {
    server = createServer((request, response) => {
      const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
      const denied = { status_code: 400, data: { Error: { Code: "AccessDeniedException", Message: "not recorded" } } };
      const { status, body } = asSent(answers.get(operation) ?? denied);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

  const collector = () => localAwsCollector(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const soon = () => Date.now() + 20_000;
  const recordingsOf = (call: string) =>
    globSync(`*/${call}_*.json`, { cwd: recorded })
      .toSorted()
      .map((file) => ({ file, recording: JSON.parse(readFileSync(join(recorded, file), "utf8")) as Recording }));

  async function replay(operation: string, recording: Recording, read: () => Promise<readonly Reading[]>) {
    answers.clear();
    answers.set(operation, recording);
    return (await read()).find(({ call }) => call.endsWith(`:${operation}`));
  }

  /** Every fact is known, or says why not: by file, what was not known. */
  function holes(reading: Reading | undefined): Record<string, string> {
    if (reading === undefined) return { reading: "none" };
    if (reading.answer.state === "unreadable") return { call: reading.answer.reason };
    const facts = Object.entries(reading.answer.facts);
    return Object.fromEntries(facts.flatMap(([name, fact]) => (fact.state === "known" ? [] : [[name, fact.reason]])));
  }

  it("tells every fact of every key that was ever described, or why not", async () => {
    const seen: Record<string, number> = {};
    for (const { recording } of recordingsOf("kms.DescribeKey")) {
      const found = holes(await replay("DescribeKey", recording, () => collector().readKey(key, "fast", soon())));
      const error = (recording.data["Error"] as { readonly Code: string } | undefined)?.Code ?? "described";
      const told = `${error}: ${Object.entries(found)
        .map(([name, why]) => `${name} ${why}`)
        .join(", ")}`;
      seen[told] = (seen[told] ?? 0) + 1;
    }

    // Old recordings have no KeySpec and no MultiRegion, and some were cut down to the ARN: that is what they do not tell.
    const fields = "(state|deletion_date|spec|usage|manager|origin|material_expires|multi_region) not-reported";
    const allowed = new RegExp(`^described: (${fields}(, ${fields})*)?$`);
    for (const told of Object.keys(seen)) {
      if (told.startsWith("described")) expect(told).toMatch(allowed);
      else expect(told).toMatch(/^AccessDeniedException: call access-denied$|^NotFoundException: .*not-found/);
    }
    expect(Object.values(seen).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(90);
    expect(Object.keys(seen)).toContain("described: ");
  });

  it.each([
    ["kms.GetKeyPolicy", "GetKeyPolicy"],
    ["kms.ListGrants", "ListGrants"],
    ["kms.GetKeyRotationStatus", "GetKeyRotationStatus"],
  ])("decodes every %s", async (call, operation) => {
    const all = recordingsOf(call);
    expect(all.length).toBeGreaterThan(0);
    for (const { file, recording } of all) {
      const reading = await replay(operation, recording, () => collector().readKey(key, "full", soon()));
      const expected = recording.status_code === 200 ? {} : { call: expect.any(String) };
      expect({ file, holes: holes(reading) }).toEqual({ file, holes: expected });
    }
  });

  it("decodes every DescribeTrails", async () => {
    const all = recordingsOf("cloudtrail.DescribeTrails");
    for (const { file, recording } of all) {
      const reading = await replay("DescribeTrails", recording, () => collector().readScope(key.scope, "full", soon()));
      expect({ file: basename(file), holes: holes(reading) }).toEqual({ file: basename(file), holes: {} });
    }
    expect(all.length).toBeGreaterThan(30);
  });

  it.each(["GetTrailStatus", "GetEventSelectors"])("decodes every %s", async (operation) => {
    const all = recordingsOf(`cloudtrail.${operation}`);
    expect(all.length).toBeGreaterThan(10);
    for (const { file, recording } of all) {
      answers.clear();
      const trail = {
        TrailARN: trailArn,
        HomeRegion: "us-east-1",
        IsMultiRegionTrail: true,
        IsOrganizationTrail: false,
        LogFileValidationEnabled: true,
      };
      answers.set("DescribeTrails", { status_code: 200, data: { trailList: [trail] } });
      answers.set(operation, recording);
      const readings = await collector().readScope(key.scope, "full", soon());
      const reading = readings.find(({ call }) => call.endsWith(`:${operation}`));
      const expected = recording.status_code === 200 ? {} : { call: expect.any(String) };
      expect({ file, holes: holes(reading) }).toEqual({ file, holes: expected });
    }
  });
});
