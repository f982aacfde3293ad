import { describe, expect, it } from "vitest";
import { isWorse } from "../../src/check/offer-correction.ts";
import type { Outcome } from "../../src/model/outcome.ts";
import { testSimulator } from "../simulator/aws-clients.ts";
import { testTime } from "../support/check-tester.ts";
import { gcloudClients, runGcloud } from "../support/gcloud/run-gcloud.ts";
import { catalogue, simulatedKey, type Wrong } from "../support/gcloud/simulated-key.ts";
import { bindingScenarios } from "./gcp-binding-scenarios.ts";
import { keyScenarios, scenariosWithoutCommands } from "./gcp-key-scenarios.ts";

const scenarios = [...keyScenarios, ...bindingScenarios];

async function prepared(wrong: Wrong) {
  const simulator = await testSimulator({ now: () => testTime });
  return { simulator, key: simulatedKey(simulator, wrong) };
}

/** What stands in scenarios for the sample key. */
function written(command: string): string {
  const parents = "--keyring cmek --location us-east5 --project example-project";
  return command
    .replace("<key by number>", `anthropic ${parents.replace("example-project", "123456789012")}`)
    .replace("<key>", `anthropic ${parents}`)
    .replace("<ring>", "cmek --location us-east5 --project example-project")
    .replace("<key id>", "anthropic")
    .replace("<parents>", parents);
}

function worseThan(before: ReadonlyMap<string, Outcome>, after: ReadonlyMap<string, Outcome>): readonly Outcome[] {
  return [...before.values()].flatMap((outcome) => {
    const now = after.get(outcome.check);
    return now === undefined || !isWorse(outcome, now) ? [] : [now];
  });
}

it("the key that scenarios begin with fails nothing", async () => {
  const { key } = await prepared({});
  const outcomes = [...(await key.outcomes()).values()];
  expect(outcomes.length).toBe(catalogue.length);
  expect(outcomes.filter(({ outcome }) => outcome !== "pass" && outcome !== "not-applicable")).toEqual([]);
});

it("every check that offers commands has a scenario, and no other", () => {
  const offering = catalogue.filter(({ commands }) => commands !== undefined).map(({ id }) => id);
  expect([...new Set(scenarios.map(({ check }) => check))].toSorted()).toEqual(offering.toSorted());
});

describe("the commands of", () => {
  it.each(scenarios)("$check: $name", async ({ check, wrong, commands, rest }) => {
    const { simulator, key } = await prepared(wrong);
    const before = await key.outcomes();
    expect(before.get(check)).toMatchObject({ outcome: "fail" });
    const offered = await key.commands(check);
    expect(offered).toEqual(commands.map(written));

    const clients = gcloudClients(simulator);
    for (const command of offered ?? []) {
      await runGcloud(command, clients);
      expect(worseThan(before, await key.outcomes()), command).toEqual([]);
    }

    const after = (await key.outcomes()).get(check);
    if (rest === undefined) expect(after, after?.message).toMatchObject({ outcome: "pass" });
    else expect(after).toMatchObject({ outcome: "fail", message: expect.stringMatching(rest) as string });
  });
});

it.each(scenariosWithoutCommands)("nothing is offered against $check where $name", async ({ check, wrong }) => {
  const { key } = await prepared(wrong);
  expect((await key.outcomes()).get(check)).toMatchObject({ outcome: "fail" });
  expect(await key.commands(check)).toBeUndefined();
});
