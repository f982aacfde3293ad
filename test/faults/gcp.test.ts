import { describe, it } from "vitest";
import { expectCase } from "./expect-case.ts";
import { cases, secondPage } from "./gcp-cases.ts";
import { cloudedService } from "./gcp-clouded-service.ts";

describe("when", { timeout: 60_000 }, () => {
  it.each(cases)("$about, exactly that is unreadable, nothing is resolved, and it passes", async (one) => {
    await expectCase(await cloudedService(), "open", one);
  });

  it.each(secondPage)("$about, no key is taken for one that is gone", async (one) => {
    await expectCase(await cloudedService({ crowded: true }), "open", one);
  });
});
