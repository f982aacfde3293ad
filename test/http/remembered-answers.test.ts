import { describe, expect, it } from "vitest";
import { RememberedAnswers } from "../../src/http/remembered-answers.ts";

/** Counts how often each question is worked out. */
function counted(characters: number, questions = 100) {
  const remembered = new RememberedAnswers<string>({ characters, questions });
  const worked: string[] = [];
  const ask = (seq: number, question: string, answer = question.repeat(10)) =>
    remembered.answer(seq, question, () => {
      worked.push(question);
      return Promise.resolve(answer);
    });
  return { remembered, worked, ask };
}

describe("remembered answers", () => {
  it("are kept from the second time on, once for each change", async () => {
    const { worked, ask } = counted(1_000);
    for (const [seq, question] of [
      [1, "a"],
      [1, "b"],
      [1, "a"],
      [1, "a"],
      [2, "a"],
      [2, "a"],
      [2, "b"],
      [2, "b"],
    ] as const) {
      expect(await ask(seq, question)).toBe(question.repeat(10));
    }
    expect(worked).toEqual(["a", "b", "a", "a", "b"]);
  });

  it("are kept where a question comes once more while it is worked out", async () => {
    const { worked, ask } = counted(1_000);
    await Promise.all([ask(1, "a"), ask(1, "a")]);
    await ask(1, "a");
    expect(worked).toEqual(["a"]);
  });

  it("are kept where many others come while they are worked out", async () => {
    const { worked, ask } = counted(1_000, 2);
    await Promise.all([ask(1, "a"), ask(1, "a"), ask(1, "b"), ask(1, "c"), ask(1, "a")]);
    await ask(1, "a");
    expect(worked).toEqual(["a", "b", "c"]);
  });

  it("are not kept where too many other questions came since", async () => {
    const { worked, ask } = counted(1_000, 2);
    for (const question of ["a", "b", "c", "a", "b", "c"]) await ask(1, question);
    expect(worked).toEqual(["a", "b", "c", "a", "b", "c"]);
    worked.length = 0;
    for (const question of ["c", "b", "c", "b", "d", "b"]) await ask(1, question);
    expect(worked).toEqual(["c", "b", "d"]);
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
    for (const question of ["a", "b", "c"]) await ask(1, question);
    await ask(2, "a");
    await ask(2, "b");
    await ask(2, "a");
    await ask(2, "c");
    worked.length = 0;
    await ask(2, "a");
    await ask(2, "c");
    expect(worked).toEqual([]);
    await ask(2, "b");
    expect(worked).toEqual(["b"]);
  });

  it("are not kept where one alone is too long", async () => {
    const { worked, ask } = counted(5);
    await ask(1, "a");
    await ask(1, "a");
    await ask(1, "a");
    expect(worked).toEqual(["a", "a", "a"]);
  });

  it("do not go back behind a change for a question that was overtaken by it", async () => {
    const { worked, ask } = counted(1_000);
    await Promise.all([ask(2, "a", "new"), ask(2, "a")]);
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
