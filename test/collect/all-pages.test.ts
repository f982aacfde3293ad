import { describe, expect, it } from "vitest";
import { allPages, type Page } from "../../src/collect/all-pages.ts";

/** A list in pages; each entry names the page after it. */
function pagesOf(pages: Readonly<Record<string, Page<string>>>) {
  const asked: (string | undefined)[] = [];
  const answer = allPages((marker) => {
    asked.push(marker);
    const page = pages[marker ?? "first"];
    return page === undefined ? Promise.reject(new Error(`no page ${marker ?? ""}`)) : Promise.resolve(page);
  });
  return { answer, asked };
}

describe("allPages", () => {
  it("is the list of one page", async () => {
    expect(await pagesOf({ first: { items: ["a"], next: undefined } }).answer).toEqual(["a"]);
  });

  it("goes on after a page that is empty", async () => {
    const { answer, asked } = pagesOf({
      first: { items: ["a"], next: "x" },
      x: { items: [], next: "y" },
      y: { items: ["b"], next: undefined },
    });

    expect(await answer).toEqual(["a", "b"]);
    expect(asked).toEqual([undefined, "x", "y"]);
  });

  it("is not known where a page is not", async () => {
    await expect(pagesOf({ first: { items: ["a"], next: "lost" } }).answer).rejects.toThrow("no page lost");
  });

  it("refuses pages that lead back", async () => {
    const { answer, asked } = pagesOf({ first: { items: [], next: "x" }, x: { items: [], next: "x" } });

    await expect(answer).rejects.toMatchObject({ refusal: { reason: "malformed" } });
    expect(asked).toHaveLength(2);
  });
});
