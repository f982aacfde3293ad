// The configuration of Cloud Logging. https://cloud.google.com/logging/docs/reference/v2/rpc/google.logging.v2
import type { JsonObject } from "../shape.ts";
import { GcpError } from "./gcp-error.ts";
import {
  type GcpOperation,
  type GcpRequest,
  objectOf,
  present,
  requestedPage,
  textOf,
  textsOf,
} from "./gcp-operation.ts";
import { type Asking, requestedProject } from "./levels.ts";
import type { SimulatedProject, SimulatedSink } from "./resource-types.ts";

const pages = { or: 100, max: 1000 };
/** https://cloud.google.com/logging/quotas */
const quota = "logging:control";

const listingSinks: Asking = { call: "logging:ListSinks", permission: "logging.sinks.list" };
const listingExclusions: Asking = { call: "logging:ListExclusions", permission: "logging.exclusions.list" };
const updatingSink: Asking = { call: "logging:UpdateSink", permission: "logging.sinks.update" };
const deletingExclusion: Asking = { call: "logging:DeleteExclusion", permission: "logging.exclusions.delete" };

function listSinks({ input, state }: GcpRequest): JsonObject {
  const { sinks } = requestedProject(state, textOf(input, "parent"), listingSinks);
  const { items, next } = requestedPage(Object.entries(sinks), input, pages);
  return present({ sinks: items.map(([name, sink]) => sinkMessage(name, sink)), nextPageToken: next });
}

function listExclusions({ input, state }: GcpRequest): JsonObject {
  const { exclusions } = requestedProject(state, textOf(input, "parent"), listingExclusions);
  const { items, next } = requestedPage(Object.entries(exclusions), input, pages);
  return present({ exclusions: items.map(([name, exclusion]) => ({ name, ...exclusion })), nextPageToken: next });
}

/** `gcloud logging sinks update`: what the mask names. */
function updateSink({ input, state }: GcpRequest): JsonObject {
  const { project, id } = ownerOf(textOf(input, "sinkName"), "sinks");
  const { name, sinks } = requestedProject(state, project, updatingSink);
  if (!Object.hasOwn(sinks, id)) {
    throw new GcpError("NOT_FOUND", `Sink ${id} does not exist`);
  }
  const paths = textsOf(objectOf(input, "updateMask"), "paths");
  const known = ["destination", "filter", "description", "disabled", "exclusions"];
  const wrong = paths.find((path) => !known.includes(path));
  if (paths.length === 0 || wrong !== undefined) {
    throw new GcpError(
      "INVALID_ARGUMENT",
      `The update mask must name fields that can be changed, not '${wrong ?? ""}'.`,
    );
  }
  const sink = objectOf(input, "sink");
  const given = Object.fromEntries(
    paths.map((path) => [path, path === "exclusions" ? exclusionsOf(sink) : sink[path]]),
  );
  state.projects.patch(name, { sinks: { [id]: given } });
  return sinkMessage(id, requestedProject(state, name, updatingSink).sinks[id]);
}

function deleteExclusion({ input, state }: GcpRequest): JsonObject {
  const { project, id } = ownerOf(textOf(input, "name"), "exclusions");
  const { name, exclusions } = requestedProject(state, project, deletingExclusion);
  if (!Object.hasOwn(exclusions, id)) {
    throw new GcpError("NOT_FOUND", `Exclusion ${id} does not exist`);
  }
  state.projects.patch(name, { exclusions: { [id]: null } });
  return {};
}

function sinkMessage(name: string, sink: SimulatedSink | undefined): JsonObject {
  return { name, ...sink };
}

/** Without what a message adds to an exclusion (its times). */
function exclusionsOf(sink: JsonObject): readonly JsonObject[] {
  const { exclusions } = sink;
  return (Array.isArray(exclusions) ? exclusions : []).map((exclusion: JsonObject) => ({
    name: textOf(exclusion, "name"),
    filter: textOf(exclusion, "filter"),
    disabled: exclusion["disabled"] === true,
  }));
}

/** The project and the id in `projects/<project>/sinks/<id>`. */
function ownerOf(name: string, collection: string): { project: SimulatedProject["name"]; id: string } {
  const [project = "", id = ""] = name.split(`/${collection}/`);
  return { project, id };
}

export const loggingOperations = {
  "logging:ListSinks": {
    permission: listingSinks.permission,
    quota,
    target: (input) => textOf(input, "parent"),
    answer: listSinks,
  },
  "logging:ListExclusions": {
    permission: listingExclusions.permission,
    quota,
    target: (input) => textOf(input, "parent"),
    answer: listExclusions,
  },
  "logging:UpdateSink": {
    permission: updatingSink.permission,
    quota,
    target: (input) => ownerOf(textOf(input, "sinkName"), "sinks").project,
    answer: updateSink,
  },
  "logging:DeleteExclusion": {
    permission: deletingExclusion.permission,
    quota,
    target: (input) => ownerOf(textOf(input, "name"), "exclusions").project,
    answer: deleteExclusion,
  },
} as const satisfies Record<string, GcpOperation>;
