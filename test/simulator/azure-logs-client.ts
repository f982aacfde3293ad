import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { LogsQueryClient } from "@azure/monitor-query";

interface LogsClientOptions {
  readonly httpClient: HttpClient;
  readonly retryOptions: { readonly maxRetries: number };
}

/** The client of Log Analytics that is in use; its successor is another package. */
export function logsClient(credential: TokenCredential, options: LogsClientOptions) {
  // oxlint-disable-next-line typescript/no-deprecated -- see above
  return new LogsQueryClient(credential, options);
}
