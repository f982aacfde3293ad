import { describe, it } from "vitest";
import { cases, secondPage } from "./azure-cases.ts";
import { cloudedService } from "./azure-clouded-service.ts";
import { deniedCases } from "./azure-denied-cases.ts";
import { expectCase } from "./expect-case.ts";

describe("when", { timeout: 60_000 }, () => {
  it.each([...deniedCases, ...cases])(
    "$about, exactly that is unreadable, nothing is resolved, and it passes",
    async (one) => {
      const { request_timeout } = one;
      const service = await cloudedService(request_timeout === undefined ? {} : { request_timeout });
      await expectCase(service, "open", one);
    },
  );

  it.each(secondPage)("$about, no key is taken for one that is gone", async (one) => {
    await expectCase(await cloudedService(), "open", one);
  });
});
