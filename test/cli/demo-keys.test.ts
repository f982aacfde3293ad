import { afterAll, beforeAll, expect, it } from "vitest";
import { demoStates } from "../../src/cli/demo/demo-keys.ts";
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

it.each(["as-documented", "gcp-as-documented"])("has nothing to say of the key %s", (name) => {
  expect(stdout).toMatch(new RegExp(`^${name} +`, "m"));
  expect(stdout).not.toMatch(new RegExp(`^${name} +\\w+ +(fail|unknown|error) `, "m"));
});
