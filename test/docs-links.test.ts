/** Every relative link of a Markdown page leads to a file that is there, and its anchor to a heading of that file. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const notOurs = ["node_modules", "dist", "coverage", ".git"];
const pages = globSync("**/*.md", { cwd: root, exclude: (path) => notOurs.includes(path) }).toSorted();

/** Blocks of code are left out; what is code within a line keeps its letters and can be no link. */
function withoutCode(markdown: string): string {
  return markdown
    .replaceAll(/^(`{3,}|~{3,}).*\n(?:.*\n)*?\1.*$/gm, "")
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()#]/g, ""));
}

/** The targets of `[text](target)` and of `[name]: target`. */
function linksOf(markdown: string): string[] {
  const text = withoutCode(markdown);
  const inline = text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g);
  const defined = text.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?/gm);
  return [...inline, ...defined].map(([, target = ""]) => target);
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutCode(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

/** The links of a page that lead nowhere. */
function brokenLinks(page: string, markdown: string): string[] {
  return linksOf(markdown).filter((link) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return false;
    const [path = "", anchor] = link.split("#", 2).map(decodeURIComponent);
    if (path === "") return !anchorsOf(markdown).includes(anchor ?? "");
    const file = join(root, dirname(page), path);
    if (path.startsWith("/") || !existsSync(file)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(file, "utf8")).includes(anchor);
  });
}

describe("the links of the documentation", () => {
  it("are looked at on every page", () => {
    expect(pages).toEqual(expect.arrayContaining(["README.md", "CONTRIBUTING.md", "docs/architecture.md"]));
  });

  it.each(pages)("of %s lead somewhere", (page) => {
    expect(brokenLinks(page, readFileSync(join(root, page), "utf8"))).toEqual([]);
  });
});

describe("a broken link", () => {
  const cases: [name: string, markdown: string, broken: string[]][] = [
    ["to no file", "[a](nowhere.md) and [b](../README.md)", ["nowhere.md"]],
    [
      "to no heading of another page",
      "[a](../CONTRIBUTING.md#ids) [b](../CONTRIBUTING.md#no)",
      ["../CONTRIBUTING.md#no"],
    ],
    ["to no heading of its own page", "# One `two`, (three)\n\n[a](#one-two-three) [b](#two)", ["#two"]],
    ["to the second of two equal headings", "# A\n\n# A\n\n[a](#a-1) [b](#a-2)", ["#a-2"]],
    ["that is defined apart from its text", "[a]\n\n[a]: nowhere.md", ["nowhere.md"]],
    ["from the root of the machine", "[a](/docs/errors.md)", ["/docs/errors.md"]],
    ["that is code", "`[a](nowhere.md)`\n\n```\n[a](nowhere.md)\n# b\n```\n\n[c](#b)", ["#b"]],
    ["to another site is not followed", "[a](https://example.com/nowhere) <https://example.com>", []],
  ];
  it.each(cases)("%s", (_name, markdown, broken) => {
    expect(brokenLinks("docs/page.md", markdown)).toEqual(broken);
  });
});
