/** As much of an OpenAPI document as the tests look at. */
export interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly schema: { readonly type?: string; readonly enum?: readonly unknown[] };
  }[];
  readonly requestBody?: { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Answer>>;
}

export interface Answer {
  readonly description?: string;
  readonly content?: object;
  readonly headers?: Readonly<
    Record<
      string,
      { readonly description?: string; readonly required?: boolean; readonly schema: { readonly type?: string } }
    >
  >;
}

export interface OpenApi {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** The operations of the path that an address belongs to. */
export function routeOf(document: OpenApi, url: string): Readonly<Record<string, Operation>> | undefined {
  const [path = ""] = url.split("?", 1);
  const found = Object.entries(document.paths).find(([template]) =>
    new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`).test(path),
  );
  return found?.[1];
}
