const accented: Readonly<Record<string, string>> = {
  a: "á",
  e: "é",
  i: "í",
  o: "ó",
  u: "ú",
  A: "Å",
  E: "É",
  O: "Ø",
  U: "Û",
};

/**
 * Makes a language for tests: each text has brackets around it, and its words are at least 40 % longer. What shows up
 * without brackets is not in the texts, and what overflows has too little room for other languages.
 */
export function pseudo<Text>(texts: Text): Text {
  if (typeof texts === "string") return strange(texts) as Text;
  if (typeof texts === "function") return ((...given: unknown[]) => pseudo(texts(...given))) as Text;
  if (typeof texts !== "object" || texts === null) return texts;
  if (Array.isArray(texts)) return texts.map((text) => pseudo(text)) as Text;
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, pseudo(text)])) as Text;
}

function strange(text: string): string {
  // The places of values in a text keep their names.
  const words = text.replace(/\{\w+\}|\p{L}+/gu, (word) => (word.startsWith("{") ? word : longer(word)));
  return `[${words}]`;
}

function longer(word: string): string {
  const end = word.length > 1 ? "~".repeat(Math.ceil(word.length * 0.4)) : "";
  return word.replace(/[aeiouAEOU]/g, (letter) => accented[letter] ?? letter) + end;
}
