/** What the clients ask: each mix makes one client's questions, one after the other. */
import { findingStatuses } from "../../src/model/finding.ts";
import { findingSorts } from "../../src/model/finding-query.ts";
import { outcomes, severities } from "../../src/model/outcome.ts";
import { catalogue, firstMoment, keyCount, keyNumbered, lastMoment } from "./database.ts";

export interface Request {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly etag: string | undefined;
  /** The last 4,000 bytes of the body, as text. */
  readonly tail: string;
}

/** The next question of a client, who remembers the answer to the last one. */
export type Client = (answer: Answer | undefined) => Request;

const day = 86_400_000;
type Random = () => number;

const kinds = {
  "the default question": () => () => ({ path: "/findings" }),
  "filters and sorts of the present": (random) => () => ({ path: questionOf(random) }),
  "page after page by cursor": pageByPage,
  "as of the last hour": (random) => () => ({
    path: withMoment(questionOf(random), lastMoment - random() * 3_600_000),
  }),
  "as of any moment": (random) => () => {
    const moment = firstMoment + day + random() * (lastMoment - firstMoment - day);
    return { path: withMoment(questionOf(random), moment) };
  },
  "with If-None-Match": askingAgain,
} as const satisfies Readonly<Record<string, (random: Random) => Client>>;

export const mixes = { ...kinds, "all of these by chance": byChance } as const;

export type MixName = keyof typeof mixes;
export const mixNames = Object.keys(mixes) as readonly MixName[];

function one<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)] as T;
}

function some(values: readonly string[], random: Random): string {
  const chosen = values.filter(() => random() < 0.35);
  return (chosen.length === 0 ? [one(values, random)] : chosen).join(",");
}

/** None to three filters, any order; pages of 100. */
function questionOf(random: Random): string {
  const filters: Readonly<Record<string, () => string>> = {
    provider: () => "aws",
    key: () => Array.from({ length: 3 }, () => keyNumbered(Math.floor(random() * keyCount)).name).join(","),
    check: () => one(catalogue, random).id,
    severity: () => some(severities, random),
    outcome: () => some(outcomes, random),
    status: () => some(findingStatuses, random),
    guidance: () => one(["2026-07", "2026-09"], random),
    changed_since: () => new Date(lastMoment - random() * 60 * day).toISOString(),
  };
  const names = Object.keys(filters).toSorted(() => random() - 0.5);
  const asked = names
    .slice(0, Math.floor(random() * 4))
    .map((name): [string, string] => [name, filters[name]?.() ?? ""]);
  const sort = `${random() < 0.5 ? "-" : ""}${one(findingSorts, random)}`;
  return `/findings?${new URLSearchParams([...asked, ["sort", sort]]).toString()}`;
}

function withMoment(path: string, at: number): string {
  return `${path}&as_of=${new Date(at).toISOString()}`;
}

/** Follows the cursors of a question for ten pages. */
function pageByPage(random: Random): Client {
  let pages = 0;
  return (answer) => {
    const [, cursor] = /"next_cursor":"([^"]+)"/.exec(answer?.tail ?? "") ?? [];
    pages += 1;
    if (cursor !== undefined && pages % 10 !== 0) return { path: `/findings?cursor=${cursor}` };
    return { path: questionOf(random) };
  };
}

/** One of a few questions, with the tag of its last answer. */
function askingAgain(random: Random): Client {
  const paths = ["/findings", ...Array.from({ length: 4 }, () => questionOf(random))];
  const tags = new Map<string, string>();
  let last = "/findings";
  return (answer) => {
    if (answer?.etag !== undefined) tags.set(last, answer.etag);
    last = one(paths, random);
    const tag = tags.get(last);
    return tag === undefined ? { path: last } : { path: last, headers: { "if-none-match": tag } };
  };
}

interface Kind {
  readonly ask: Client;
  /** To its own last question. */
  answer: Answer | undefined;
}

/** Each question is of a kind that chance says. */
function byChance(random: Random): Client {
  const all = Object.values(kinds).map((clientOf): Kind => ({ ask: clientOf(random), answer: undefined }));
  let last: Kind | undefined;
  return (answer) => {
    if (last !== undefined) last.answer = answer;
    last = one(all, random);
    return last.ask(last.answer);
  };
}
