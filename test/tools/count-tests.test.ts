import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { copyProject } from "./project-copy.ts";

const copy = copyProject(["package.json", "vitest.config.ts", ".ci/count-tests.mjs"]);

function run(program: string, ...options: readonly string[]): string {
  return spawnSync(process.execPath, [program, ...options], { cwd: copy.folder, encoding: "utf8" }).stdout;
}

function report(name: string): string {
  const file = join(copy.folder, `${name}.json`);
  run("node_modules/vitest/vitest.mjs", "run", `test/${name}`, "--reporter=json", `--outputFile=${file}`);
  return file;
}

afterAll(() => {
  copy.remove();
});

it("the tests of several runs are summed, and a file that does not load counts as failed", () => {
  copy.write(
    "test/first/mixed.test.ts",
    `import { expect, it } from "vitest";
it("passes", () => expect(1).toBe(1));
it("passes too", () => expect(2).toBe(2));
it("fails", () => expect(1).toBe(2));
it.skip("is skipped", () => expect(1).toBe(2));
it.todo("is to be written");
`,
  );
  copy.write("test/first/broken.test.ts", 'throw new Error("does not load");\n');
  copy.write(
    "test/second/good.test.ts",
    'import { expect, it } from "vitest";\nit("passes", () => expect(1).toBe(1));\n',
  );

  const counted = run(
    ".ci/count-tests.mjs",
    report("first"),
    report("second"),
    join(copy.folder, "never-written.json"),
  );

  expect(counted).toBe("Tests: 3 passed, 2 failed, 2 skipped\n");
});
