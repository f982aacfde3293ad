import { describe, it } from "vitest";
import { cases } from "./cases.ts";
import { cloudedService } from "./clouded-service.ts";
import { expectCase } from "./expect-case.ts";

describe("when", { timeout: 30_000 }, () => {
  it.each(cases)("$about, exactly that is unreadable, nothing is resolved, and it passes", async (one) => {
    const { request_timeout } = one;
    const service = await cloudedService(request_timeout === undefined ? {} : { request_timeout });
    await expectCase(service, "open", one);
  });
});
