/** Which application a key is for, and as whom it acts in the vault's tenant. */
import { anthropicAzureApplication } from "../../guidance/identifiers.ts";
import type { AzureServicePrincipal } from "../../model/azure.ts";
import type { AzurePublishedPrincipal } from "../../model/azure-access.ts";
import { type Fact, type FactsByName, known, mapFact, unreadable } from "../../model/fact.ts";
import type { Registration } from "../../model/registration.ts";
import { factNamed } from "../fact-named.ts";
import { factOf } from "./fact-of.ts";

/** The application's id in lower case: the published one, or the one that is registered in its place. */
export function azureApplicationOf({ azure }: Registration): string {
  return (azure?.client_id ?? anthropicAzureApplication).toLowerCase();
}

/** A fact that the directory tells of the application: `application`, `application_owners`, … */
export function directoryFact(facts: FactsByName, name: string): Fact<unknown> {
  const reads = factOf(facts, "reads");
  // Switched off is a decision: what was read before it counts no more.
  if (reads.state === "known" && !reads.value.azure_directory) {
    return unreadable("not-read-yet", "the directory is not looked at (reads.azure_directory is off)");
  }
  return mapFact(factOf(facts, "registration"), (registration) =>
    factNamed(facts, `${name}:${azureApplicationOf(registration)}`),
  );
}

export function publishedPrincipal(facts: FactsByName): Fact<AzurePublishedPrincipal | null> {
  return mapFact(factOf(facts, "registration"), (registration): Fact<AzurePublishedPrincipal | null> => {
    const application_id = azureApplicationOf(registration);
    const published = application_id === anthropicAzureApplication;
    const object_id = registration.azure?.service_principal_object_id ?? null;
    if (object_id !== null) return known({ application_id, published, object_id, known_from: "registration" });
    return mapFact(principalInDirectory(facts), (principal) =>
      known(principal && { application_id, published, object_id: principal.object_id, known_from: "directory" }),
    );
  });
}

function principalInDirectory(facts: FactsByName): Fact<AzureServicePrincipal | null> {
  const principal = directoryFact(facts, "application") as Fact<AzureServicePrincipal | null>;
  const reads = factOf(facts, "reads");
  if (reads.state === "unreadable" || reads.value.azure_directory) return principal;
  return unreadable(
    "not-read-yet",
    "the service principal's object id is not known: register it (azure.service_principal_object_id), or switch reads.azure_directory on",
  );
}
