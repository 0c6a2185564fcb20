import { english } from "./english.ts";
import { pseudo } from "./pseudo.ts";

type Texts = typeof english;

/** Another language is another object of this shape. `pseudo` shows which texts are not taken from here. */
const locales = { en: () => english, pseudo: () => pseudo(english) } satisfies Readonly<Record<string, () => Texts>>;

function chosen(): keyof typeof locales {
  return sessionStorage.getItem("sluice-locale") === "pseudo" ? "pseudo" : "en";
}

/** Every text that the console shows, in the chosen language. */
export const texts: Texts = locales[chosen()]();
