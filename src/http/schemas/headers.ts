// The headers of answers that clients rely on, as the description has them.

interface AnswerHeader {
  readonly type: "string" | "integer";
  readonly description: string;
  /** Left out: not every such answer has it. */
  readonly required?: true;
}
export type AnswerHeaders = Readonly<Record<string, AnswerHeader>>;

/** Of what is only to be sent again where it has changed. */
export const taggedHeaders = {
  ETag: {
    type: "string",
    required: true,
    description: "For `If-None-Match`: as long as nothing changes, the same question is answered with 304.",
  },
  "Cache-Control": {
    type: "string",
    required: true,
    description: "`private, no-cache`: to be kept by who asked alone, and used again only after asking.",
  },
} as const satisfies AnswerHeaders;

export const varyOnAccept = {
  Vary: { type: "string", required: true, description: "`accept`, which chooses the format." },
} as const satisfies AnswerHeaders;

export const fileHeaders = {
  "Content-Disposition": { type: "string", description: "In every format but JSON: a name for the file." },
  Link: {
    type: "string",
    description: 'In every format but JSON, with a `limit`, where there is more: the next page, as `rel="next"`.',
  },
} as const satisfies AnswerHeaders;

export const encodingHeaders = {
  Vary: { type: "string", required: true, description: "`accept-encoding`, which chooses whether it is compressed." },
  "Content-Encoding": { type: "string", description: "`gzip`, where it is compressed." },
} as const satisfies AnswerHeaders;

/** Of problems, by their status. */
export const problemHeaders: Readonly<Partial<Record<number, AnswerHeaders>>> = {
  401: {
    "WWW-Authenticate": {
      type: "string",
      required: true,
      description: "A `Bearer` challenge (RFC 6750), with an `error` where a token was sent.",
    },
  },
  406: varyOnAccept,
  429: { "Retry-After": { type: "integer", required: true, description: "In how many seconds to ask again." } },
};
