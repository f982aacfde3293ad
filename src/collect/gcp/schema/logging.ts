/** What is used of Cloud Logging's answers, and nothing else. Fields that are not named here may come and go. */
import { z } from "zod";
import type { GcpLogExclusion, GcpLogSink } from "../../../model/gcp.ts";
import type { Page } from "../../all-pages.ts";
import { canonical, page, text } from "./parts.ts";

const exclusion = z
  .object({ name: text, filter: z.string(), disabled: z.boolean() })
  .transform(({ name, filter, disabled }) => ({ name, filter, disabled }) satisfies GcpLogExclusion);

const sink = z
  .object({
    name: text,
    destination: text,
    // Empty: everything is routed there.
    filter: z.string(),
    disabled: z.boolean(),
    exclusions: z.array(exclusion),
  })
  .transform(
    ({ name, destination, filter, disabled, exclusions }) =>
      ({ name, destination, filter, disabled, exclusions: canonical(exclusions) }) satisfies GcpLogSink,
  );

/** One page of ListSinks. https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks */
export function sinksPage(answer: unknown) {
  return page(answer, "sinks", sink) satisfies Page<GcpLogSink>;
}

/** One page of ListExclusions. https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.exclusions */
export function exclusionsPage(answer: unknown) {
  return page(answer, "exclusions", exclusion) satisfies Page<GcpLogExclusion>;
}
