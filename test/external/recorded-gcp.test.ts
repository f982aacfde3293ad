import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseMember } from "../../src/access/gcp/parse-member.ts";
import { gcpCalls } from "../../src/collect/gcp/calls.ts";
import type { Collector } from "../../src/collect/collector.ts";
