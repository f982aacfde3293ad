import { describe, expect, it } from "vitest";
import { rememberCredentials } from "../../src/collect/remember-credentials.ts";
import { testClock } from "../support/test-clock.ts";

const minute = 60_000;
const turn = { lane: "fast", deadline: 0 } as const;

/** Credentials that live for an hour; the numbered ones are refused. */
function credentialsOf(refused: readonly number[] = []) {
  const clock = testClock();
  let asked = 0;
  const credentials = rememberCredentials(clock, () => {
    asked += 1;
    const name = asked;
    if (refused.includes(name)) return Promise.reject(new Error(`refused ${name}`));
    return Promise.resolve({ name, expiration: new Date(clock.now() + 60 * minute) });
  });
  return { clock, credentials, asked: () => asked };
}

describe("remembered credentials", () => {
  it("are had once for all who ask at once", async () => {
    const { credentials, asked } = credentialsOf();

    await Promise.all(Array.from({ length: 50 }, () => credentials.ensure(turn)));

    expect(asked()).toBe(1);
    expect(credentials.latest().name).toBe(1);
  });

  it.each([
    [49, 1],
    [51, 2],
  ])("after %i minutes of sixty are number %i", async (minutes, name) => {
    const { credentials, clock } = credentialsOf();
    await credentials.ensure(turn);
    clock.advance(minutes * minute);

    await credentials.ensure(turn);

    expect(credentials.latest().name).toBe(name);
  });

  it("stay the latest while new ones are being had", async () => {
    const { credentials, clock } = credentialsOf();
    await credentials.ensure(turn);
    clock.advance(55 * minute);

    const renewed = credentials.ensure(turn);

    expect(credentials.latest().name).toBe(1);
    await renewed;
    expect(credentials.latest().name).toBe(2);
  });

  it("ask once where they are refused, and again after a while", async () => {
    const { credentials, clock, asked } = credentialsOf([1]);
    await expect(credentials.ensure(turn)).rejects.toThrow("refused 1");
    clock.advance(9000);
    await expect(credentials.ensure(turn)).rejects.toThrow("refused 1");
    expect(asked()).toBe(1);
    clock.advance(1000);

    await credentials.ensure(turn);

    expect(credentials.latest().name).toBe(2);
  });

  it.each([-90, 90])("are used as long as ever where the clock is set by %i minutes", async (minutes) => {
    const { credentials, clock, asked } = credentialsOf();
    await credentials.ensure(turn);
    clock.set(clock.now() + minutes * minute);
    await credentials.ensure(turn);
    clock.advance(49 * minute);
    await credentials.ensure(turn);
    expect(asked()).toBe(1);
    clock.advance(2 * minute);

    await credentials.ensure(turn);

    expect(asked()).toBe(2);
  });

  it("are had again, once for all, when they are not accepted any more", async () => {
    const { credentials, asked } = credentialsOf();
    await credentials.ensure(turn);
    const used = credentials.latest();

    for (let refused = 0; refused < 16; refused += 1) credentials.expired(used);
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        await credentials.ensure(turn);
        credentials.expired(used);
      }),
    );
    await credentials.ensure(turn);

    expect(asked()).toBe(2);
    expect(credentials.latest().name).toBe(2);
  });

  it("that a wrong clock takes for ended are used for a while all the same", async () => {
    const clock = testClock();
    let asked = 0;
    const credentials = rememberCredentials(clock, async () => {
      asked += 1;
      return { expiration: new Date(clock.now() - 60 * minute) };
    });

    for (let second = 0; second < 50; second += 1) {
      await credentials.ensure(turn);
      clock.advance(1000);
    }

    expect(asked).toBe(1);
  });

  it("are none before somebody asked", () => {
    expect(() => credentialsOf().credentials.latest()).toThrow(TypeError);
  });
});
