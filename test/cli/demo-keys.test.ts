import { afterAll, beforeAll, expect, it } from "vitest";
import { demoStates } from "../../src/cli/demo-keys.ts";
import { runCli } from "../support/run-cli.ts";

let stdout = "";
beforeAll(async () => {
  ({ stdout } = await runCli(["demo", "--once", "--port", "0"]));
}, 30_000);
afterAll(() => {
  stdout = "";
});

const shown = Object.entries(demoStates).flatMap(([name, { shows }]) =>
  shows === null ? [] : [[name, shows] as const],
);

it.each(shown)("the demo key %s shows %s", (name, check) => {
  expect(stdout).toMatch(new RegExp(`^${name} +\\w+ +(fail +${check} |unknown +\\d+ checks .*${check}(,|$))`, "m"));
});

it("has nothing to say of the key that is as documented", () => {
  expect(stdout).toMatch(/^as-documented +/m);
  expect(stdout).not.toMatch(/^as-documented +\w+ +(fail|unknown|error) /m);
});
