/** A doc comment that does not begin with a sentence or with the name of a thing. */
export interface Fragment {
  readonly line: number;
  readonly sentence: string;
}

const docComment = /\/\*\*(?=\s)(.*?)\*\//gs;
const lineStart = /^[ \t]*\*(?: |$)/gm;

/** These words begin a noun clause, such as "Where the log goes.". The comment should name the thing instead. */
const asks = /^(?:How|What|Where|Which|Who|Whom|Whose|Why)\b[^?]*$/;
/** These words say when a value is absent or set without saying which value, such as "Null for none.". */
const saysNoSubject = /^(?:Absent|Empty|Null|Set|Undefined) (?:for|from|if|in|only|unless|until|when|where)\b/;
/** These words begin a phrase such as "In bytes.". With a comma, a main clause may follow. */
const phrase = /^(?:As|At|By|For|From|In|Of|On|To|Unix|With|Without)\b[^,]*$/;
const maxPhraseWords = 6;

/** Finds the doc comments of a TypeScript file whose first sentence is a fragment. */
export function fragmentsIn(source: string): Fragment[] {
  return Array.from(source.matchAll(docComment), ({ 1: text = "", index }) => ({
    line: source.slice(0, index).split("\n").length,
    sentence: firstSentence(text.replaceAll(lineStart, "")),
  })).filter(({ sentence }) => isFragment(sentence));
}

function firstSentence(text: string): string {
  const [described = ""] = text.split(/(?:^|\s)@[a-z]+\b/);
  const [first = ""] = described
    .replaceAll(/\s+/g, " ")
    .trim()
    .split(/(?<=[.!?]) /);
  return first;
}

function isFragment(sentence: string): boolean {
  const words = sentence.split(" ").length;
  if (asks.test(sentence) || saysNoSubject.test(sentence)) return true;
  return (phrase.test(sentence) && words <= maxPhraseWords) || /^[A-Z][a-z]+\.$/.test(sentence) || sentence === "JSON.";
}
