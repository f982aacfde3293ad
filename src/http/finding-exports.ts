/** Findings as files: all that match, or one page of them, read and written some at a time. */
import { Readable } from "node:stream";
import { setImmediate as otherWork } from "node:timers/promises";
import { type ExportedFinding, exportedKey, type Portions } from "../export/exported-finding.ts";
import { type ExportFormatName, exportFormats } from "../export/formats.ts";
import type { Finding } from "../model/finding.ts";
import type { FindingCursor, FindingPage } from "../model/finding-query.ts";
import type { Key } from "../model/key.ts";
import { cursorOf, type FindingQuestion, storeQuery } from "./finding-question.ts";
import type { ApiPorts, CheckDescription, StorePort } from "./ports.ts";
import { findingBody, momentQuery } from "./schemas/finding.ts";
import { time } from "./schemas/time.ts";

/** How many findings are read at once where all are wanted. */
const pageOfAll = 500;
/** How many are written before others have their turn. */
const portion = 100;

export interface ExportRequest {
  readonly format: ExportFormatName;
  readonly question: FindingQuestion;
  /** Whether the question's limit holds. */
  readonly onePage: boolean;
  /** Epoch milliseconds. */
  readonly as_of: number;
}

export interface FindingExport {
  readonly headers: Readonly<Record<string, string>>;
  /** UTF-8. Fails where the findings cannot be read to their end; nothing more is read once it is destroyed. */
  readonly body: Readable;
}

type ExportPorts = Pick<ApiPorts, "store" | "version"> & {
  readonly checks: ReadonlyMap<string, CheckDescription>;
};

/** Reads the first page at once: what is wrong with the question, or with the database, is known before the answer begins. */
export async function exportFindings(ports: ExportPorts, request: ExportRequest): Promise<FindingExport> {
  const { format, question, onePage, as_of } = request;
  // Every page of the moment of the first, be it the present: what is concluded meanwhile is of later moments.
  const ask = (after: FindingCursor | undefined) =>
    ports.store.findings(storeQuery({ ...question, as_of, after, limit: onePage ? question.limit : pageOfAll }));
  const first = await ask(question.after);
  const pages = onePage ? [first] : followed(first, ask);
  const { mediaType, extension, write } = exportFormats[format];
  const pieces = write(portionsOf(pages, ports, question.as_of), { version: ports.version, as_of });
  const next = onePage ? first.next : null;
  return {
    headers: {
      "content-type": `${mediaType}; charset=utf-8`,
      "content-disposition": `attachment; filename="keyposture-findings-${fileTime(as_of)}.${extension}"`,
      ...(next === null ? {} : { link: `<${nextPage(format, cursorOf(question, as_of, next))}>; rel="next"` }),
    },
    body: Readable.from(pieces, { objectMode: false }),
  };
}

async function* followed(
  first: FindingPage,
  ask: (after: FindingCursor) => Promise<FindingPage>,
): AsyncGenerator<FindingPage, void, undefined> {
  let page = first;
  yield page;
  while (page.next !== null) {
    page = await ask(page.next);
    yield page;
  }
}

async function* portionsOf(
  pages: Iterable<FindingPage> | AsyncIterable<FindingPage>,
  { store, checks }: ExportPorts,
  askedAsOf: number | undefined,
): Portions {
  const keys = new Keys(store);
  const moment = momentQuery(askedAsOf);
  for await (const { findings } of pages) {
    for (let from = 0; from < findings.length; from += portion) {
      const some: ExportedFinding[] = [];
      for (const finding of findings.slice(from, from + portion)) {
        const card = checks.get(finding.check) ?? null;
        const key = exportedKey(finding.resource.name, await keys.of(finding));
        some.push({ body: findingBody(finding, card?.title ?? null, moment), card, key });
      }
      yield some;
      await otherWork();
    }
  }
}

/** The registered keys of an export, each read once. */
class Keys {
  readonly #read = new Map<string, Key | undefined>();
  readonly #store: StorePort;

  constructor(store: StorePort) {
    this.#store = store;
  }

  async of({ key: name }: Finding): Promise<Key | undefined> {
    if (name === null) return undefined;
    if (!this.#read.has(name)) this.#read.set(name, await this.#store.key(name, { include_retired: true }));
    return this.#read.get(name);
  }
}

function nextPage(format: ExportFormatName, cursor: string): string {
  return `/findings?${new URLSearchParams({ format, cursor }).toString()}`;
}

/** For file names: some systems refuse colons. */
function fileTime(at: number): string {
  return time(at).replaceAll(/[-:]|\.\d+/g, "");
}
