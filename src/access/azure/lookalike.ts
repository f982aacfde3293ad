/** Applications that resemble the published one and are not it: made by mistake, or made to be mistaken for it. */
import { anthropicAzureApplication, anthropicAzureApplicationName } from "../../guidance/identifiers.ts";
import type { AzureAssignedApplication } from "../../model/azure.ts";
import { editDistance } from "../edit-distance.ts";

/** In what way an application resembles the published one, for messages; undefined where it does not, or is that one. */
export function likenessOfApplication({
  application_id,
  display_name,
}: Pick<AzureAssignedApplication, "application_id" | "display_name">): string | undefined {
  const id = application_id.toLowerCase();
  if (id === anthropicAzureApplication) return undefined;
  if (lettersOf(display_name) === publishedLetters) return "has the published application's name and another id";
  return editDistance(id, anthropicAzureApplication) <= 2
    ? `has an id that resembles ${anthropicAzureApplication}`
    : undefined;
}

/** Signs that are read as a letter of the published name, beside those that Unicode itself takes for one. */
const lookalikes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: "аαɑ4@",
    c: "сϲᴄ¢",
    e: "еεёє3€",
    h: "һհн",
    // Whoever reads does not tell these three apart.
    l: "iıіιӏ1|!ǀ",
    k: "кκ",
    m: "мᴍ",
    n: "пηոռ",
    o: "оοσօ0ᴏø",
    p: "рρ",
    r: "гᴦ",
    s: "ѕʂ5$",
    t: "тτ7",
    u: "υսцμ",
    "-": "‐‑‒–—―−_ ·.",
  }).flatMap(([letter, signs]) => Array.from(signs, (sign) => [sign, letter] as const)),
);

/** What a reader sees of a name: two names of the same letters are not told apart. */
function lettersOf(name: string): string {
  // Accents and signs of no width go; forms of a letter become that letter.
  const plain = name.normalize("NFKD").replaceAll(/[\p{Mark}\p{Default_Ignorable_Code_Point}]/gu, "");
  const letters = plain
    .trim()
    .toLowerCase()
    .replaceAll(/./gsu, (sign) => lookalikes.get(sign) ?? sign);
  return letters.replaceAll("rn", "m").replaceAll(/-+/g, "-");
}

const publishedLetters = lettersOf(anthropicAzureApplicationName);
