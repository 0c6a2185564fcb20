import { globSync, readFileSync } from "node:fs";
import { fragmentsIn } from "./fragments.ts";

// Part of `npm run lint`: every doc comment begins with a sentence, or with the name of a thing.

const sources = ["{packages,acceptance,bench,examples,scripts}/**/*.{ts,tsx,mts}", "*.ts"];
/** The check's own files have fragments as their examples. */
const exclude = ["**/node_modules/**", "**/dist/**", "**/.next/**", "scripts/comments/**"];

const files = sources.flatMap((pattern) => globSync(pattern, { exclude }));
for (const file of files) {
  for (const { line, sentence } of fragmentsIn(readFileSync(file, "utf8"))) {
    console.error(`${file}:${line} begins with a fragment, not with a sentence or the name of a thing: ${sentence}`);
    process.exitCode = 1;
  }
}
