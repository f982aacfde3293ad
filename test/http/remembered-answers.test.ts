import { describe, expect, it } from "vitest";
import { RememberedAnswers } from "../../src/http/remembered-answers.ts";

/** Counts how often each question is worked out. */
function counted(limit: number) {
  const remembered = new RememberedAnswers<string>(limit);
  const worked: string[] = [];
  const ask = (seq: number, question: string, answer = question.repeat(10)) =>
    remembered.answer(seq, question, () => {
      worked.push(question);
      return Promise.resolve(answer);
    });
  return { remembered, worked, ask };
}

describe("remembered answers", () => {
  it("are worked out once for each question and change", async () => {
    const { worked, ask } = counted(1_000);
    for (const [seq, question] of [
      [1, "a"],
      [1, "b"],
      [1, "a"],
      [2, "a"],
      [2, "a"],
    ] as const) {
      expect(await ask(seq, question)).toBe(question.repeat(10));
    }
    expect(worked).toEqual(["a", "b", "a"]);
  });

  it("are worked out once for all who ask at the same time", async () => {
    const { worked, ask } = counted(1_000);
    expect(await Promise.all([ask(1, "a"), ask(1, "a"), ask(1, "a")])).toEqual([
      "a".repeat(10),
      "a".repeat(10),
      "a".repeat(10),
    ]);
    expect(worked).toEqual(["a"]);
  });

  it("give room to others, those asked longest ago first", async () => {
    const { worked, ask } = counted(25);
    await ask(1, "a");
    await ask(1, "b");
    await ask(1, "a");
    await ask(1, "c");
    worked.length = 0;
    await ask(1, "a");
    await ask(1, "c");
    expect(worked).toEqual([]);
    await ask(1, "b");
    expect(worked).toEqual(["b"]);
  });

  it("are not kept where one alone is too long", async () => {
    const { worked, ask } = counted(5);
    await ask(1, "a");
    await ask(1, "a");
    expect(worked).toEqual(["a", "a"]);
  });

  it("do not go back behind a change for a question that was overtaken by it", async () => {
    const { worked, ask } = counted(1_000);
    await ask(2, "a", "new");
    expect(await ask(1, "a", "old")).toBe("old");
    expect(await ask(2, "a")).toBe("new");
    expect(worked).toEqual(["a", "a"]);
  });

  it("are not kept when working them out fails", async () => {
    const { remembered, ask } = counted(1_000);
    const failing = () => remembered.answer(1, "a", () => Promise.reject(new Error("no disk")));
    await expect(Promise.all([failing(), failing()])).rejects.toThrow("no disk");
    expect(await ask(1, "a")).toBe("a".repeat(10));
  });
});
