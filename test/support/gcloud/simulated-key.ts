/** A key of the simulator that is as it should be but for what a scenario says, read by the real collector and judged. */
import { allFacts, contextOf, judge, type Rules } from "../../../src/audit/judge.ts";
import { offerCommands } from "../../../src/check/offer-correction.ts";
import { gcpCalls } from "../../../src/collect/gcp/calls.ts";
import { parseGcpKey } from "../../../src/config/gcp-key-resource.ts";
import { documentedGcpRoles } from "../../../src/guidance/gcp-roles.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { markerOfOrganization } from "../../../src/guidance/organization-marker.ts";
import { type FactsByName, known } from "../../../src/model/fact.ts";
import { newestGuidance } from "../../../src/model/guidance-revision.ts";
import type { KeyResource, Registration } from "../../../src/model/key.ts";
import type { Outcome } from "../../../src/model/outcome.ts";
import { partFactName, type Reading } from "../../../src/model/reading.ts";
import {
  sampleCryptoKey,
  sampleFolder,
  sampleGcpOrganization,
  sampleIamRole,
  sampleKeyRing,
  sampleProject,
} from "../../../src/simulator/gcp/resources.ts";
import type { Simulator } from "../../../src/simulator/simulator.ts";
import { loadChecks } from "../../../tools/generate/load-checks.ts";
import { testSettings, testTime } from "../check-tester.ts";
import { localGcpCollector, readsAll } from "../gcp-collector.ts";

type Change<Sample extends (change: never) => unknown> = Sample extends (change?: infer C) => unknown ? C : never;

/** What is not as it should be. */
export interface Wrong {
  readonly key?: Change<typeof sampleCryptoKey>;
  readonly ring?: Change<typeof sampleKeyRing>;
  readonly project?: Change<typeof sampleProject>;
  readonly folder?: Change<typeof sampleFolder>;
  readonly organization?: Change<typeof sampleGcpOrganization>;
  readonly role?: Change<typeof sampleIamRole>;
  /** The project as the registered name has it; the project's id unless said. */
  readonly registered_project?: string;
  /** Another key's id, where it is not the simulated one that is registered. */
  readonly registered_key?: string;
  readonly registration?: Partial<Registration>;
  readonly own_domains?: readonly string[];
}

export const organization = "0f8fad5b-d9cb-469f-a165-70867728950e";
const projectId = "example-project";

/** The checks for keys of Cloud KMS. */
export const catalogue = (await loadChecks()).filter(({ provider }) => provider === "gcp").map(({ check }) => check);

const healthyKey = {
  labels: { [markerOfOrganization(organization).name]: "true" },
  policy: { bindings: documentedGcpRoles.map((role) => ({ role, members: [anthropicGcpMember] })) },
};

export interface SimulatedKey {
  /** What every check says now. */
  readonly outcomes: () => Promise<ReadonlyMap<string, Outcome>>;
  /** The commands that a check offers now. */
  readonly commands: (check: string) => Promise<readonly string[] | undefined>;
}

/** Puts the key into the simulator. */
export function simulatedKey({ gcp, gcpEndpoints }: Simulator, wrong: Wrong): SimulatedKey {
  const { name } = sampleCryptoKey(wrong.key);
  gcp.addProject(sampleProject({ parent: sampleFolder().name, ...wrong.project }));
  gcp.addFolder(sampleFolder(wrong.folder));
  gcp.addOrganization(sampleGcpOrganization(wrong.organization));
  gcp.addKeyRing(sampleKeyRing({ name: name.split("/cryptoKeys/")[0] ?? "", ...wrong.ring }));
  gcp.addKey(sampleCryptoKey({ ...healthyKey, ...wrong.key }));
  if (wrong.role !== undefined) gcp.addRole(sampleIamRole(wrong.role));

  const key = keyNamed(registeredName(name, wrong));
  const collector = localGcpCollector(gcpEndpoints, { reads: readsAll });
  const rules = rulesFor(wrong);
  async function read(): Promise<FactsByName> {
    const readings = [
      ...(await collector.readKey(key, "full", 20_000)),
      ...(await collector.readScope(key.scope, "full", 20_000)),
    ];
    return { ...factsOf(readings), registration: known({ ...registration, ...wrong.registration }) };
  }
  return {
    async outcomes() {
      const { outcomes } = judge(rules, key, await read(), null, testTime);
      return new Map(outcomes.map((outcome) => [outcome.check, outcome]));
    },
    async commands(id) {
      const check = catalogue.find((one) => one.id === id);
      if (check === undefined) throw new Error(`there is no check ${id}`);
      return offerCommands(check, allFacts(rules, key, await read()), contextOf(rules, null, testTime));
    },
  };
}

const registration: Registration = {
  compartments: [],
  organizations: [organization],
  expected_principals: [],
  in_use_since: null,
  role_arn: null,
  azure: null,
  guidance: null,
  labels: {},
};

function rulesFor({ own_domains = ["example.com"] }: Wrong): Rules {
  const settings = { ...testSettings, gcp: { ...testSettings.gcp, own_domains } };
  return { catalogue, version: "1", guidance: newestGuidance, settings, reads: { ...readsAll } };
}

function keyNamed(name: string): KeyResource {
  const parsed = parseGcpKey(name);
  if (!parsed.ok) throw new Error(parsed.detail);
  return parsed.resource;
}

function registeredName(name: string, { registered_project = projectId, registered_key }: Wrong): string {
  const inProject = name.replace(`projects/${projectId}/`, `projects/${registered_project}/`);
  return registered_key === undefined ? inProject : inProject.replace(/[^/]+$/, registered_key);
}

/** A call that was not answered leaves each of its facts unreadable. */
function factsOf(readings: readonly Reading[]): FactsByName {
  const told = readings.flatMap(({ call, part, answer }) =>
    answer.state === "seen"
      ? Object.entries(answer.facts).map(([fact, value]) => [partFactName(fact, part), value] as const)
      : gcpCalls[call as keyof typeof gcpCalls].facts.map((fact) => [partFactName(fact, part), answer] as const),
  );
  return Object.fromEntries(told);
}
