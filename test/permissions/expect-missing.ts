/** What must hold where an identity lacks one permission: exactly what needs it is unreadable, and it is named. */
import { expect } from "vitest";
import { catalogue } from "../../checks/index.ts";
import type { UnreadableReason } from "../../src/model/fact.ts";
import { providers } from "../../src/model/resource.ts";
import { permissionCosts } from "../../tools/generate/permission-costs.ts";
import { type Case, decidedOf, expectCase, expectedFacts, type Lost, plain } from "../faults/expect-case.ts";
import type { Scanned, ServiceOfCloud } from "../faults/service-of-cloud.ts";

/** A permission that is left out, and all that it costs. */
export interface Missing<Name extends string> {
  readonly permission: string;
  /** Facts by the call that tells them; with `refused`, those that follow from what another call tells. */
  readonly lost: readonly Loss<Name>[];
  /** Where a call is refused, which, and of how many subjects. */
  readonly refused: readonly (readonly [scope: string, call: string, subjects: number])[];
  /** Keys of which something cannot be judged then; by default all that lost something. */
  readonly blind?: readonly Name[];
}

export type Loss<Name extends string> = Omit<Lost<Name>, "reason" | "permission">;

/** A permission that an ordinary scan does without, and the situation in which it does not. */
export interface SometimesMissing<Name extends string> extends Missing<Name> {
  readonly where: string;
  readonly happens: (service: ServiceOfCloud<Name>) => void;
}

const reason: UnreadableReason = "access-denied";

/** With all that is granted there is nothing to wish for, but what is not asked for. */
export async function expectEverythingRead<Name extends string>(
  service: ServiceOfCloud<Name>,
  granted: readonly string[],
  notAsked: readonly string[] = [],
): Promise<void> {
  service.simulator.control.allow({ permissions: granted });
  const { facts, refused, exitCode } = await service.scan();

  expect(refused).toEqual([]);
  expect(exitCode).toBe(0);
  for (const name of service.names) {
    const unread = Object.entries(facts[name]).filter(([, { state }]) => state !== "known");
    expect(
      unread.map(([fact]) => fact),
      name,
    ).toEqual(notAsked);
  }
}

/** Scans with everything that is granted, without the one, and when all is allowed again. */
export async function expectMissing<Name extends string>(
  service: ServiceOfCloud<Name>,
  open: Name,
  granted: readonly string[],
  missing: Missing<Name>,
): Promise<void> {
  const { control } = service.simulator;
  control.allow({ permissions: granted });
  const { blind } = missing;
  const { before, after } = await expectCase(service, open, {
    about: missing.permission,
    // What was read with the permission is not to be remembered.
    restarts: true,
    breaks: () => control.allow({ permissions: without(granted, missing) }),
    lost: lossesOf(missing),
    refused: linesOf(missing),
    ...(blind === undefined ? {} : { blind }),
  } satisfies Case<Name>);
  expectForetold(missing, before, after);
}

/** The page on the provider's permissions says all that was lost, and every check that could not be judged for it. */
function expectForetold<Name extends string>(
  { permission }: Missing<Name>,
  before: Scanned<Name>,
  after: Scanned<Name>,
): void {
  const { facts, checks } =
    providers
      .flatMap((provider) => permissionCosts(provider, catalogue))
      .find((one) => one.permission === permission) ?? expect.fail(`no page tells what ${permission} costs`);
  for (const name of Object.keys(after.facts) as Name[]) {
    const lost = Object.entries(after.facts[name]).filter(
      ([fact, { state }]) => state === "unreadable" && before.facts[name][fact]?.state === "known",
    );
    expect(facts).toEqual(expect.arrayContaining(lost.map(([fact]) => fact.replace(/:.*/, ""))));
    const unknown = after.findings[name].filter(({ latest }) => latest.outcome === "unknown");
    const foretold = checks.map(({ id }) => id);
    expect(foretold).toEqual(expect.arrayContaining(unknown.map(({ check }) => check)));
  }
}

/** As above, in the one situation in which it matters; before that, its absence changes nothing. */
export async function expectSometimesMissing<Name extends string>(
  service: ServiceOfCloud<Name>,
  granted: readonly string[],
  missing: SometimesMissing<Name>,
): Promise<void> {
  const { control } = service.simulator;
  control.allow({ permissions: granted });
  const ordinary = await service.scan();
  control.allow({ permissions: without(granted, missing) });
  await service.restart();
  const ordinaryWithout = await service.scan();
  expect(ordinaryWithout.refused).toEqual([]);
  for (const name of service.names) {
    expect(plain(ordinaryWithout.facts[name]), name).toEqual(plain(ordinary.facts[name]));
  }

  missing.happens(service);
  control.allow({ permissions: granted });
  const before = await service.scan();
  // What is gone is not found, and that is all.
  expect(before.refused.filter((line) => !line.includes(" not-found "))).toEqual([]);
  control.allow({ permissions: without(granted, missing) });
  const after = await service.scan();

  expect(after.refused).toEqual([...before.refused, ...linesOf(missing)].toSorted());
  for (const name of service.names) {
    expect(plain(after.facts[name]), name).toEqual(plain(expectedFacts(name, before, lossesOf(missing))));
    expect(decidedOf(after, name), name).toEqual(decidedOf(before, name));
  }
  expectForetold(missing, before, after);
}

function without<Name extends string>(granted: readonly string[], { permission }: Missing<Name>): readonly string[] {
  expect(granted).toContain(permission);
  return granted.filter((one) => one !== permission);
}

function lossesOf<Name extends string>({ permission, lost }: Missing<Name>): readonly Lost<Name>[] {
  // A permission that nobody misses is not to be granted.
  expect(lost).not.toEqual([]);
  return lost.map((one) => ({ ...one, reason, permission }));
}

function linesOf<Name extends string>({ permission, refused }: Missing<Name>): readonly string[] {
  return refused.map(([scope, call, subjects]) => `${scope} ${call} ${reason} ${permission} ${subjects}x`).toSorted();
}
