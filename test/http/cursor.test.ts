import { createHash } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { encodeCursor } from "../../src/http/cursor.ts";
import { start } from "../store/support/material.ts";
import { openApi } from "./support/api.ts";

/** Nothing below changes it. */
const shared = await openApi();
afterAll(() => shared.close());

/** As the service would have made it: its checksum keeps nobody from writing another. */
const made = { as_of: start, filters: {}, sort: "severity", limit: 1000, after: { value: 0, id: "fnd_a" } };

describe("a cursor made by hand", () => {
  it("answers what its query would", async () => {
    expect((await shared.get(`/findings?cursor=${encodeCursor("findings", made)}`)).status).toBe(200);
  });

  it.each([
    { limit: 1001 },
    { limit: 0 },
    { limit: 1.5 },
    { as_of: 9e15 },
    { as_of: start + 0.5 },
    { filters: { changed_since: -9e15 } },
  ])("is refused with %j", async (changed) => {
    const cursor = encodeCursor("findings", { ...made, ...changed });
    expect(await shared.get(`/findings?cursor=${cursor}`)).toMatchObject({
      status: 400,
      body: { code: "cursor-invalid" },
    });
  });

  it("is refused where it holds no JSON", async () => {
    const text = Buffer.from("{as_of").toString("base64url");
    const checksum = createHash("sha256").update(`findings\n${text}`).digest("base64url").slice(0, 12);
    const reply = await shared.get(`/findings?cursor=${checksum}${text}`);
    expect(reply).toMatchObject({ status: 400, body: { code: "cursor-invalid" } });
  });
});
